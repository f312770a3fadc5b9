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

    /// <summary>A tag that both had goes where either takes it away; one that neither had comes where either gives it. So nothing can clash.</summary>
    public static IReadOnlySet<string> Merge(IReadOnlySet<string> ours, IReadOnlySet<string> theirs, IReadOnlySet<string> agreed, FieldRule rule)
    {
        var (takes, gives) = (rule.Direction is SyncDirection.Both or SyncDirection.In, rule.Direction is SyncDirection.Both or SyncDirection.Out);
        return ours.Union(theirs, StringComparer.OrdinalIgnoreCase)
            .Where(tag => (ours.Contains(tag), theirs.Contains(tag), agreed.Contains(tag)) switch
            {
                (true, true, _) => true,
                (true, false, true) => !takes, // taken away there
                (true, false, false) => true,
                (false, true, true) => !gives, // taken away here
                _ => takes,
            })
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

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
