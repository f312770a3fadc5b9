using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sending;

/// <summary>
/// Looks into Sent Items by Graph, where IMAP is not to be had. Exchange files what it sends, by whichever road; Graph takes no
/// finished mail into a folder, so that nothing is filed from here.
/// </summary>
internal sealed class GraphFiling(
    IDbContextFactory<EnneoDbContext> dbFactory, GraphReading graph, AccountTokens tokens, FilingRecords records, SentDrafts sentDrafts)
{
    /// <summary>Clocks need not agree.</summary>
    private static readonly TimeSpan s_clocks = TimeSpan.FromMinutes(15);

    /// <exception cref="Connections.MailConnectionException">Graph could not be reached or refused.</exception>
    public async Task RunAsync(Mailbox mailbox, IReadOnlyList<OutgoingMessage> due, CancellationToken cancellationToken)
    {
        var remote = await graph.OpenAsync(await tokens.AccountOfAsync(mailbox.Id, cancellationToken), mailbox.Address, isReadOnly: true, cancellationToken);
        foreach (var outgoing in due)
        {
            if (await FindAsync(remote, outgoing, cancellationToken) is { } ids)
            {
                await records.FoundAsync(outgoing.Id, ids, cancellationToken);
                await sentDrafts.RemoveAsync(outgoing.Id, cancellationToken);
            }
            else if (FilingRecords.IsInDoubt(outgoing) || FilingRecords.MayStillAppear(outgoing))
            {
                await records.NotFoundAsync(outgoing.Id, cancellationToken);
            }
            else
            {
                await records.CannotAsync(outgoing.Id, cancellationToken);
            }
        }
    }

    /// <returns>The Message-IDs that are new to us; null when there is no copy.</returns>
    private async Task<IReadOnlyList<string>?> FindAsync(GraphMailbox remote, OutgoingMessage outgoing, CancellationToken cancellationToken)
    {
        var known = await KnownIdsAsync(outgoing, cancellationToken);
        var token = outgoing.InternetMessageId[..outgoing.InternetMessageId.LastIndexOf('@')];
        await foreach (var (id, mark) in remote.SentSinceAsync((outgoing.SentAt ?? outgoing.CreatedAt) - s_clocks, MailHeaders.Ticket, cancellationToken))
        {
            var ids = MessageIds.In(id).ToList();
            if (ids.Exists(known.Contains))
            {
                return [];
            }

            if (mark.Contains(token, StringComparison.Ordinal))
            {
                return ids;
            }
        }

        return null;
    }

    private async Task<HashSet<string>> KnownIdsAsync(OutgoingMessage outgoing, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var given = await db.ThreadKeys
            .Where(k => k.MailboxId == outgoing.MailboxId && k.MessageId == outgoing.MessageId && k.TicketId == outgoing.TicketId)
            .Select(k => k.InternetMessageId)
            .ToListAsync(cancellationToken);
        return [outgoing.InternetMessageId, .. given];
    }
}
