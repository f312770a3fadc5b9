using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Search;
using Enneo.Core.Spam;
using Enneo.Core.Storage;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sync;

/// <summary>
/// Takes in one mail that a program brings, whole and in the transaction of whoever calls: what goes with it is there
/// with it, or nothing is. It goes the way of fetched mail: spam, threading, search and processing are the same.
/// </summary>
public sealed class MailBringing(MessageStore store, MessageParser parser, TicketIntake tickets, SpamIntake spam, TimeProvider clock)
{
    private const uint UidValidity = 1;

    public async Task<ParsedMessage> ReadAsync(ReadOnlyMemory<byte> raw, CancellationToken cancellationToken)
    {
        using MailBytes bytes = raw;
        return await parser.ParseAsync(bytes, cancellationToken);
    }

    /// <summary>Keeps the bytes and reads them; nothing names them yet.</summary>
    /// <param name="read">What was read of them already; null where nothing was.</param>
    public async Task<(StoredSource Source, ParsedMessage Parsed)> KeepAsync(ReadOnlyMemory<byte> raw, ParsedMessage? read, CancellationToken cancellationToken)
    {
        using MailBytes bytes = raw;
        var source = (await store.AppendAsync([bytes], cancellationToken))[0];
        return (source, read ?? await parser.ParseAsync(bytes, cancellationToken));
    }

    /// <summary>Within a transaction of the writer lane.</summary>
    public async Task<ReceivedMail> AddAsync(EnneoDbContext db, Mailbox mailbox, BroughtMail mail, CancellationToken cancellationToken)
    {
        db.Sources.Add(mail.Source);
        var folder = mail.JoinsTicketId is null ? await AnnounceAsync(db, mailbox, mail.Folder, cancellationToken) : null;
        await db.SaveChangesAsync(cancellationToken);
        var incoming = ToIncoming(mailbox, mail, folder);
        var verdict = (await spam.JudgeAsync(db, mailbox, [incoming], cancellationToken))[0];
        incoming = incoming with { OpensAs = verdict.OpensAs };
        var result = (await tickets.AddAsync(db, mailbox, [incoming], mail.Origin, cancellationToken))[0];
        if (!result.IsDuplicate)
        {
            using SearchWriter search = new(db);
            search.Add(SearchDocument.Of(result.MessageId, mailbox.Id, mail.At, mail.Parsed));
        }

        if (folder is not null)
        {
            db.Ledger.Add(EntryOf(mail, folder, incoming, result));
        }

        await spam.SettleAsync(db, mailbox, [new ArrivedMail(verdict, incoming, result) { Pace = mail.Pace }], mail.Origin, cancellationToken);
        return new ReceivedMail(result.TicketId, result.MessageId, result.IsDuplicate);
    }

    private static IncomingMessage ToIncoming(Mailbox mailbox, BroughtMail mail, MailFolder? folder) => new(
        mail.Source.Id, mail.Source.Sha256, mail.Source.RawLength, mail.Parsed, mail.At, mail.IsSeen, IsFlagged: false,
        folder?.Id, folder?.Role ?? mail.Folder, mail.At < mailbox.ConnectedAt)
    {
        JoinsTicketId = mail.JoinsTicketId,
        By = mail.By,
    };

    /// <summary>A mailbox without a server counts what it was brought, as it would what a server has.</summary>
    private async Task<MailFolder> AnnounceAsync(EnneoDbContext db, Mailbox mailbox, FolderRole role, CancellationToken cancellationToken)
    {
        var folder = await db.Folders.SingleOrDefaultAsync(f => f.MailboxId == mailbox.Id && f.Role == role, cancellationToken);
        if (folder is null)
        {
            folder = new MailFolder { MailboxId = mailbox.Id, FullName = role is FolderRole.Inbox ? "INBOX" : role.ToString(), Role = role, IsSynced = true, UidValidity = UidValidity, HistoryComplete = true };
            db.Folders.Add(folder);
        }

        (folder.ServerCount, folder.HighestUid) = (folder.ServerCount + 1, folder.HighestUid + 1);
        var now = clock.GetUtcNow();
        await db.MailboxStatuses.Where(s => s.MailboxId == mailbox.Id).ExecuteUpdateAsync(
            set => set.SetProperty(s => s.State, MailboxState.Ok).SetProperty(s => s.LastSyncAt, now), cancellationToken);
        return folder;
    }

    private LedgerEntry EntryOf(BroughtMail mail, MailFolder folder, IncomingMessage incoming, IntakeResult result) => new()
    {
        FolderId = folder.Id,
        UidValidity = folder.UidValidity,
        Uid = folder.HighestUid,
        Outcome = result.IsDuplicate ? LedgerOutcome.Duplicate : mail.Parsed.Unreadable is not null ? LedgerOutcome.Failed : LedgerOutcome.Imported,
        OnServer = true,
        SourceId = mail.Source.Id,
        ReceivedAt = mail.At,
        Seen = incoming.IsSeen,
        IsHistory = incoming.IsHistory,
        StoredAt = clock.GetUtcNow(),
        MessageId = result.MessageId,
        Failure = mail.Parsed.Unreadable,
    };
}
