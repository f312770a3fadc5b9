using System.Threading.Channels;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Enneo.Core.Storage;

namespace Enneo.Core.Sync.Graph;

/// <summary>A mail to be fetched.</summary>
/// <param name="IsAgain">Graph did not give it before, and the ledger says so.</param>
internal sealed record WantedMail(uint Uid, GraphItem Item, bool IsAgain = false);

/// <summary>How bringing mail here ended.</summary>
/// <param name="Refusal">In words, why Graph did not give one, which is asked for again; null when it gave all.</param>
/// <param name="IsComplete">Each mail stands in the ledger; else the next look finds the rest missing.</param>
internal sealed record GraphTransferred(string? Refusal, bool IsComplete);

/// <summary>Brings messages of one folder here by Graph, a few at a time: Exchange takes four requests at once for a mailbox.</summary>
public sealed class GraphTransfer(DataDirectory directory, FolderTransfer transfer, GraphRefusals refusals)
{
    private const int Batch = 20;
    private const int AtOnce = 3;

    /// <summary>Of one mail; several batches of them are under way at once.</summary>
    private const int MaxInMemory = 1 << 20;

    private const int MaxMailBytes = 1 << 30;

    /// <param name="wanted">In the order in which they are wanted.</param>
    internal async Task<GraphTransferred> RunAsync(
        Mailbox mailbox, MailFolder folder, GraphMailbox remote, IReadOnlyList<WantedMail> wanted, CancellationToken cancellationToken)
    {
        GraphTransferred end = new(null, IsComplete: true);
        await transfer.RunAsync(
            mailbox, folder, wanted.Count, async (fetched, token) => end = await FetchAllAsync(mailbox, folder, remote, wanted, fetched, token), cancellationToken);
        return end;
    }

    private async Task<GraphTransferred> FetchAllAsync(
        Mailbox mailbox, MailFolder folder, GraphMailbox remote, IReadOnlyList<WantedMail> wanted, ChannelWriter<IReadOnlyList<FetchedMail>> fetched, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        GraphTransferred end = new(null, IsComplete: true);
        try
        {
            foreach (var batch in wanted.Where(mail => !mail.IsAgain).Chunk(Batch).Concat(wanted.Where(mail => mail.IsAgain).Chunk(Batch))) // news waits for nothing that was refused before
            {
                var answers = new Answer[batch.Length];
                await Parallel.ForAsync(0, batch.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (i, token) =>
                    answers[i] = await AskAsync(mailbox, remote, batch[i], token));
                await WriteAsync(fetched, [.. answers.Where(answer => !answer.IsRefused)], cancellationToken); // whatever becomes of the others
                refusals.Settle(folder, answers.Where(answer => !answer.IsRefused).Select(answer => answer.Wanted.Item.Id));
                var refused = answers.Where(answer => answer.IsRefused).ToList();
                if (refused.Count == 0)
                {
                    continue;
                }

                var hasNone = refused.Count == answers.Length;
                if (hasNone || refused.Exists(answer => answer.IsStumble))
                {
                    await remote.ProveAsync(cancellationToken); // where it does not open the mailbox any more, that is the failure, and no mail's
                }

                var isLeft = refused.Where(answer => !answer.Wanted.IsAgain).ToLookup(answer => answer.IsStumble && !refusals.IsOften(folder, answer.Wanted.Item.Id));
                await WriteAsync(fetched, [.. isLeft[false]], cancellationToken);
                end = new GraphTransferred(refused[^1].Mail.Failure, end.IsComplete && !isLeft[true].Any());
                if (hasNone && (isLeft[true].Any() || (batch[0].IsAgain && refused.Exists(answer => answer.IsStumble))))
                {
                    return end; // the rest of the folder waits for the next look
                }
            }

            return end;
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

    private static async Task WriteAsync(ChannelWriter<IReadOnlyList<FetchedMail>> fetched, IReadOnlyCollection<Answer> answers, CancellationToken cancellationToken)
    {
        if (answers.Count > 0)
        {
            await fetched.WriteAsync([.. answers.Select(answer => answer.Mail)], cancellationToken);
        }
    }

    /// <summary>One that Graph cannot give, or not in time, holds up no other.</summary>
    private async Task<Answer> AskAsync(Mailbox mailbox, GraphMailbox remote, WantedMail wanted, CancellationToken cancellationToken)
    {
        try
        {
            return new Answer(wanted, await FetchAsync(mailbox, remote, wanted.Uid, wanted.Item, cancellationToken) with { IsAgain = wanted.IsAgain });
        }
        catch (MailConnectionException refused) when (refused.Problem is ConnectionProblem.CommandRefused or ConnectionProblem.ServerUnavailable)
        {
            return new Answer(
                wanted,
                new FetchedMail(
                    wanted.Uid, null, wanted.Item.ReceivedAt ?? mailbox.ConnectedAt, wanted.Item.IsRead ?? false, wanted.Item.IsFlagged ?? false, LedgerOutcome.Failed, refused.Message),
                IsRefused: true,
                IsStumble: refused.Problem is ConnectionProblem.ServerUnavailable);
        }
    }

    private async Task<FetchedMail> FetchAsync(Mailbox mailbox, GraphMailbox remote, uint uid, GraphItem item, CancellationToken cancellationToken)
    {
        var (at, seen, flagged) = (item.ReceivedAt ?? mailbox.ConnectedAt, item.IsRead ?? false, item.IsFlagged ?? false);
        if (at < mailbox.Since)
        {
            return new FetchedMail(uid, null, at, seen, Outcome: LedgerOutcome.Filtered);
        }

        var taken = await remote.ReadMimeAsync(
            item.Id, async (stream, token) => new Taken(await MailBytes.TakeAsync(stream, directory.Transit, MaxInMemory, MaxMailBytes, token)), cancellationToken);
        if (taken is { Bytes: { Length: 0 } nothing })
        {
            nothing.Dispose();
            throw GraphFailure.Empty();
        }

        return taken is null ? new FetchedMail(uid, null, at, seen, Outcome: LedgerOutcome.GoneBeforeFetch)
            : taken.Bytes is { } bytes ? new FetchedMail(uid, bytes, at, seen, flagged)
            : new FetchedMail(uid, null, at, seen, Outcome: LedgerOutcome.Failed, Failure: SyncText.TooLarge);
    }

    /// <param name="Bytes">Null for too many.</param>
    private sealed record Taken(MailBytes? Bytes);

    /// <param name="IsStumble">Graph was busy or too slow, which may pass.</param>
    private sealed record Answer(WantedMail Wanted, FetchedMail Mail, bool IsRefused = false, bool IsStumble = false);
}
