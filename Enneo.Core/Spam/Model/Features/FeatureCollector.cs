namespace Enneo.Core.Spam.Model.Features;

/// <summary>Gathers the features of one mail, each once, up to a bound per group.</summary>
/// <param name="isNamed">Whether the names are kept, to explain a judgement.</param>
internal sealed class FeatureCollector(bool isNamed)
{
    private const int TableSize = 16384; // above twice the sum of all capacities

    private readonly uint[] _table = new uint[TableSize];
    private readonly uint[][] _hashes = [.. FeatureGroups.Capacity.ToArray().Select(capacity => new uint[capacity])];
    private readonly int[] _counts = new int[FeatureGroups.Count];
    private readonly List<FeatureName>[] _names = [.. Enumerable.Range(0, isNamed ? FeatureGroups.Count : 0).Select(_ => new List<FeatureName>())];

    public bool IsNamed => isNamed;

    public void Add(FeatureKind kind, ReadOnlySpan<char> text)
    {
        if (TryAdd(kind, FeatureHash.Of(kind, FeatureHash.Of(text))) && isNamed)
        {
            Name(new(kind, text.ToString()));
        }
    }

    public void Add(FeatureKind kind, uint first, uint second, ReadOnlySpan<char> firstText, ReadOnlySpan<char> secondText)
    {
        if (TryAdd(kind, FeatureHash.Of(kind, first, second)) && isNamed)
        {
            Name(new(kind, $"{firstText} {secondText}"));
        }
    }

    /// <param name="value">What makes one sign into several, such as a size.</param>
    /// <param name="evidence">What a person is told of it; no part of the feature.</param>
    public void Add(Sign sign, int value = 0, string evidence = "")
    {
        if (TryAdd(FeatureKind.Sign, FeatureHash.Of(FeatureKind.Sign, (uint)sign, (uint)value)) && isNamed)
        {
            Name(new(FeatureKind.Sign, evidence) { Sign = sign, Value = value });
        }
    }

    public MailFeatures ToFeatures()
    {
        var hashes = new uint[_counts.Sum()];
        var ends = new int[FeatureGroups.Count];
        var end = 0;
        for (var group = 0; group < FeatureGroups.Count; group++)
        {
            _hashes[group].AsSpan(0, _counts[group]).CopyTo(hashes.AsSpan(end));
            ends[group] = end += _counts[group];
        }

        return new(hashes, ends) { Names = isNamed ? [.. _names.SelectMany(names => names)] : [] };
    }

    private void Name(FeatureName name) => _names[(int)FeatureGroups.Of(name.Kind)].Add(name);

    private bool TryAdd(FeatureKind kind, uint hash)
    {
        var group = (int)FeatureGroups.Of(kind);
        if (_counts[group] == _hashes[group].Length)
        {
            return false;
        }

        var slot = hash % TableSize;
        while (_table[slot] != 0)
        {
            if (_table[slot] == hash)
            {
                return false;
            }

            slot = (slot + 1) % TableSize;
        }

        _table[slot] = hash;
        _hashes[group][_counts[group]++] = hash;
        return true;
    }
}
