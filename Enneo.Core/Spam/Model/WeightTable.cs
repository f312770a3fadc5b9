namespace Enneo.Core.Spam.Model;

/// <summary>
/// Weights by hash in a fixed number of bytes: buckets of eight, each with a byte of its hash, so that what was never
/// learned weighs nothing instead of what happens to stand in its place.
/// </summary>
internal sealed class WeightTable
{
    public const int BucketSize = 8;
    public const int Buckets = 62_000;

    /// <summary>Of tags and weights, bucket by bucket: eight tags, then their weights.</summary>
    public const int Length = Buckets * BucketSize * 2;

    private readonly byte[] _bytes;
    private readonly float[] _values = new float[256];

    /// <param name="largest">The weight that 127 stands for.</param>
    public WeightTable(byte[] bytes, float largest)
    {
        _bytes = bytes;
        Largest = largest;
        for (var code = -127; code <= 127; code++)
        {
            var share = code / 127f;
            _values[(byte)code] = Math.Sign(code) * share * share * largest; // fine near nothing, where most weights are
        }
    }

    public float Largest { get; }

    public ReadOnlySpan<byte> Bytes => _bytes;

    public float this[uint hash]
    {
        get
        {
            var bucket = _bytes.AsSpan(Start(hash), BucketSize * 2);
            var tag = (byte)hash;
            for (var slot = 0; slot < BucketSize; slot++)
            {
                if (bucket[slot] == tag && bucket[BucketSize + slot] != 0)
                {
                    return _values[bucket[BucketSize + slot]];
                }
            }

            return 0;
        }
    }

    /// <summary>Where a bucket is full, the least of it gives way.</summary>
    public static WeightTable Of(IEnumerable<KeyValuePair<uint, float>> weights)
    {
        var kept = weights.OrderByDescending(weight => Math.Abs(weight.Value)).ThenBy(weight => weight.Key).ToList();
        var largest = kept.Count == 0 ? 1 : Math.Abs(kept[0].Value);
        var bytes = new byte[Length];
        foreach (var (hash, weight) in kept)
        {
            var code = (sbyte)Math.Round(Math.Sign(weight) * Math.Sqrt(Math.Abs(weight) / largest) * 127);
            Add(bytes.AsSpan(Start(hash), BucketSize * 2), (byte)hash, (byte)code);
        }

        return new(bytes, largest);
    }

    private static void Add(Span<byte> bucket, byte tag, byte code)
    {
        for (var slot = 0; slot < BucketSize && code != 0; slot++)
        {
            var isFree = bucket[BucketSize + slot] == 0;
            if (isFree)
            {
                bucket[slot] = tag;
                bucket[BucketSize + slot] = code;
            }

            if (isFree || bucket[slot] == tag)
            {
                return;
            }
        }
    }

    private static int Start(uint hash) => (int)(((ulong)hash * Buckets) >> 32) * BucketSize * 2;
}
