using Enneo.Core.Messages;

namespace Enneo.Core.Tickets;

/// <summary>
/// Knows copies in Sent of what was sent from here, even if the server changed them on the way and gave them
/// another Message-ID. Within a transaction of the writer lane.
/// </summary>
internal sealed class SentCopies(TicketRows rows, ThreadIndex index, TicketTokens tokens)
{
    /// <returns>The message that it is a copy of; null if it was not sent from here.</returns>
    public async Task<(long MessageId, long TicketId)?> FindAsync(IncomingMessage copy, CancellationToken cancellationToken)
    {
        var parsed = copy.Parsed;
        if (await tokens.FindTicketAsync(parsed.InternetMessageId, cancellationToken) is not null)
        {
            return rows.FindSentFromHere(parsed.InternetMessageId);
        }

        if (parsed.TicketToken.Length > 0 && await tokens.FindTicketAsync(parsed.TicketToken, cancellationToken) is not null)
        {
            return rows.FindSentWithToken(parsed.TicketToken);
        }

        // What was here before the mailbox was connected was not sent from here; that spares a first sync the rest.
        return copy.IsHistory || parsed.InternetMessageId.Length == 0 ? null
            : index.SentFromHereAs(parsed.InternetMessageId) ?? await FindByReferencesAsync(parsed, cancellationToken);
    }

    /// <summary>Neither id nor header is left: then it is the mail of the ticket that we wrote with that subject at that moment.</summary>
    private async Task<(long MessageId, long TicketId)?> FindByReferencesAsync(ParsedMessage parsed, CancellationToken cancellationToken)
    {
        foreach (var reference in parsed.SentAt is null ? [] : parsed.References.Reverse())
        {
            if (await tokens.FindTicketAsync(reference, cancellationToken) is { } signed && index.Surviving(signed) is { } ticketId)
            {
                return rows.FindSentAt(ticketId, parsed.SentAt, parsed.Subject);
            }
        }

        return null;
    }
}
