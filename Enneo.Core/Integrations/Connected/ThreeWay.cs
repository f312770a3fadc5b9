namespace Enneo.Core.Integrations.Connected;

/// <summary>What follows from comparing both sides with what they had last agreed on.</summary>
internal enum WhoChanged
{
    /// <summary>Nothing changed since.</summary>
    Same,

    /// <summary>Both are the same again: that is what they agree on now. An echo ends here.</summary>
    Agreed,

    /// <summary>It changed there alone.</summary>
    TakeTheirs,

    /// <summary>It changed here alone.</summary>
    GiveOurs,

    /// <summary>It changed on both sides, to different values.</summary>
    Conflict,

    /// <summary>A value has no name on the other side.</summary>
    Unknown,
}

/// <summary>Both sides of a field now, and when they last agreed.</summary>
internal sealed record Sides(string? Ours, string? Theirs, string? BaseOurs, string? BaseTheirs);

/// <summary>What tags each side has in the end, by our names, and what is compared with the next time.</summary>
internal sealed record MergedTags(IReadOnlySet<string> Ours, IReadOnlySet<string> Theirs, IReadOnlySet<string> Agreed);

/// <summary>Where a change comes from alone does not stop echoes: a system may say a change of ours as one of its own. What both agreed on does.</summary>
internal static class ThreeWay
{
    public static WhoChanged Compare(Sides sides, FieldRule rule)
    {
        var (changedHere, changedThere) = (!Same(sides.Ours, sides.BaseOurs), !Same(sides.Theirs, sides.BaseTheirs));
        if (!changedHere && !changedThere)
        {
            return WhoChanged.Same;
        }

        if (AreOne(sides, rule))
        {
            return WhoChanged.Agreed;
        }

        var (takes, gives) = (rule.Direction is SyncDirection.Both or SyncDirection.In, rule.Direction is SyncDirection.Both or SyncDirection.Out);
        return (changedHere && gives, changedThere && takes) switch
        {
            (true, true) => IsKnown(sides, rule) ? WhoChanged.Conflict : WhoChanged.Unknown,
            (true, false) => sides.Ours is null || rule.ToTheirs(sides.Ours) is not null ? WhoChanged.GiveOurs : WhoChanged.Unknown,
            (false, true) => sides.Theirs is null || rule.ToOurs(sides.Theirs) is not null ? WhoChanged.TakeTheirs : WhoChanged.Unknown,
            _ => WhoChanged.Same,
        };
    }

    /// <summary>
    /// A tag that both had goes where either takes it away; one that neither had comes where either gives it. So nothing can clash.
    /// What goes one way only changes nothing on the side that it comes from, and what the other side has besides stays there.
    /// </summary>
    /// <param name="agreed">What the side that is followed had when it was last looked at.</param>
    public static MergedTags Merge(IReadOnlySet<string> ours, IReadOnlySet<string> theirs, IReadOnlySet<string> agreed, FieldRule rule)
    {
        HashSet<string> here = new(ours, StringComparer.OrdinalIgnoreCase), there = new(theirs, StringComparer.OrdinalIgnoreCase), from = new(StringComparer.OrdinalIgnoreCase);
        foreach (var tag in ours.Union(theirs, StringComparer.OrdinalIgnoreCase).Union(agreed, StringComparer.OrdinalIgnoreCase))
        {
            var (isHere, isThere, was) = (ours.Contains(tag), theirs.Contains(tag), agreed.Contains(tag));
            var takes = rule.Direction is SyncDirection.Both or SyncDirection.In && rule.MayCome(tag);
            var gives = rule.Direction is SyncDirection.Both or SyncDirection.Out && rule.ToTheirs(tag) is not null;
            Set(here, tag, takes && isThere != was ? isThere : isHere);
            Set(there, tag, gives && isHere != was ? isHere : isThere);
            Set(from, tag, (takes ? there : here).Contains(tag));
        }

        return new MergedTags(here, there, from);
    }

    private static void Set(HashSet<string> tags, string tag, bool isSet) => _ = isSet ? tags.Add(tag) : tags.Remove(tag);

    private static bool AreOne(Sides sides, FieldRule rule) => sides switch
    {
        { Ours: null, Theirs: null } => true,
        { Ours: { } ours, Theirs: { } theirs } => Same(rule.ToOurs(theirs), ours) || Same(rule.ToTheirs(ours), theirs),
        _ => false,
    };

    private static bool IsKnown(Sides sides, FieldRule rule) =>
        (sides.Ours is null || rule.ToTheirs(sides.Ours) is not null) && (sides.Theirs is null || rule.ToOurs(sides.Theirs) is not null);

    private static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.Ordinal);
}
