using System.Globalization;
using Enneo.Core.Integrations.Connected;
using Enneo.Web.Inbox;

namespace Enneo.Web.Integrations;

/// <summary>Integrations in words.</summary>
internal static class IntegrationWords
{
    public static string Of(OtherKind kind) => kind switch
    {
        OtherKind.Enneo => IntegrationsText.KindEnneo,
        OtherKind.Zammad => "Zammad",
        _ => IntegrationsText.KindOther,
    };

    /// <summary>Where the API of such a system begins, for example.</summary>
    public static string UrlOf(OtherKind kind) => kind is OtherKind.Zammad ? "https://zammad.example.com" : "https://desk.example.com/api/mind";

    /// <summary>What is to be entered there.</summary>
    public static string StepsOf(OtherKind kind) => kind switch
    {
        OtherKind.Enneo => IntegrationsText.StepsEnneo,
        OtherKind.Zammad => IntegrationsText.StepsZammad,
        _ => IntegrationsText.StepsOther,
    };

    public static string Of(SyncedField field) => field switch
    {
        SyncedField.Status => IntegrationsText.FieldStatus,
        SyncedField.Priority => IntegrationsText.FieldPriority,
        SyncedField.Assignee => IntegrationsText.FieldAssignee,
        SyncedField.Tags => IntegrationsText.FieldTags,
        SyncedField.Subject => IntegrationsText.FieldSubject,
        _ => IntegrationsText.FieldConversations,
    };

    public static string Of(SyncDirection direction) => direction switch
    {
        SyncDirection.Both => IntegrationsText.Both,
        SyncDirection.In => IntegrationsText.In,
        SyncDirection.Out => IntegrationsText.Out,
        _ => IntegrationsText.None,
    };

    public static string Of(DeletionWay way) => way switch
    {
        DeletionWay.Out => IntegrationsText.DeletionsOut,
        DeletionWay.Both => IntegrationsText.DeletionsBoth,
        _ => IntegrationsText.DeletionsNever,
    };

    /// <summary>What can be chosen of a difference: what is done here first, then what is done there.</summary>
    public static (string Ours, string Theirs) ChoicesOf(MessageDifferenceView difference) => difference.Difference switch
    {
        MessageDifference.GoneHere => (IntegrationsText.DeleteThere, IntegrationsText.KeepThere),
        MessageDifference.GoneThere => (IntegrationsText.KeepHere, IntegrationsText.DeleteHere),
        _ => ($"{IntegrationsText.Ours}: {difference.Ours}", $"{IntegrationsText.Theirs}: {difference.Theirs}"),
    };

    public static string WhatOf(MessageDifference difference) => difference switch
    {
        MessageDifference.GoneHere => IntegrationsText.GoneHere,
        MessageDifference.GoneThere => IntegrationsText.GoneThere,
        _ => IntegrationsText.NoteChanged,
    };

    public static (string Words, string? Class) StateOf(IntegrationView integration) => integration switch
    {
        { Settings.IsActive: false } => (IntegrationsText.Off, null),
        { Refused: > 0 } or { Stuck.Count: > 0 } => (IntegrationsText.HasProblems, "state-bad"),
        { Conflicts: > 0 and var conflicts } => (string.Format(CultureInfo.CurrentCulture, IntegrationsText.HasConflicts, conflicts), "state-warn"),
        { DeletedOnOneSide: > 0 and var deleted } => (string.Format(CultureInfo.CurrentCulture, IntegrationsText.HasDeleted, deleted), "state-warn"),
        { LastInAt: null, LastOutAt: null } => (IntegrationsText.NothingYet, null),
        _ => (IntegrationsText.InStep, "state-ok"),
    };

    public static string When(DateTimeOffset? at, BrowserTime time) => at is { } known ? time.Full(known) : IntegrationsText.Never;

    /// <summary>When a ticket that is stuck is tried again.</summary>
    public static string NextOf(StuckTicket stuck, BrowserTime time) => stuck.NextAt is { } next
        ? string.Format(CultureInfo.CurrentCulture, IntegrationsText.StuckNext, time.Full(next))
        : IntegrationsText.StuckUntilNews;

    /// <summary>That there may be more than are shown; nothing where there are not.</summary>
    public static string MoreOf(int shown) => shown < IntegrationQueries.MostShown ? "" : string.Format(CultureInfo.CurrentCulture, IntegrationsText.OnlyNewest, shown);

    /// <summary>How many wait, and since when the oldest does.</summary>
    public static string Waiting(int count, DateTimeOffset? since, BrowserTime time) => since is { } oldest
        ? string.Format(CultureInfo.CurrentCulture, IntegrationsText.WaitingSince, count, time.Full(oldest))
        : count.ToString(CultureInfo.CurrentCulture);
}
