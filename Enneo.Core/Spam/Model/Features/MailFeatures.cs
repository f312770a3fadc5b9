namespace Enneo.Core.Spam.Model.Features;

/// <summary>What the model sees of a mail: hashes, group by group.</summary>
/// <param name="Ends">Where each group ends among the hashes.</param>
internal sealed record MailFeatures(uint[] Hashes, int[] Ends)
{
    /// <summary>The address that it says to be from, in lower case; no feature.</summary>
    public string Sender { get; init; } = "";

    /// <summary>Those of its links, in lower case; empty unless names are asked for.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>In the order of the hashes; empty unless asked for.</summary>
    public IReadOnlyList<FeatureName> Names { get; init; } = [];

    public ReadOnlySpan<uint> Of(int group) => Hashes.AsSpan(Start(group), Count(group));

    public int Count(int group) => Ends[group] - Start(group);

    public int Start(int group) => group == 0 ? 0 : Ends[group - 1];
}

/// <summary>A feature in words.</summary>
/// <param name="Text">Of a sign its evidence.</param>
internal sealed record FeatureName(FeatureKind Kind, string Text)
{
    public Sign Sign { get; init; }

    public int Value { get; init; }
}
