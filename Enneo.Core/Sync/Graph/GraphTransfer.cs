using System.Threading.Channels;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Enneo.Core.Storage;

namespace Enneo.Core.Sync.Graph;

/// <summary>Brings messages of one folder here by Graph, a few at a time: Exchange takes four requests at once for a mailbox.</summary>
public sealed class GraphTransfer(DataDirectory directory, FolderTransfer transfer)
{
    private const int Batch = 20;
    private const int AtOnce = 3;

    /// <summary>Of one mail; several batches of them are under way at once.</summary>
    private const int MaxInMemory = 1 << 20;

    private const int MaxMailBytes = 1 << 30;

    /// <param name="wanted">In the order in which they are wanted.</param>
    /// <returns>In words, why Graph did not give one of them, which is asked for again; null when it gave all.</returns>
    internal async Task<string?> RunAsync(
        Mailbox mailbox, MailFolder folder, GraphMailbox remote, IReadOnlyList<(uint Uid, GraphItem Item)> wanted, CancellationToken cancellationToken)
    {
        string? refusal = null;
        await transfer.RunAsync(
            mailbox, folder, wanted.Count, async (fetched, token) => refusal = await FetchAllAsync(mailbox, remote, wanted, fetched, token), cancellationToken);
        return refusal;
    }

    private async Task<string?> FetchAllAsync(
        Mailbox mailbox, GraphMailbox remote, IReadOnlyList<(uint Uid, GraphItem Item)> wanted, ChannelWriter<IReadOnlyList<FetchedMail>> fetched, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        string? refusal = null;
        try
        {
            foreach (var batch in wanted.Chunk(Batch))
            {
                var mails = new FetchedMail?[batch.Length];
                await Parallel.ForAsync(0, batch.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (i, token) =>
                {
                    try
                    {
                        mails[i] = await FetchAsync(mailbox, remote, batch[i].Uid, batch[i].Item, token);
                    }
                    catch (MailConnectionException refused) when (refused.Problem is ConnectionProblem.CommandRefused)
                    {
                        refusal = refused.Message; // one that Graph cannot give holds up no other
                    }
                });
                if (mails.OfType<FetchedMail>().ToList() is { Count: > 0 } found)
                {
                    await fetched.WriteAsync(found, cancellationToken);
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

    private async Task<FetchedMail> FetchAsync(Mailbox mailbox, GraphMailbox remote, uint uid, GraphItem item, CancellationToken cancellationToken)
    {
        var (at, seen, flagged) = (item.ReceivedAt ?? mailbox.ConnectedAt, item.IsRead ?? false, item.IsFlagged ?? false);
        if (at < mailbox.Since)
        {
            return new FetchedMail(uid, null, at, seen, Outcome: LedgerOutcome.Filtered);
        }

        var taken = await remote.ReadMimeAsync(
            item.Id, async (stream, token) => new Taken(await MailBytes.TakeAsync(stream, directory.Transit, MaxInMemory, MaxMailBytes, token)), cancellationToken);
        return taken is null ? new FetchedMail(uid, null, at, seen, Outcome: LedgerOutcome.GoneBeforeFetch)
            : taken.Bytes is { } bytes ? new FetchedMail(uid, bytes, at, seen, flagged)
            : new FetchedMail(uid, null, at, seen, Outcome: LedgerOutcome.Failed, Failure: SyncText.TooLarge);
    }

    /// <param name="Bytes">Null for too many.</param>
    private sealed record Taken(MailBytes? Bytes);
}
