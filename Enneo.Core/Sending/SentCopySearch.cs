using Enneo.Core.Data;
using Enneo.Core.Messages;
using Enneo.Core.Tickets;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sending;

/// <summary>Finds the copy of a mail in Sent, whatever Message-ID the server gave it.</summary>
internal sealed class SentCopySearch(IDbContextFactory<EnneoDbContext> dbFactory, OutgoingSource source, TicketTokens tokens)
{
    /// <returns>The Message-IDs that are new to us; null when there is no copy.</returns>
    public async Task<IReadOnlyList<string>?> FindAsync(IMailFolder folder, OutgoingMessage outgoing, CancellationToken cancellationToken)
    {
        foreach (var id in await KnownIdsAsync(outgoing, cancellationToken))
        {
            // Only we, or the server for us, make these ids: whatever carries one is the mail.
            if ((await folder.SearchAsync(SearchQuery.HeaderContains("Message-ID", id), cancellationToken)).Count > 0)
            {
                return [];
            }
        }

        try
        {
            return await FindByMarkAsync(folder, outgoing, cancellationToken) ?? await FindByReferencesAsync(folder, outgoing, cancellationToken);
        }
        catch (ImapCommandException) when (folder.IsOpen)
        {
            return null; // it searches in no other field than those that it knows
        }
    }

    private async Task<List<string>> KnownIdsAsync(OutgoingMessage outgoing, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var given = await db.ThreadKeys
            .Where(k => k.MailboxId == outgoing.MailboxId && k.MessageId == outgoing.MessageId && k.TicketId == outgoing.TicketId && k.InternetMessageId != outgoing.InternetMessageId)
            .Select(k => k.InternetMessageId)
            .ToListAsync(cancellationToken);
        return [outgoing.InternetMessageId, .. given];
    }

    private static async Task<IReadOnlyList<string>?> FindByMarkAsync(IMailFolder folder, OutgoingMessage outgoing, CancellationToken cancellationToken)
    {
        var token = outgoing.InternetMessageId[..outgoing.InternetMessageId.LastIndexOf('@')];
        var found = await folder.SearchAsync(SearchQuery.HeaderContains(MailHeaders.Ticket, token), cancellationToken);
        return found.Count == 0 ? null : IdsOf(await EnvelopesAsync(folder, found, cancellationToken));
    }

    /// <summary>Mails of one thread share our mark in their references: the right one was written at the same moment about the same.</summary>
    private async Task<IReadOnlyList<string>?> FindByReferencesAsync(IMailFolder folder, OutgoingMessage outgoing, CancellationToken cancellationToken)
    {
        using var mail = await source.ReadAsync(outgoing, cancellationToken) is { } bytes ? StoredMail.Load(bytes) : null;
        if (mail is null)
        {
            return null;
        }

        foreach (var reference in mail.Message.References)
        {
            if (await tokens.FindTicketAsync(reference, cancellationToken) is not null)
            {
                var found = await folder.SearchAsync(SearchQuery.HeaderContains("References", reference), cancellationToken);
                var same = (await EnvelopesAsync(folder, found, cancellationToken)).Where(copy => copy.Date == mail.Message.Date && copy.Subject == mail.Message.Subject).ToList();
                return same.Count == 0 ? null : IdsOf(same);
            }
        }

        return null;
    }

    private static async Task<IEnumerable<Envelope>> EnvelopesAsync(IMailFolder folder, IList<UniqueId> uids, CancellationToken cancellationToken) =>
        uids.Count == 0 ? [] : (await folder.FetchAsync(uids, new FetchRequest(MessageSummaryItems.UniqueId | MessageSummaryItems.Envelope), cancellationToken))
            .Select(summary => summary.Envelope)
            .OfType<Envelope>();

    private static List<string> IdsOf(IEnumerable<Envelope> copies) => [.. copies.Select(copy => copy.MessageId).OfType<string>().SelectMany(MessageIds.In)];
}
