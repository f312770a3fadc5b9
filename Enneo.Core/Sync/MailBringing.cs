using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Search;
using Enneo.Core.Spam;
using Enneo.Core.Storage;
using Enneo.Core.Tickets;
using Microsoft.Data.Sqlite;

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
        using LedgerRows rows = new(db);
        mail = mail with { Source = rows.Add(mail.Source) };
        var folder = mail.JoinsTicketId is null ? await AnnounceAsync(db, mailbox, mail.Folder, cancellationToken) : null;
        var incoming = ToIncoming(mailbox, mail, folder);
        var verdict = spam.Judge(db, mailbox, [incoming])[0];
        incoming = incoming with { OpensAs = verdict.OpensAs };
        var result = (await tickets.AddAsync(db, mailbox, [incoming], mail.Origin, cancellationToken))[0];
        if (!result.IsDuplicate)
        {
            using SearchWriter search = new(db);
            search.Add(SearchDocument.Of(result.MessageId, mailbox.Id, mail.At, mail.Parsed));
        }

        if (folder is not null)
        {
            rows.Add(EntryOf(mail, folder, incoming, result));
        }

        await spam.SettleAsync(db, mailbox, [new ArrivedMail(verdict, incoming, result) { Pace = mail.Pace }], mail.Origin, cancellationToken);
        return new ReceivedMail(result.TicketId, result.MessageId, result.IsDuplicate);
    }

    private static IncomingMessage ToIncoming(Mailbox mailbox, BroughtMail mail, AnnouncedMail? announced) => new(
        mail.Source.Id, mail.Source.Sha256, mail.Source.RawLength, mail.Parsed, mail.At, mail.IsSeen, IsFlagged: false,
        announced?.FolderId, mail.Folder, mail.At < mailbox.ConnectedAt)
    {
        JoinsTicketId = mail.JoinsTicketId,
        By = mail.By,
    };

    /// <summary>A mailbox without a server counts what it was brought, as it would what a server has.</summary>
    private async Task<AnnouncedMail> AnnounceAsync(EnneoDbContext db, Mailbox mailbox, FolderRole role, CancellationToken cancellationToken)
    {
        using SqlStatement settle = new(db, "UPDATE mailbox_status SET State = @1, LastSyncAt = @2 WHERE MailboxId = @0");
        settle.Execute(mailbox.Id, MailboxState.Ok, clock.GetUtcNow());
        using SqlStatement announce = new(db, """
            UPDATE folders SET ServerCount = ServerCount + 1, HighestUid = HighestUid + 1
            WHERE Id = (SELECT min(Id) FROM folders WHERE MailboxId = @0 AND Role = @1) RETURNING Id, UidValidity, HighestUid
            """);
        if (announce.Rows(Read, mailbox.Id, role) is [var announced])
        {
            return announced;
        }

        db.Folders.Add(new MailFolder
        {
            MailboxId = mailbox.Id,
            FullName = role is FolderRole.Inbox ? "INBOX" : role.ToString(),
            Role = role,
            IsSynced = true,
            UidValidity = UidValidity,
            HistoryComplete = true,
        });
        await db.SaveChangesAsync(cancellationToken);
        return announce.Rows(Read, mailbox.Id, role).Single();

        static AnnouncedMail Read(SqliteDataReader row) => new(row.GetInt64(0), (uint)row.GetInt64(1), (uint)row.GetInt64(2));
    }

    private LedgerEntry EntryOf(BroughtMail mail, AnnouncedMail announced, IncomingMessage incoming, IntakeResult result) => new()
    {
        FolderId = announced.FolderId,
        UidValidity = announced.UidValidity,
        Uid = announced.Uid,
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

    /// <summary>Where a mail stands among what the mailbox was brought.</summary>
    private sealed record AnnouncedMail(long FolderId, uint UidValidity, uint Uid);
}
