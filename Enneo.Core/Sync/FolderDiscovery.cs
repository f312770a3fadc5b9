using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Mailboxes.Rules;
using MailKit;
using MailKit.Net.Imap;
using Microsoft.EntityFrameworkCore;
using MailFolder = Enneo.Core.Mailboxes.MailFolder;

namespace Enneo.Core.Sync;

/// <summary>A folder to look into.</summary>
/// <param name="StatusIsKnown">The server told its counts together with the list.</param>
internal sealed record FolderToSync(MailFolder Folder, ImapFolder Remote, bool StatusIsKnown);

/// <summary>Finds the folders of a mailbox and what each is for, in one command where the server can (RFC 5819).</summary>
public sealed class FolderDiscovery(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane)
{
    /// <summary>What tells whether anything changed in a folder.</summary>
    public static StatusItems Watched(ImapClient client)
    {
        const StatusItems Items = StatusItems.Count | StatusItems.UidNext | StatusItems.UidValidity | StatusItems.Unread;
        return client.Capabilities.HasFlag(ImapCapabilities.CondStore) ? Items | StatusItems.HighestModSeq : Items;
    }

    /// <returns>Those to sync in order of urgency; folders that the server lists no more go to <paramref name="vanishings"/>.</returns>
    internal async Task<IReadOnlyList<FolderToSync>> RunAsync(
        Mailbox mailbox, ImapClient client, Vanishings vanishings, CancellationToken cancellationToken)
    {
        var listsStatus = client.Capabilities.HasFlag(ImapCapabilities.ListStatus);
        var remotes = await ListAsync(client, listsStatus ? Watched(client) : StatusItems.None, cancellationToken);
        var inboxIsListed = !remotes.TryAdd(ListedFolder.Inbox, (ImapFolder)client.Inbox!);
        var listed = remotes.ToDictionary(pair => pair.Key, pair => ToListed(client, pair.Key, pair.Value));
        var known = await UpdateAsync(mailbox, listed, cancellationToken);
        foreach (var missing in known.Where(folder => folder.IsListed && !remotes.ContainsKey(folder.FullName)))
        {
            if (await IsGoneAsync(client, missing, cancellationToken))
            {
                vanishings.Add(missing);
            }
        }

        return [.. known
            .Where(folder => folder.IsSynced && remotes.ContainsKey(folder.FullName))
            .OrderBy(folder => folder.Role switch { FolderRole.Inbox => 0, FolderRole.Sent => 1, _ => 2 }).ThenBy(folder => folder.Id)
            .Select(folder => new FolderToSync(folder, remotes[folder.FullName], listsStatus && (inboxIsListed || folder.Role is not FolderRole.Inbox)))];
    }

    private static async Task<Dictionary<string, ImapFolder>> ListAsync(ImapClient client, StatusItems items, CancellationToken cancellationToken)
    {
        Dictionary<string, ImapFolder> remotes = [];
        foreach (var names in client.PersonalNamespaces)
        {
            foreach (var folder in await client.GetFoldersAsync(names, items, subscribedOnly: false, cancellationToken))
            {
                remotes.TryAdd(NameOf(folder), (ImapFolder)folder);
            }
        }

        return remotes;
    }

    /// <summary>INBOX has no case (RFC 9051, section 5.1).</summary>
    private static string NameOf(IMailFolder folder) =>
        folder.FullName.Equals(ListedFolder.Inbox, StringComparison.OrdinalIgnoreCase) ? ListedFolder.Inbox : folder.FullName;

    private static ListedFolder ToListed(ImapClient client, string fullName, ImapFolder folder)
    {
        var attributes = folder.Attributes | SpecialUse(client, folder);
        bool Has(FolderAttributes attribute) => (attributes & attribute) != 0;
        var isVirtual = Has(FolderAttributes.All | FolderAttributes.Flagged);
        return new(
            fullName,
            folder.DirectorySeparator == '\0' ? "" : folder.DirectorySeparator.ToString(),
            !Has(FolderAttributes.NoSelect | FolderAttributes.NonExistent),
            Has(FolderAttributes.Sent) ? FolderRole.Sent
                : Has(FolderAttributes.Drafts) ? FolderRole.Drafts
                : Has(FolderAttributes.Junk) ? FolderRole.Junk
                : Has(FolderAttributes.Trash) ? FolderRole.Trash
                : Has(FolderAttributes.Archive | FolderAttributes.All) ? FolderRole.Archive
                : FolderRole.None,
            isVirtual);
    }

