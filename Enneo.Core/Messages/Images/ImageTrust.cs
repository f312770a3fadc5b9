using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Messages.Images;

/// <summary>Whose remote images are shown without asking: a choice of the whole team, by the sender's address.</summary>
public sealed class ImageTrust(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, TimeProvider clock)
{
    public async Task<bool> IsTrustedAsync(string address, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return address.Length > 0 && await db.TrustedImageSenders.AnyAsync(s => s.Address == address, cancellationToken);
    }

    /// <summary>Trusts the sender of a message, or no longer; what is so already stays.</summary>
    public Task SetAsync(long messageId, bool isTrusted, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var reach = await Reaches.OfAsync(db, actor, token);
            var message = await reach.Of(db.Messages).SingleOrDefaultAsync(m => m.Id == messageId, token);
            if (message is null or { FromAddress: "" })
            {
                return;
            }

            var known = await db.TrustedImageSenders.SingleOrDefaultAsync(s => s.Address == message.FromAddress, token);
            if (isTrusted == known is not null)
            {
                return;
            }

            if (known is not null)
            {
                db.TrustedImageSenders.Remove(known);
            }
            else
            {
                db.TrustedImageSenders.Add(new TrustedImageSender { Address = message.FromAddress, TrustedAt = clock.GetUtcNow() });
            }

            db.Activity.Add(ActivityEntry.Of(
                ActivityKind.SenderImagesChanged, actor, origin, clock, message.MailboxId, message.TicketId, messageId, ("shown", !isTrusted, isTrusted)));
            await db.SaveChangesAsync(token);
        },
        cancellationToken);
}
