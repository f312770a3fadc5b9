namespace Enneo.Core.Integrations.Connected;

/// <summary>What of a ticket is kept in step.</summary>
public enum SyncedField
{
    Status,
    Priority,
    Assignee,
    Tags,
    Subject,

    /// <summary>Mail, notes and their files.</summary>
    Conversations,
}

/// <summary>Which way something goes.</summary>
public enum SyncDirection
{
    None,

    /// <summary>From there to here.</summary>
    In,

    /// <summary>From here to there.</summary>
    Out,
    Both,
}

/// <summary>A value here, and what it is there.</summary>
/// <param name="Direction">Several values there may be one here, if all but one of them go one way only.</param>
public sealed record ValuePair(string Ours, string Theirs, SyncDirection Direction = SyncDirection.Both);

/// <summary>Which way a field goes and what its values are called.</summary>
/// <param name="Pairs">None where values are called the same on both sides.</param>
public sealed record FieldRule(SyncDirection Direction, IReadOnlyList<ValuePair> Pairs)
{
    public static readonly FieldRule None = new(SyncDirection.None, []);

    private bool IsSame => Pairs.Count == 0;

    /// <returns>Null for what has no name there.</returns>
    public string? ToTheirs(string ours) => IsSame ? ours : Pairs.FirstOrDefault(pair => pair.Direction is SyncDirection.Both or SyncDirection.Out && Same(pair.Ours, ours))?.Theirs;

    /// <returns>Null for what has no name here.</returns>
    public string? ToOurs(string theirs) => IsSame ? theirs : Pairs.FirstOrDefault(pair => pair.Direction is SyncDirection.Both or SyncDirection.In && Same(pair.Theirs, theirs))?.Ours;

    /// <summary>What it is called there, whichever way it goes; null for what has no name there.</summary>
    public string? NameThere(string ours) => IsSame ? ours : ToTheirs(ours) ?? Pairs.FirstOrDefault(pair => Same(pair.Ours, ours))?.Theirs;

    /// <summary>What it is called here, whichever way it goes: several where they only go there and share a name; none for what has no name here.</summary>
    public IEnumerable<string> NamesHere(string theirs) => IsSame ? [theirs] : ToOurs(theirs) is { } here ? [here] : Pairs.Where(pair => Same(pair.Theirs, theirs)).Select(pair => pair.Ours);

    /// <summary>Whether something there is this here.</summary>
    public bool MayCome(string ours) => IsSame || Pairs.Any(pair => pair.Direction is SyncDirection.Both or SyncDirection.In && Same(pair.Ours, ours));

    /// <summary>
    /// What goes there and comes back must be what it was, and the other way round. What only goes there may share a name there
    /// with others that only go there; where a ticket holds several values at once, not with one that comes back.
    /// </summary>
    /// <param name="holdsSeveral">As of tags.</param>
    /// <returns>Those that would come back as another, with what they would be.</returns>
    public IEnumerable<(string Value, string ComesBackAs)> LostOnTheWay(bool holdsSeveral = false) => RoundTrips()
        .Concat(holdsSeveral ? Pairs.Where(pair => pair.Direction is SyncDirection.Out && Direction is SyncDirection.Both).Select(pair => (pair.Ours, ToOurs(pair.Theirs) ?? pair.Ours)) : [])
        .Where(trip => !Same(trip.Item1, trip.Item2))
        .Distinct();

    private IEnumerable<(string Value, string ComesBackAs)> RoundTrips() => Pairs
        .Where(pair => pair.Direction is SyncDirection.Both)
        .SelectMany(pair => (IEnumerable<(string Value, string ComesBackAs)>)
            [(pair.Ours, ToTheirs(pair.Ours) is { } there ? ToOurs(there) ?? "" : ""), (pair.Theirs, ToOurs(pair.Theirs) is { } here ? ToTheirs(here) ?? "" : "")]);

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
