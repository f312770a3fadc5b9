using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using MailKit.Net.Imap;
using Microsoft.EntityFrameworkCore;
using MailFolder = Enneo.Core.Mailboxes.MailFolder;

namespace Enneo.Core.Sync;

/// <summary>Finds the folders to sync: INBOX, and Sent by its special use (RFC 6154), else by the names that servers give it.</summary>
public sealed class FolderDiscovery(WriterLane lane)
{
    internal async Task<IReadOnlyList<MailFolder>> RunAsync(Mailbox mailbox, ImapClient client, CancellationToken cancellationToken)
    {
        List<(string FullName, FolderRole Role)> found = [(client.Inbox!.FullName, FolderRole.Inbox)];
        if (await SentFolder.FindAsync(client, cancellationToken) is { } sent)
        {
            found.Add((sent.FullName, FolderRole.Sent));
        }

        return await lane.RunAsync(
            async (db, token) =>
            {
                var known = await db.Folders.Where(f => f.MailboxId == mailbox.Id).ToListAsync(token);
                foreach (var (fullName, role) in found)
                {
                    var folder = known.Find(f => f.FullName == fullName);
                    if (folder is null)
                    {
                        folder = new MailFolder { MailboxId = mailbox.Id, FullName = fullName };
                        db.Folders.Add(folder);
                        known.Add(folder);
                    }

                    folder.Role = role;
                }

                await db.SaveChangesAsync(token);
                return known.Where(f => found.Exists(name => name.FullName == f.FullName)).OrderBy(f => f.Role).ToList();
            },
            cancellationToken);
    }
}
