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
/// Takes in mail that programs bring, whole and in the transaction of whoever calls: what goes with it is there
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
    public async Task<ReceivedMail> AddAsync(EnneoDbContext db, Mailbox mailbox, BroughtMail mail, CancellationToken cancellationToken) =>
        (await AddAsync(db, mailbox, [mail], mail.Origin, cancellationToken))[0];

    /// <inheritdoc cref="AddAsync(EnneoDbContext, Mailbox, BroughtMail, CancellationToken)"/>
    /// <returns>What each has become, in order.</returns>
    public async Task<IReadOnlyList<ReceivedMail>> AddAsync(EnneoDbContext db, Mailbox mailbox, IReadOnlyList<BroughtMail> mails, string origin, CancellationToken cancellationToken)
    {
        using LedgerRows rows = new(db);
        List<AnnouncedMail?> announced = [];
        List<IncomingMessage> incoming = [];
        foreach (var mail in mails)
        {
            var source = rows.Add(mail.Source);
            announced.Add(mail.JoinsTicketId is null ? await AnnounceAsync(db, mailbox, mail.Folder, cancellationToken) : null);
            incoming.Add(ToIncoming(mailbox, mail, source, announced[^1]));
        }

        var verdicts = spam.Judge(db, mailbox, incoming);
        incoming = [.. incoming.Zip(verdicts, (message, verdict) => message with { OpensAs = verdict.OpensAs })];
        var results = await tickets.AddAsync(db, mailbox, incoming, origin, cancellationToken);
        for (var i = 0; i < mails.Count; i++)
        {
            if (announced[i] is { } place)
            {
                rows.Add(EntryOf(mails[i], place, incoming[i], results[i]));
            }
        }

        using (SearchWriter search = new(db))
        {
            search.Add([.. mails.Zip(results).Where(mail => !mail.Second.IsDuplicate)
                .Select(mail => SearchDocument.Of(mail.Second.MessageId, mailbox.Id, mail.First.At, mail.First.Parsed))]);
        }

        var arrived = mails.Select((mail, i) => new ArrivedMail(verdicts[i], incoming[i], results[i]) { Pace = mail.Pace });
        await spam.SettleAsync(db, mailbox, [.. arrived], origin, cancellationToken);
        return [.. results.Select(result => new ReceivedMail(result.TicketId, result.MessageId, result.IsDuplicate))];
    }

    private static IncomingMessage ToIncoming(Mailbox mailbox, BroughtMail mail, StoredSource source, AnnouncedMail? announced) => new(
        source.Id, source.Sha256, source.RawLength, mail.Parsed, mail.At, mail.IsSeen, IsFlagged: false,
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
        SourceId = incoming.SourceId,
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
