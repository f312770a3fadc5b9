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

/// <summary>Brings messages of one folder here by Graph, a few at a time: Exchange takes four requests at once for a mailbox.</summary>
public sealed class GraphTransfer(DataDirectory directory, FolderTransfer transfer, GraphRefusals refusals)
{
    private const int Batch = 20;
    private const int AtOnce = 3;

    /// <summary>Of one mail; several batches of them are under way at once.</summary>
    private const int MaxInMemory = 1 << 20;

    private const int MaxMailBytes = 1 << 30;

    /// <param name="wanted">In the order in which they are wanted.</param>
    /// <returns>In words, why Graph did not give one of them, which is asked for again; null when it gave all.</returns>
    internal async Task<string?> RunAsync(
        Mailbox mailbox, MailFolder folder, GraphMailbox remote, IReadOnlyList<WantedMail> wanted, CancellationToken cancellationToken)
    {
        string? refusal = null;
        await transfer.RunAsync(
            mailbox, folder, wanted.Count, async (fetched, token) => refusal = await FetchAllAsync(mailbox, folder, remote, wanted, fetched, token), cancellationToken);
        return refusal;
    }

    private async Task<string?> FetchAllAsync(
        Mailbox mailbox, MailFolder folder, GraphMailbox remote, IReadOnlyList<WantedMail> wanted, ChannelWriter<IReadOnlyList<FetchedMail>> fetched, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        string? refusal = null;
        try
        {
            foreach (var batch in wanted.Chunk(Batch))
            {
                var mails = new FetchedMail[batch.Length];
                await Parallel.ForAsync(0, batch.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (i, token) =>
                    mails[i] = await FetchAsync(mailbox, remote, batch[i], token));
                if (mails.Where(IsRefused).LastOrDefault() is { } refused)
                {
                    refusal = refused.Failure;
                    await ProveAsync(remote, mails, cancellationToken);
                }

                var here = mails.Zip(batch).Where(pair => !(pair.Second.IsAgain && IsRefused(pair.First))).ToList();
                if (here.Count > 0)
                {
                    await refusals.ForgetAsync(folder, [.. here.Where(pair => pair.Second.IsAgain).Select(pair => pair.Second.Uid)], cancellationToken);
                    await fetched.WriteAsync([.. here.Select(pair => pair.First)], cancellationToken);
                }
            }

            return refusal;
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

    private static bool IsRefused(FetchedMail mail) => mail is { Outcome: LedgerOutcome.Failed, Failure: { } words } && words != SyncText.TooLarge;

    /// <summary>Where Graph gave none of them, it may be that it does not open the mailbox any more: then that is the failure, and no mail's.</summary>
    private static Task ProveAsync(GraphMailbox remote, IReadOnlyCollection<FetchedMail> mails, CancellationToken cancellationToken) =>
        mails.All(IsRefused) ? remote.ProveAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>One that Graph cannot give holds up no other.</summary>
    private async Task<FetchedMail> FetchAsync(Mailbox mailbox, GraphMailbox remote, WantedMail wanted, CancellationToken cancellationToken)
    {
        try
        {
            return await FetchAsync(mailbox, remote, wanted.Uid, wanted.Item, cancellationToken);
        }
        catch (MailConnectionException refused) when (refused.Problem is ConnectionProblem.CommandRefused)
        {
            return new FetchedMail(
                wanted.Uid, null, wanted.Item.ReceivedAt ?? mailbox.ConnectedAt, wanted.Item.IsRead ?? false, wanted.Item.IsFlagged ?? false, LedgerOutcome.Failed, refused.Message);
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
}
