using Enneo.Core.Activity;

namespace Enneo.Core.Sending;

/// <summary>What the log says of drafts: that they were begun and given up, not what is typed.</summary>
internal static class DraftActivity
{
    public static ActivityEntry Of(ActivityKind kind, Draft draft, Actor actor, TimeProvider clock) => ActivityEntry.Of(
        kind, actor, SendingOrigin.Of(actor), clock, draft.MailboxId, draft.TicketId, draft.AnsweredMessageId);
}
