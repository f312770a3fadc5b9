using System.Threading.Channels;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Search;
using Enneo.Core.Storage;
using MailKit;
using MailKit.Net.Imap;
using Microsoft.Extensions.Logging;
using MailFolder = Enneo.Core.Mailboxes.MailFolder;

namespace Enneo.Core.Sync;

/// <summary>
/// Brings messages of one folder here: the network fetches a batch while the one before is stored
/// and the one before that is parsed, so none waits for another and memory stays bounded.
/// </summary>
public sealed partial class FolderTransfer(
    DataDirectory directory, Ledger ledger, Intake intake, StatusRecorder status, SearchUpkeep search, TimeProvider clock, ILogger<FolderTransfer> logger)
{
    private const int FirstBatch = 50; // the newest, which somebody is waiting to read
    private const int MaxBatch = 200;
    private const long MaxBatchBytes = MailBytes.MaxInMemory / 4; // several batches are under way at once
    private const uint MaxMailBytes = 1 << 30;
    private const int SummaryBatch = 1000;

    /// <summary>Transfers longer than this report their progress, and leave their words to be read by the search later.</summary>
    private const int Bulk = 200;

    /// <summary>A server that is slow for days must not keep the search waiting for its end.</summary>
    private static readonly TimeSpan s_searchWaits = TimeSpan.FromMinutes(1);

    /// <param name="uids">In the order in which they are wanted.</param>
    internal Task RunAsync(Mailbox mailbox, MailFolder folder, ImapFolder remote, IReadOnlyList<uint> uids, CancellationToken cancellationToken) =>
        RunAsync(mailbox, folder, uids.Count, (fetched, token) => FetchAllAsync(mailbox, remote, uids, fetched, token), cancellationToken);

    /// <param name="fetchAllAsync">Fetches in batches, none of them empty, and completes the channel.</param>
    internal async Task RunAsync(
        Mailbox mailbox, MailFolder folder, int total, Func<ChannelWriter<IReadOnlyList<FetchedMail>>, CancellationToken, Task> fetchAllAsync, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var fetched = Channel.CreateBounded<IReadOnlyList<FetchedMail>>(1);
        var stored = Channel.CreateBounded<IReadOnlyList<StoredMail>>(1);

        var taking = StopOnFailure(intake.RunAsync(mailbox, stored.Reader, isBulk: total > Bulk, stop.Token), stop);
        var storing = StopOnFailure(StoreAllAsync(mailbox, folder, total, fetched.Reader, stored.Writer, stop.Token), stop);
        var fetching = StopOnFailure(fetchAllAsync(fetched.Writer, stop.Token), stop);

        try
        {
            await WhenFirstFailureOrAll(fetching, storing, taking);
        }
        finally
        {
            if (total > Bulk)
            {
                search.Request();
            }
        }
    }

    /// <summary>Throws what went wrong first, not the cancellation that followed from it.</summary>
    private static async Task WhenFirstFailureOrAll(params Task[] tasks)
    {
        try
        {
            await Task.WhenAll(tasks);
        }
        catch (OperationCanceledException) when (tasks.FirstOrDefault(task => task.IsFaulted) is { } faulted)
        {
            await faulted;
        }
    }

    private static async Task StopOnFailure(Task task, CancellationTokenSource stop)
    {
        try
        {
            await task;
        }
        catch (Exception)
        {
            await stop.CancelAsync();
            throw;
        }
    }

    private async Task FetchAllAsync(
        Mailbox mailbox, ImapFolder remote, IReadOnlyList<uint> uids, ChannelWriter<IReadOnlyList<FetchedMail>> fetched, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            foreach (var chunk in InChunks(uids))
            {
                var summaries = await SummariesAsync(remote, chunk, cancellationToken);
                foreach (var batch in InBatches(mailbox, chunk, summaries))
                {
                    if (await FetchBatchAsync(mailbox, remote, batch, cancellationToken) is { Count: > 0 } mails)
                    {
                        await fetched.WriteAsync(mails, cancellationToken);
                    }
                }
            }
        }
        catch (Exception exception) // rethrown below; the reader must end as well
        {
            failure = exception;
            throw;
        }
        finally
        {
            fetched.TryComplete(failure);
        }
    }

    private static IEnumerable<IReadOnlyList<uint>> InChunks(IReadOnlyList<uint> uids) =>
        uids.Take(FirstBatch).Chunk(FirstBatch).Concat(uids.Skip(FirstBatch).Chunk(SummaryBatch));

    private static async Task<Dictionary<uint, IMessageSummary>> SummariesAsync(ImapFolder remote, IReadOnlyList<uint> uids, CancellationToken cancellationToken)
    {
        const MessageSummaryItems Items =
            MessageSummaryItems.UniqueId | MessageSummaryItems.Flags | MessageSummaryItems.InternalDate | MessageSummaryItems.Size;
        var summaries = await remote.FetchAsync([.. uids.Select(uid => new UniqueId(uid))], new FetchRequest(Items), cancellationToken);
        return summaries.Where(s => s.InternalDate is not null).GroupBy(s => s.UniqueId.Id).ToDictionary(g => g.Key, g => g.Last());
    }

    /// <summary>Batches bounded by number and by bytes; a UID without a summary is kept, to be looked for again.</summary>
    private static IEnumerable<IReadOnlyList<(uint Uid, IMessageSummary? Summary)>> InBatches(
        Mailbox mailbox, IReadOnlyList<uint> uids, Dictionary<uint, IMessageSummary> summaries)
    {
        List<(uint, IMessageSummary?)> batch = [];
        long bytes = 0;
        foreach (var uid in uids)
        {
            var summary = summaries.GetValueOrDefault(uid);
            var size = summary is not null && LeftOut(mailbox, uid, summary) is null ? summary.Size ?? 0 : 0;
            if (batch.Count == MaxBatch || (batch.Count > 0 && bytes + size > MaxBatchBytes))
            {
                yield return batch;
                batch = [];
                bytes = 0;
            }

            batch.Add((uid, summary));
            bytes += size;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    private async Task<IReadOnlyList<FetchedMail>> FetchBatchAsync(
        Mailbox mailbox, ImapFolder remote, IReadOnlyList<(uint Uid, IMessageSummary? Summary)> batch, CancellationToken cancellationToken)
    {
        Dictionary<uint, MailBytes> bytes = [];
        UniqueId[] wanted = [.. batch.Where(b => b.Summary is not null && LeftOut(mailbox, b.Uid, b.Summary) is null).Select(b => new UniqueId(b.Uid))];
        if (wanted.Length > 0)
        {
            MailReception reception = new(directory.Transit);
            ((ReceivingFolder)remote).Room = reception.Make;
            await remote.GetStreamsAsync(
                wanted,
                (_, _, uid, stream, _) =>
                {
                    // An expunged message is called back with nothing in it; what is empty does not exist.
                    if (stream.Length > 0)
                    {
                        bytes[uid.Id] = reception.Of(stream);
                    }

                    return Task.CompletedTask;
                },
                cancellationToken);
        }

        List<FetchedMail> mails = new(batch.Count);
        List<uint> absent = [];
        foreach (var (uid, summary) in batch)
        {
            if (summary is not null && LeftOut(mailbox, uid, summary) is { } leftOut)
            {
                mails.Add(leftOut);
            }
            else if (bytes.TryGetValue(uid, out var raw))
            {
                mails.Add(new(uid, raw, summary!.InternalDate!.Value, IsSeen(summary), IsFlagged(summary)));
            }
            else
            {
                absent.Add(uid);
            }
        }

        mails.AddRange(await ConfirmGoneAsync(mailbox, remote, absent, cancellationToken));
        return mails;
    }

    /// <summary>Only what the server no longer lists is gone; anything else stays missing and is asked for at the next sync.</summary>
    private async Task<IReadOnlyList<FetchedMail>> ConfirmGoneAsync(
        Mailbox mailbox, ImapFolder remote, IReadOnlyList<uint> absent, CancellationToken cancellationToken)
    {
        if (absent.Count == 0)
        {
            return [];
        }

        var listed = await remote.SearchAsync(MailKit.Search.SearchQuery.Uids([.. absent.Select(uid => new UniqueId(uid))]), cancellationToken);
        var gone = absent.Except(listed.Select(uid => uid.Id)).ToList();
        if (gone.Count < absent.Count)
        {
            LogNotDelivered(mailbox.Id, absent.Count - gone.Count);
        }

        return [.. gone.Select(uid => new FetchedMail(uid, null, mailbox.ConnectedAt, Seen: false, Outcome: LedgerOutcome.GoneBeforeFetch))];
    }

    private async Task StoreAllAsync(
        Mailbox mailbox, MailFolder folder, int total, ChannelReader<IReadOnlyList<FetchedMail>> fetched,
        ChannelWriter<IReadOnlyList<StoredMail>> stored, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        var done = 0;
        var asked = clock.GetTimestamp();
        try
        {
            await foreach (var batch in fetched.ReadAllAsync(cancellationToken))
            {
                var mails = await StoreAsync(mailbox, folder, batch, cancellationToken);
                await stored.WriteAsync(mails, cancellationToken);
                done += batch.Count;
                if (total > Bulk)
                {
                    await status.ProgressAsync(mailbox.Id, done, total, cancellationToken);
                }

                if (clock.GetElapsedTime(asked) > s_searchWaits)
                {
                    search.Request();
                    asked = clock.GetTimestamp();
                }
            }
        }
        catch (Exception exception) // rethrown below; the reader must end as well
        {
            failure = exception;
            throw;
        }
        finally
        {
            stored.TryComplete(failure);
        }
    }

    private async Task<IReadOnlyList<StoredMail>> StoreAsync(Mailbox mailbox, MailFolder folder, IReadOnlyList<FetchedMail> batch, CancellationToken cancellationToken)
    {
        try
        {
            return await ledger.StoreAsync(folder, mailbox.ConnectedAt, batch, cancellationToken);
        }
        catch (Exception exception) when (StorageException.Covers(exception))
        {
            throw new StorageException(exception); // else it would pass for a connection that broke off
        }
    }

    /// <returns>Null for what is to be fetched.</returns>
    private static FetchedMail? LeftOut(Mailbox mailbox, uint uid, IMessageSummary summary)
    {
        var receivedAt = summary.InternalDate!.Value;
        return receivedAt < mailbox.Since ? new(uid, null, receivedAt, IsSeen(summary), Outcome: LedgerOutcome.Filtered)
            : summary.Size > MaxMailBytes ? new(uid, null, receivedAt, IsSeen(summary), Outcome: LedgerOutcome.Failed, Failure: SyncText.TooLarge)
            : null;
    }

    private static bool IsSeen(IMessageSummary summary) => summary.Flags?.HasFlag(MessageFlags.Seen) ?? false;

    private static bool IsFlagged(IMessageSummary summary) => summary.Flags?.HasFlag(MessageFlags.Flagged) ?? false;

    [LoggerMessage(LogLevel.Warning, "Mailbox {MailboxId}: the server lists {Count} messages that it did not deliver; asking again at the next sync")]
    private partial void LogNotDelivered(long mailboxId, int count);
}
