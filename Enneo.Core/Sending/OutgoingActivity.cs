using Enneo.Core.Activity;
using Enneo.Core.Tickets;

namespace Enneo.Core.Sending;

/// <summary>What the log says of outgoing mail.</summary>
internal static class OutgoingActivity
{
    public static ActivityEntry Changed(OutgoingMessage outgoing, DeliveryState before, Actor actor, string origin, TimeProvider clock) =>
        Of(ActivityKind.OutgoingStateChanged, outgoing, actor, origin, clock, before);

    /// <summary>Another system is to carry it out from now, and nobody takes it back any more: <c>carrier</c>.</summary>
    public static ActivityEntry HandedOn(OutgoingMessage outgoing, DeliveryState before, Actor actor, string origin, TimeProvider clock) => ActivityEntry.Of(
        ActivityKind.OutgoingStateChanged, actor, origin, clock, outgoing.MailboxId, outgoing.TicketId, outgoing.MessageId,
        ("outgoing", outgoing.Id, outgoing.Id), ("state", before.ToString(), outgoing.State.ToString()), ("carrier", false, true));

    /// <summary><c>mode</c> says whether it answers, passes on or begins.</summary>
    public static ActivityEntry Queued(OutgoingMessage outgoing, DraftMode mode, Actor actor, TimeProvider clock) => ActivityEntry.Of(
        ActivityKind.OutgoingQueued, actor, outgoing.IsAutomatic ? SendingOrigin.Job : SendingOrigin.Of(actor), clock, outgoing.MailboxId, outgoing.TicketId, outgoing.MessageId,
        ("outgoing", null, outgoing.Id), ("state", null, outgoing.State.ToString()), ("mode", null, mode.ToString()));

    /// <summary><c>ticket</c> stands in it too, where that went with the only mail that it had.</summary>
    public static ActivityEntry Cancelled(OutgoingMessage outgoing, DeliveryState before, RemovedMessage? removed, TimeProvider clock) => ActivityEntry.Of(
        ActivityKind.OutgoingCancelled, outgoing.IsAutomatic ? Actor.System : Actor.User(outgoing.AuthorId), outgoing.IsAutomatic ? SendingOrigin.Job : SendingOrigin.Web, clock, outgoing.MailboxId, outgoing.TicketId, outgoing.MessageId,
        [("outgoing", outgoing.Id, null), ("state", before.ToString(), nameof(DeliveryState.Cancelled)), .. removed is { WithTicket: true, TicketId: var gone } ? [("ticket", gone, null)] : (ReadOnlySpan<(string, object?, object?)>)[]]);

    private static ActivityEntry Of(ActivityKind kind, OutgoingMessage outgoing, Actor actor, string origin, TimeProvider clock, DeliveryState before) => ActivityEntry.Of(
        kind, actor, origin, clock, outgoing.MailboxId, outgoing.TicketId, outgoing.MessageId,
        ("outgoing", outgoing.Id, outgoing.Id), ("state", before.ToString(), outgoing.State.ToString()));
}