    /// <summary>A server tells it at sign-in, and perhaps not again with each list.</summary>
    private static FolderAttributes SpecialUse(ImapClient client, ImapFolder folder)
    {
        if ((client.Capabilities & (ImapCapabilities.SpecialUse | ImapCapabilities.XList)) == 0)
        {
            return FolderAttributes.None;
        }

        return new[]
        {
            (SpecialFolder.All, FolderAttributes.All), (SpecialFolder.Archive, FolderAttributes.Archive), (SpecialFolder.Drafts, FolderAttributes.Drafts),
            (SpecialFolder.Flagged, FolderAttributes.Flagged), (SpecialFolder.Junk, FolderAttributes.Junk), (SpecialFolder.Sent, FolderAttributes.Sent),
            (SpecialFolder.Trash, FolderAttributes.Trash),
        }.Where(use => client.GetFolder(use.Item1) == folder).Aggregate(FolderAttributes.None, (all, use) => all | use.Item2);
    }

    /// <summary>A list may be cut short: a folder is gone only if the server says so when asked for it.</summary>
    private static async Task<bool> IsGoneAsync(ImapClient client, MailFolder missing, CancellationToken cancellationToken)
    {
        try
        {
            var remote = await client.GetFolderAsync(missing.FullName, cancellationToken);
            await remote.StatusAsync(StatusItems.UidValidity, cancellationToken);
            return false;
        }
        catch (Exception exception) when (exception is FolderNotFoundException or ImapCommandException { Response: ImapCommandResponse.No })
        {
            return true;
        }
    }

    /// <summary>Writes only what is new: nothing, in nearly every run.</summary>
    /// <param name="listed">By full name.</param>
    /// <returns>All that are known, listed or not.</returns>
    internal async Task<List<MailFolder>> UpdateAsync(Mailbox mailbox, Dictionary<string, ListedFolder> listed, CancellationToken cancellationToken)
    {
        await using (var db = await dbFactory.CreateDbContextAsync(cancellationToken))
        {
            var known = await UpdateAsync(db, mailbox, listed, cancellationToken);
            if (!db.ChangeTracker.HasChanges())
            {
                return known;
            }
        }

        return await lane.RunAsync(
            async (db, token) =>
            {
                var known = await UpdateAsync(db, mailbox, listed, token);
                await db.SaveChangesAsync(token);
                return known;
            },
            cancellationToken);
    }

    private static async Task<List<MailFolder>> UpdateAsync(
        EnneoDbContext db, Mailbox mailbox, Dictionary<string, ListedFolder> listed, CancellationToken cancellationToken)
    {
        var known = await db.Folders.AsTracking().Where(f => f.MailboxId == mailbox.Id).ToListAsync(cancellationToken);
        foreach (var fullName in listed.Keys.Except(known.Select(f => f.FullName)))
        {
            MailFolder folder = new() { MailboxId = mailbox.Id, FullName = fullName, LeftOutBefore = mailbox.Since };
            db.Folders.Add(folder);
            known.Add(folder);
        }

        var roles = FolderRoles.Assign(listed.Values, known.Where(f => f.RoleIsChosen).ToDictionary(f => f.FullName, f => f.Role));
        foreach (var folder in known)
        {
            if (listed.TryGetValue(folder.FullName, out var now))
            {
                folder.IsListed = true;
                folder.Role = roles.GetValueOrDefault(folder.FullName);
                (folder.Separator, folder.IsSelectable, folder.IsVirtual) = (now.Separator, now.IsSelectable, now.IsVirtual);
                folder.IsSynced = now.IsSelectable && (folder.SyncIsChosen && folder.Role is not FolderRole.Inbox
                    ? folder.IsSynced
                    : FolderWishes.Include(mailbox.Folders, now, folder.Role));
            }
        }

        return known;
    }
}
