using Enneo.Core.Activity;

namespace Enneo.Core.Sending;

/// <summary>What the log says of outgoing mail.</summary>
internal static class OutgoingActivity
{
    public static ActivityEntry Changed(OutgoingMessage outgoing, DeliveryState before, Actor actor, string origin, TimeProvider clock) =>
        Of(ActivityKind.OutgoingStateChanged, outgoing, actor, origin, clock, before);

    public static ActivityEntry Queued(OutgoingMessage outgoing, TimeProvider clock) =>
        Of(ActivityKind.OutgoingQueued, outgoing, outgoing.IsAutomatic ? Actor.System : Actor.User(outgoing.AuthorId), outgoing.IsAutomatic ? SendingOrigin.Job : SendingOrigin.Web, clock, null);

    public static ActivityEntry Cancelled(OutgoingMessage outgoing, DeliveryState before, TimeProvider clock) => ActivityEntry.Of(
        ActivityKind.OutgoingCancelled, outgoing.IsAutomatic ? Actor.System : Actor.User(outgoing.AuthorId), outgoing.IsAutomatic ? SendingOrigin.Job : SendingOrigin.Web, clock, outgoing.MailboxId, outgoing.TicketId, outgoing.MessageId,
        ("outgoing", outgoing.Id, null), ("state", before.ToString(), nameof(DeliveryState.Cancelled)));

    private static ActivityEntry Of(ActivityKind kind, OutgoingMessage outgoing, Actor actor, string origin, TimeProvider clock, DeliveryState? before) => ActivityEntry.Of(
        kind, actor, origin, clock, outgoing.MailboxId, outgoing.TicketId, outgoing.MessageId,
        ("outgoing", before is null ? null : outgoing.Id, outgoing.Id), ("state", before?.ToString(), outgoing.State.ToString()));
}
