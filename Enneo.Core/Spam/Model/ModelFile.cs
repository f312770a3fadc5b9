using System.Security.Cryptography;
using Enneo.Core.Spam.Model.Features;

namespace Enneo.Core.Spam.Model;

/// <summary>
/// A model as a file: what it is and of which features, its numbers, its weights, and a hash of all that, so that
/// neither a foreign nor a damaged file ever judges a mail.
/// </summary>
internal static class ModelFile
{
    private const int Format = 1;
    private const int HashLength = 32;

    public const int Length = 8 + 4 + 4 + (7 * 8) + WeightTable.Length + HashLength;

    private static ReadOnlySpan<byte> Magic => "ENNSPAM\n"u8;

    public static byte[] Write(SpamModel model)
    {
        using MemoryStream stream = new(Length);
        using BinaryWriter writer = new(stream);
        writer.Write(Magic);
        writer.Write(Format);
        writer.Write(FeatureExtraction.Version);
        foreach (var number in (double[])[model.Weights.Largest, model.Bias, model.Slope, model.Offset, model.SpamThreshold, model.UnsureThreshold, 0])
        {
            writer.Write(number);
        }

        writer.Write(model.Weights.Bytes);
        writer.Write(SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">It is no model of this program, in a sentence for people.</exception>
    public static SpamModel Read(byte[] bytes)
    {
        if (!bytes.AsSpan().StartsWith(Magic))
        {
            throw new InvalidDataException(ModelText.NotAModel);
        }

        using BinaryReader reader = new(new MemoryStream(bytes, Magic.Length, bytes.Length - Magic.Length));
        if (bytes.Length < 16 || reader.ReadInt32() != Format || reader.ReadInt32() != FeatureExtraction.Version)
        {
            throw new InvalidDataException(ModelText.OtherFeatures);
        }

        if (bytes.Length != Length || !SHA256.HashData(bytes.AsSpan(..^HashLength)).AsSpan().SequenceEqual(bytes.AsSpan(^HashLength..)))
        {
            throw new InvalidDataException(ModelText.Damaged);
        }

        var largest = (float)reader.ReadDouble();
        var numbers = Enumerable.Range(0, 6).Select(_ => reader.ReadDouble()).ToArray();
        return new(new(reader.ReadBytes(WeightTable.Length), largest))
        {
            Bias = numbers[0],
            Slope = numbers[1],
            Offset = numbers[2],
            SpamThreshold = numbers[3],
            UnsureThreshold = numbers[4],
        };
    }
}
