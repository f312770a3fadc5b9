using Enneo.Core.Activity;

namespace Enneo.Core.Tickets;

/// <summary>A message that is gone for good, and whether its ticket went with it.</summary>
public sealed record RemovedMessage(long MailboxId, long MessageId, long TicketId, bool WithTicket)
{
    /// <summary>What the log says of it: <c>ticket</c> too, where that went with it.</summary>
    /// <param name="isDraft">It was written in another mail program, and nobody was told of it.</param>
    public ActivityEntry Entry(Actor actor, string origin, TimeProvider clock, bool isDraft = false)
    {
        List<(string, object?, object?)> changes = [("message", MessageId, null), ("onServer", true, false)];
        if (WithTicket)
        {
            changes.Add(("ticket", TicketId, null));
        }

        if (isDraft)
        {
            changes.Add(("draft", true, null));
        }

        return ActivityEntry.Of(ActivityKind.MessageOnServerChanged, actor, origin, clock, MailboxId, TicketId, changes: [.. changes]);
    }
}
