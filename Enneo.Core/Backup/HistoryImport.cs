using System.Globalization;
using System.Security.Cryptography;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Search;
using Enneo.Core.Storage;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Backup;

/// <summary>How an import went.</summary>
/// <param name="AlreadyHere">Mails that the mailbox has; they stay as they are.</param>
/// <param name="Strange">Files that hold no mail, and mails that are too long.</param>
public sealed record HistoryImported(int Imported, int AlreadyHere, IReadOnlyList<string> Strange);

/// <summary>
/// Takes mail from files into a mailbox, as history: it is threaded, read and found, it announces nothing, and no server learns of
/// it. It can be repeated: what is here already is passed over. The holder of the <see cref="ServerLock"/> calls it.
/// </summary>
public sealed class HistoryImport(
    IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, MessageStore store, MessageParser parser, TicketIntake tickets, TimeProvider clock)
{
    private const string Origin = "command";
    private const int Batch = 100;
    private const int BatchBytes = 16 << 20;

    /// <param name="path">A file, or a folder.</param>
    /// <param name="progress">Told how many mails were read.</param>
    /// <exception cref="IOException">A file cannot be read. What came before is imported.</exception>
    public async Task<HistoryImported> RunAsync(long mailboxId, string path, IProgress<int> progress, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var mailbox = await db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == mailboxId, cancellationToken);
        List<string> strange = [];
        List<ArchivedMail> batch = [];
        var (read, tooLong, imported, bytes) = (0, 0, 0, 0);
        foreach (var mail in MailFiles.Read(path, strange.Add))
        {
            read++;
            if (mail.Raw.Length == 0)
            {
                strange.Add(string.Format(CultureInfo.CurrentCulture, BackupText.MailTooLong, read));
                tooLong++;
                continue;
            }

            batch.Add(mail);
            bytes += mail.Raw.Length;
            if (batch.Count == Batch || bytes > BatchBytes)
            {
                imported += await ImportAsync(mailbox, batch, cancellationToken);
                batch.Clear();
                bytes = 0;
                progress.Report(read);
            }
        }

        imported += await ImportAsync(mailbox, batch, cancellationToken);
        return new HistoryImported(imported, read - tooLong - imported, strange);
    }

    private async Task<int> ImportAsync(Mailbox mailbox, IReadOnlyList<ArchivedMail> mails, CancellationToken cancellationToken)
    {
        var read = new ReadMail[mails.Count];
        await Parallel.ForAsync(0, mails.Count, cancellationToken, async (i, token) => read[i] = new(mails[i], await parser.ParseAsync(mails[i].Raw, token)));
        var wanted = await NewAsync(mailbox.Id, read, cancellationToken);
        if (wanted.Count == 0)
        {
            return 0;
        }

        var sources = await store.AppendAsync([.. wanted.Select(mail => (MailBytes)mail.Archived.Raw)], cancellationToken);
        return await lane.RunBulkAsync((db, token) => AddAsync(db, mailbox, wanted, sources, token), cancellationToken);
    }

    /// <summary>
    /// The same bytes are the same mail. Other programs add fields of their own to it; here the same sender, date and Message-ID
    /// are the same mail as well.
    /// </summary>
    private async Task<IReadOnlyList<ReadMail>> NewAsync(long mailboxId, IReadOnlyList<ReadMail> mails, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var hashes = mails.Select(mail => mail.Sha256).ToList();
        var here = (await db.Messages
            .Where(m => m.MailboxId == mailboxId && hashes.Contains(m.Sha256!))
            .Select(m => m.Sha256!)
            .ToListAsync(cancellationToken)).Select(Convert.ToHexString).ToHashSet();
        var ids = mails.Select(mail => mail.Parsed.InternetMessageId).Where(id => id.Length > 0).ToList();
        var known = (await db.Messages
            .Where(m => m.MailboxId == mailboxId && ids.Contains(m.InternetMessageId))
            .Select(m => new { m.InternetMessageId, m.FromAddress, m.SentAt })
            .ToListAsync(cancellationToken)).Select(m => (m.InternetMessageId, m.FromAddress, m.SentAt)).ToHashSet();
        return [.. mails
            .Where(mail => here.Add(Convert.ToHexString(mail.Sha256)))
            .Where(mail => mail.Parsed.InternetMessageId.Length == 0 || known.Add((mail.Parsed.InternetMessageId, mail.Parsed.FromAddress, mail.Parsed.SentAt)))];
    }

    private async Task<int> AddAsync(
        EnneoDbContext db, Mailbox mailbox, IReadOnlyList<ReadMail> mails, IReadOnlyList<StoredSource> sources, CancellationToken cancellationToken)
    {
        db.Sources.AddRange(sources);
        await db.SaveChangesAsync(cancellationToken);
        var own = mailbox.OwnAddresses.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var results = await tickets.AddAsync(
            db, mailbox, [.. mails.Zip(sources, (mail, source) => ToIncoming(mail, source, own))], Origin, cancellationToken);
        using SearchWriter search = new(db);
        var imported = 0;
        foreach (var (mail, result) in mails.Zip(results).Where(pair => !pair.Second.IsDuplicate))
        {
            search.Add(SearchDocument.Of(result.MessageId, mailbox.Id, ReceivedAt(mail), mail.Parsed));
            imported++;
        }

        return imported;
    }

    private IncomingMessage ToIncoming(ReadMail mail, StoredSource source, HashSet<string> own) => new(
        source.Id,
        source.Sha256,
        source.RawLength,
        mail.Parsed,
        ReceivedAt(mail),
        IsSeen: true,
        IsFlagged: false,
        FolderId: null,
        own.Contains(mail.Parsed.FromAddress) ? FolderRole.Sent : FolderRole.Archive,
        IsHistory: true);

    private DateTimeOffset ReceivedAt(ReadMail mail)
    {
        var now = clock.GetUtcNow();
        var at = mail.Archived.At ?? mail.Parsed.SentAt ?? now;
        return at < now ? at : now;
    }

    private sealed record ReadMail(ArchivedMail Archived, ParsedMessage Parsed)
    {
        public byte[] Sha256 { get; } = SHA256.HashData(Archived.Raw);
    }
}
