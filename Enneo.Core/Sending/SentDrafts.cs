using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sending;

/// <summary>Removes the draft of a mail that went to everybody: nobody will edit it any more.</summary>
internal sealed class SentDrafts(WriterLane lane, DraftUploads uploads)
{
    public async Task RemoveAsync(long outgoingId, CancellationToken cancellationToken) => uploads.Delete(await lane.RunAsync(
        async (db, token) =>
        {
            var outgoing = await db.Outbox.AsNoTracking().SingleOrDefaultAsync(o => o.Id == outgoingId && o.State == DeliveryState.Sent, token);
            if (outgoing is null || outgoing.Recipients.Count > 0)
            {
                return [];
            }

            var storedNames = await db.DraftAttachments.Where(a => a.DraftId == outgoing.DraftId && a.StoredName != null).Select(a => a.StoredName!).ToListAsync(token);
            await db.Drafts.Where(d => d.Id == outgoing.DraftId).ExecuteDeleteAsync(token);
            return storedNames;
        },
        cancellationToken));
}
