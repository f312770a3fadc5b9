using Enneo.Core.Data;
using Enneo.Core.Tickets;

namespace Enneo.Core.Sending;

/// <summary>The ids by which a mail that we sent is known besides our own: answers and bounces name those that servers gave it.</summary>
internal static class SentIds
{
    /// <summary>Within a transaction of the writer lane.</summary>
    public static void Add(EnneoDbContext db, OutgoingMessage outgoing, IEnumerable<string> ids)
    {
        using ThreadIndex index = new(db, outgoing.MailboxId);
        foreach (var id in ids.Where(id => id.Length > 0))
        {
            index.AddId(outgoing.TicketId, outgoing.MessageId, id);
        }
    }
}
