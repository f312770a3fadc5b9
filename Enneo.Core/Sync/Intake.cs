using System.Threading.Channels;
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
/// Turns stored mail into messages of tickets: several parse while one writes, off the network's
/// path. What a crash leaves between storing and parsing is found by its mark and taken up again.
/// </summary>
public sealed class Intake(
    IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, MessageStore store, MessageParser parser, TicketIntake tickets, SpamIntake spam)
{
    private const int WriteBatch = 100;
    private static readonly int s_parsers = Math.Max(2, Environment.ProcessorCount);

    /// <summary>Takes in what is left over from before. Call it once a mailbox starts to sync.</summary>
    public async Task RecoverAsync(Mailbox mailbox, CancellationToken cancellationToken)
    {
        while (await LeftOverAsync(mailbox.Id, cancellationToken) is { Count: > 0 } mails)
        {
            await WriteAsync(mailbox, await ParseAllAsync(mails, cancellationToken), isBulk: false, cancellationToken);
        }
    }

    /// <summary>Takes in batches as they are stored, until the writer of the channel completes it.</summary>
    /// <param name="isBulk">So many come that the search reads them later: they can be read, listed and answered sooner.</param>
    internal async Task RunAsync(Mailbox mailbox, ChannelReader<IReadOnlyList<StoredMail>> stored, bool isBulk, CancellationToken cancellationToken)
    {
        var parsed = Channel.CreateBounded<IReadOnlyList<ParsedMail>>(1);
        var parsing = ParseBatchesAsync(stored, parsed.Writer, cancellationToken);
        try
        {
            await foreach (var batch in parsed.Reader.ReadAllAsync(cancellationToken))
            {
                await WriteAsync(mailbox, batch, isBulk, cancellationToken);
            }
        }
        finally
        {
            await parsing;
        }
    }

    /// <summary>Parses one stored mail; the bytes are read and verified if they are not at hand.</summary>
    internal async Task<ParsedMail> ParseAsync(StoredMail mail, CancellationToken cancellationToken)
    {
        try
        {
            using var raw = mail.Raw ?? await store.OpenAsync(mail.Source, cancellationToken);
            return new(mail with { Raw = null }, await parser.ParseAsync(raw, cancellationToken));
        }
        catch (CorruptSourceException exception)
        {
            return new(mail, new ParsedMessage { Unreadable = exception.Message });
        }
    }

    private async Task ParseBatchesAsync(
        ChannelReader<IReadOnlyList<StoredMail>> stored, ChannelWriter<IReadOnlyList<ParsedMail>> parsed, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var batch in stored.ReadAllAsync(cancellationToken))
            {
                foreach (var chunk in batch.Chunk(WriteBatch))
                {
                    await parsed.WriteAsync(await ParseAllAsync(chunk, cancellationToken), cancellationToken);
                }
            }

            parsed.Complete();
        }
        catch (Exception exception) // the reader of the channel is the one who must learn of it
        {
            parsed.Complete(exception);
        }
    }

    private async Task<ParsedMail[]> ParseAllAsync(IReadOnlyList<StoredMail> mails, CancellationToken cancellationToken)
    {
        var parsed = new ParsedMail[mails.Count];
        await Parallel.ForAsync(
            0, mails.Count, new ParallelOptions { MaxDegreeOfParallelism = s_parsers, CancellationToken = cancellationToken },
            async (i, token) => parsed[i] = await ParseAsync(mails[i], token));
        return parsed;
    }

    private Task WriteAsync(Mailbox mailbox, IReadOnlyList<ParsedMail> mails, bool isBulk, CancellationToken cancellationToken)
    {
        Task Write(EnneoDbContext db, CancellationToken token) => WriteAsync(db, mailbox, mails, isBulk, token);
        return mails.All(mail => mail.Stored.IsHistory) ? lane.RunBulkAsync(Write, cancellationToken) : lane.RunAsync(Write, cancellationToken);
    }

    private async Task WriteAsync(EnneoDbContext db, Mailbox mailbox, IReadOnlyList<ParsedMail> mails, bool isBulk, CancellationToken cancellationToken)
    {
        List<IncomingMessage> incoming = [.. mails.Select(ToIncoming)];
        var verdicts = spam.Judge(db, mailbox, incoming);
        incoming = [.. incoming.Zip(verdicts, (message, verdict) => message with { OpensAs = verdict.OpensAs })];
        var results = await tickets.AddAsync(db, mailbox, incoming, SyncOrigin.Name, cancellationToken);
        using SqlStatement settle = new(db, "UPDATE ledger SET AwaitsIntake = 0, MessageId = @1, Outcome = @2, Failure = @3 WHERE Id = @0");
        using SearchWriter search = new(db);
        List<SearchDocument> found = [];
        foreach (var (mail, result) in mails.Zip(results))
        {
            if (!result.IsDuplicate && isBulk && mail.Stored.IsHistory)
            {
                search.AddLater(result.MessageId);
            }
            else if (!result.IsDuplicate)
            {
                found.Add(SearchDocument.Of(result.MessageId, mailbox.Id, mail.Stored.ReceivedAt, mail.Parsed));
            }

            var outcome = result.IsDuplicate ? LedgerOutcome.Duplicate
                : mail.Parsed.Unreadable is not null ? LedgerOutcome.Failed
                : LedgerOutcome.Imported;
            settle.Execute(mail.Stored.LedgerId, result.MessageId, outcome, mail.Parsed.Unreadable);
        }

        search.Add(found);
        await spam.SettleAsync(db, mailbox, [.. verdicts.Select((verdict, i) => new ArrivedMail(verdict, incoming[i], results[i]))], SyncOrigin.Name, cancellationToken);
    }

    private static IncomingMessage ToIncoming(ParsedMail mail)
    {
        var stored = mail.Stored;
        return new(
            stored.Source.Id,
            stored.Source.Sha256,
            stored.Source.RawLength,
            mail.Parsed,
            stored.ReceivedAt,
            stored.Seen,
            stored.Flagged,
            stored.FolderId,
            stored.Folder,
            stored.IsHistory);
    }

    private async Task<IReadOnlyList<StoredMail>> LeftOverAsync(long mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await (
            from entry in db.Ledger
            join folder in db.Folders on entry.FolderId equals folder.Id
            join source in db.Sources on entry.SourceId equals source.Id
            where entry.AwaitsIntake && folder.MailboxId == mailboxId
            orderby entry.Id
            select new StoredMail(entry.Id, source, null, entry.ReceivedAt, entry.Seen, entry.Flagged, folder.Id, folder.Role, entry.IsHistory))
            .AsNoTracking()
            .Take(WriteBatch)
            .ToListAsync(cancellationToken);
    }
}

/// <summary>A stored mail and what was read from it.</summary>
internal sealed record ParsedMail(StoredMail Stored, ParsedMessage Parsed);
