using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sending;

/// <summary>Mailboxes from which somebody may write: those that they may see.</summary>
internal static class WritingMailboxes
{
    public static IQueryable<Mailbox> Of(EnneoDbContext db, Reach reach)
    {
        var all = db.Mailboxes.AsNoTracking();
        return reach.MailboxIds is { } ids ? all.Where(m => ids.Contains(m.Id)) : all;
    }
}
