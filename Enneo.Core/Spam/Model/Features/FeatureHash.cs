namespace Enneo.Core.Spam.Model.Features;

/// <summary>The one hash of all features. It is frozen: another one would make every weight file and every installation's corrections void.</summary>
internal static class FeatureHash
{
    private const uint Basis = 2166136261;
    private const uint Prime = 16777619;

    public static uint Of(ReadOnlySpan<char> text)
    {
        var hash = Basis;
        foreach (var c in text)
        {
            hash = (hash ^ c) * Prime;
        }

        return hash;
    }

    /// <summary>The feature's place; never 0.</summary>
    public static uint Of(FeatureKind kind, uint first, uint second = 0)
    {
        var hash = first + (uint)kind * 0x9E3779B1u;
        hash = Mix(hash) + (second * 0x85EBCA77u);
        hash = Mix(hash);
        return hash == 0 ? 1 : hash;
    }

    private static uint Mix(uint hash)
    {
        hash ^= hash >> 16;
        hash *= 0x7FEB352Du;
        hash ^= hash >> 15;
        hash *= 0x846CA68Bu;
        return hash ^ (hash >> 16);
    }
}
