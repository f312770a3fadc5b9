namespace Enneo.Core.Integrations.Connected;

/// <summary>What usually fits a kind of system; an admin changes what does not.</summary>
public static class IntegrationPresets
{
    public static IReadOnlyDictionary<SyncedField, FieldRule> RulesOf(OtherKind kind) => new Dictionary<SyncedField, FieldRule>
    {
        [SyncedField.Status] = Both(kind is OtherKind.Zammad ? s_zammadStates : []),
        [SyncedField.Priority] = Both(kind is OtherKind.Zammad ? s_zammadPriorities : []),
        [SyncedField.Assignee] = kind is OtherKind.Zammad ? Both([]) : FieldRule.None, // people have other numbers there
        [SyncedField.Tags] = Both([]),
        [SyncedField.Subject] = Both([]),
        [SyncedField.Conversations] = Both([]),
    };

    /// <summary>Zammad has more of them: what is one here goes back as the one that goes both ways.</summary>
    private static readonly ValuePair[] s_zammadStates =
    [
        new("open", "open"), new("open", "new", SyncDirection.In),
        new("pending", "pending reminder", SyncDirection.In), new("pending", "pending close", SyncDirection.In),
        new("closed", "closed"), new("closed", "merged", SyncDirection.In), new("closed", "removed", SyncDirection.In),
    ];

    private static readonly ValuePair[] s_zammadPriorities =
    [
        new("low", "1 low"), new("medium", "2 normal"), new("high", "3 high"), new("urgent", "3 high", SyncDirection.Out),
    ];

    private static FieldRule Both(IReadOnlyList<ValuePair> pairs) => new(SyncDirection.Both, pairs);
}
