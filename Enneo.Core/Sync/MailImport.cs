using Enneo.Core.Activity;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Mailboxes.Rules;
using Enneo.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sync;

/// <summary>A mailbox that has no mail server.</summary>
public sealed record ImportedMailbox(string Name, string Address, string SenderName, bool IsDefault);

/// <summary>A mail that does not come from a mail server.</summary>
/// <param name="Folder"><see cref="FolderRole.Inbox"/> or <see cref="FolderRole.Sent"/>.</param>
public sealed record ImportedMail(FolderRole Folder, ReadOnlyMemory<byte> Raw, DateTimeOffset ReceivedAt, bool Seen);

/// <summary>What a mail has become.</summary>
/// <param name="IsDuplicate">The mailbox had it already.</param>
public sealed record ReceivedMail(long TicketId, long MessageId, bool IsDuplicate);

/// <summary>
/// Adds a mailbox without a mail server and takes mail into it the way fetched mail goes: bytes on
/// disk, row in the ledger, then parsed and threaded. What a mailbox is added with is history: it
/// announces nothing. What it receives later is news.
/// </summary>
public sealed class MailImport(WriterLane lane, Ledger ledger, Intake intake, MailBringing bringing, StatusRecorder status, TimeProvider clock)
{
    private const uint UidValidity = 1;
    private static readonly (FolderRole Role, string Name)[] s_folders =
    [
        (FolderRole.Inbox, "INBOX"), (FolderRole.Sent, "Sent"), (FolderRole.Archive, "Archive"), (FolderRole.Junk, "Junk"), (FolderRole.Trash, "Trash"),
    ];

    /// <returns>Id of the new mailbox.</returns>
    public async Task<long> AddAsync(ImportedMailbox wanted, IReadOnlyList<ImportedMail> mails, string origin, CancellationToken cancellationToken)
    {
        var mailbox = await AddMailboxAsync(wanted, origin, cancellationToken);
        foreach (var (role, name) in s_folders)
        {
            var announced = mails.Where(mail => mail.Folder == role)
                .OrderBy(mail => mail.ReceivedAt)
                .Select((mail, index) => new FetchedMail((uint)index + 1, new MailBytes(mail.Raw), mail.ReceivedAt, mail.Seen))
                .Reverse() // newest first, as a first sync stores them
                .ToList();
            var folder = await AddFolderAsync(mailbox.Id, role, name, announced.Count, cancellationToken);
            if (announced.Count > 0)
            {
                await ledger.StoreAsync(folder, mailbox.ConnectedAt, announced, cancellationToken);
            }
        }

        await intake.RecoverAsync(mailbox, cancellationToken);
        await status.SyncedAsync(mailbox.Id, notice: null, cancellationToken);
        return mailbox.Id;
    }

    /// <summary>Takes in one more mail of such a mailbox, as news.</summary>
    /// <exception cref="InvalidOperationException">No mailbox without a server has this address.</exception>
    public async Task ReceiveAsync(string address, ImportedMail mail, CancellationToken cancellationToken)
    {
        var mailboxId = await lane.RunAsync(
            (db, token) => db.Mailboxes.Where(m => m.Address == address && m.Method == MailboxMethod.Api).Select(m => m.Id).SingleAsync(token), cancellationToken);
        await ReceiveAsync(mailboxId, mail, cancellationToken);
    }

    /// <inheritdoc cref="ReceiveAsync(string, ImportedMail, CancellationToken)"/>
    /// <returns>The message that it is now; one that was there already if the mailbox had the same bytes.</returns>
    public async Task<ReceivedMail> ReceiveAsync(long mailboxId, ImportedMail mail, CancellationToken cancellationToken)
    {
        var (source, parsed) = await bringing.KeepAsync(mail.Raw, read: null, cancellationToken);
        BroughtMail brought = new(source, parsed, mail.ReceivedAt) { Folder = mail.Folder, IsSeen = mail.Seen, By = Actor.MailServer, Origin = SyncOrigin.Name };
        return await lane.RunAsync(
            async (db, token) => await bringing.AddAsync(db, await db.Mailboxes.SingleAsync(m => m.Id == mailboxId && m.Method == MailboxMethod.Api, token), brought, token),
            cancellationToken);
    }

    private Task<Mailbox> AddMailboxAsync(ImportedMailbox wanted, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            Mailbox mailbox = new()
            {
                Name = wanted.Name,
                Address = wanted.Address,
                SenderName = wanted.SenderName,
                IsDefault = wanted.IsDefault,
                Method = MailboxMethod.Api,
                Imap = NoServer(),
                Smtp = NoServer(),
                ConnectedAt = clock.GetUtcNow(),
            };
            await new MailboxRecording(db, Actor.System, origin, clock).AddedAsync(mailbox, token);
            await Grants.SetForMailboxAsync(db, mailbox.Id, userIds: null, token);
            return mailbox;
        },
        cancellationToken);

    private Task<MailFolder> AddFolderAsync(long mailboxId, FolderRole role, string name, int count, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var folder = NewFolder(mailboxId, role, name, count);
            db.Folders.Add(folder);
            await db.SaveChangesAsync(token);
            return folder;
        },
        cancellationToken);

    private static MailFolder NewFolder(long mailboxId, FolderRole role, string name, int count) => new()
    {
        MailboxId = mailboxId,
        FullName = name,
        Role = role,
        IsSynced = true,
        UidValidity = UidValidity,
        ServerCount = count,
        HistoryComplete = true,
    };

    private static ServerSettings NoServer() =>
        new() { Host = "", Port = 0, Security = ConnectionSecurity.None, User = "", ProtectedPassword = "" };
}
