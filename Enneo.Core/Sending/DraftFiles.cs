using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Enneo.Core.Sending;

/// <summary>Puts files to drafts and takes them off again.</summary>
internal sealed class DraftFiles(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, DraftUploads uploads, IOptions<SendingOptions> options)
{
    private const string UnknownType = "application/octet-stream";

    /// <returns>Null if the draft is gone or already sent.</returns>
    /// <exception cref="AttachmentTooLargeException">The draft would exceed <see cref="SendingOptions.MaxAttachmentBytes"/>.</exception>
    public async Task<DraftAttachment?> AddAsync(
        long draftId, string name, string contentType, Stream content, bool isInline, long authorId, CancellationToken cancellationToken)
    {
        var limit = options.Value.MaxAttachmentBytes;
        if (await TakenAsync(draftId, authorId, cancellationToken) is not { } taken)
        {
            return null;
        }

        if (await uploads.WriteAsync(content, limit - taken, cancellationToken) is not var (storedName, size))
        {
            throw new AttachmentTooLargeException(limit);
        }

        DraftAttachment attachment = new()
        {
            DraftId = draftId,
            Name = AttachmentName.Clean(name),
            ContentType = ContentType.TryParse(contentType, out var type) ? type.MimeType.ToLowerInvariant() : UnknownType,
            Size = size,
            StoredName = storedName,
            IsInline = isInline,
        };
        var added = false;
        try
        {
            added = await AddAsync(attachment, authorId, limit, cancellationToken);
        }
        finally
        {
            if (!added)
            {
                uploads.Delete([storedName]);
            }
        }

        return added ? attachment : null;
    }

    /// <returns>False if the draft has no such file.</returns>
    public async Task<bool> RemoveAsync(long draftId, long attachmentId, long authorId, CancellationToken cancellationToken)
    {
        var removed = await lane.RunAsync(
            async (db, token) =>
            {
                var attachment = await DraftRows.FindAsync(db, draftId, authorId, token) is null
                    ? null
                    : await db.DraftAttachments.SingleOrDefaultAsync(a => a.Id == attachmentId && a.DraftId == draftId, token);
                if (attachment is not null)
                {
                    db.DraftAttachments.Remove(attachment);
                    await db.SaveChangesAsync(token);
                }

                return attachment;
            },
            cancellationToken);
        uploads.Delete(removed?.StoredName is { } storedName ? [storedName] : []);
        return removed is not null;
    }

    public async Task<PartContent?> FindPictureAsync(long attachmentId, long authorId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var reach = await Reaches.OfAsync(db, authorId, cancellationToken);
        var picture = await db.DraftAttachments.AsNoTracking().SingleOrDefaultAsync(a => a.Id == attachmentId && a.IsInline, cancellationToken);
        return picture is { StoredName: { } storedName }
            && await reach.Of(db.Drafts).AnyAsync(d => d.Id == picture.DraftId && d.AuthorId == authorId, cancellationToken) // the composer may still show what was just sent
            && await uploads.FindAsync(storedName, cancellationToken) is { } bytes
            ? new PartContent(picture.Name, picture.ContentType, bytes)
            : null;
    }

    private async Task<long?> TakenAsync(long draftId, long authorId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await DraftRows.FindAsync(db, draftId, authorId, cancellationToken) is null
            ? null
            : await db.DraftAttachments.Where(a => a.DraftId == draftId).SumAsync(a => a.Size, cancellationToken);
    }

    private Task<bool> AddAsync(DraftAttachment attachment, long authorId, long limit, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            if (await DraftRows.FindAsync(db, attachment.DraftId, authorId, token) is null)
            {
                return false;
            }

            var others = await db.DraftAttachments.Where(a => a.DraftId == attachment.DraftId).SumAsync(a => a.Size, token);
            if (others + attachment.Size > limit)
            {
                throw new AttachmentTooLargeException(limit); // two came at once
            }

            db.DraftAttachments.Add(attachment);
            await db.SaveChangesAsync(token);
            return true;
        },
        cancellationToken);
}
