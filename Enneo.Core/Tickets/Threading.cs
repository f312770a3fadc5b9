using System.Runtime.CompilerServices;
using Enneo.Core.Messages;

namespace Enneo.Core.Tickets;

/// <summary>Where a message belongs, and why.</summary>
/// <param name="TicketId">Null for a new ticket.</param>
/// <param name="Detail">The id or token that decided.</param>
internal sealed record Placement(long? TicketId, ThreadRule Rule, string Detail)
{
    /// <summary>The ticket whose ids were quoted by somebody who takes no part in it.</summary>
    public long? LinkedTicketId { get; init; }

    /// <summary>Further tickets that turn out to be the same conversation.</summary>
    public IReadOnlyList<long> AlsoFits { get; init; } = [];

    /// <summary>Tickets, the message's own or of <see cref="AlsoFits"/>, of bounces that return this very message.</summary>
    public IReadOnlyList<long> Bounces { get; init; } = [];

    /// <summary>Tickets of strangers who quote this message.</summary>
    public IReadOnlyList<long> QuotedBy { get; init; } = [];
}

/// <summary>
/// Finds the ticket of a message. Ids can be quoted by anybody, so an id joins a ticket only when
/// the sender already takes part in it or is one of us; a bounce alone is believed whoever sends it,
/// since it must return an id that we made up. The order in which mail is read changes nothing of that.
/// </summary>
internal sealed class Threading(ThreadIndex index, TicketTokens tokens, IReadOnlySet<string> ownAddresses)
{
    /// <param name="inSent">It lies in our folder of sent mail, where nobody else can put any.</param>
    public async Task<Placement> PlaceAsync(ParsedMessage message, bool inSent, CancellationToken cancellationToken)
    {
        if (message.Automatic is AutomaticKind.Bounce && BouncedFrom(message) is { } bounced)
        {
            return bounced;
        }

        List<Candidate> fits = [];
        List<long> bounces = [];
        List<Candidate> denied = [];
        await foreach (var candidate in CandidatesAsync(message, cancellationToken))
        {
            if (fits.Exists(fit => fit.TicketId == candidate.TicketId))
            {
                continue;
            }

            if (inSent && candidate is { Rule: ThreadRule.ReferencedBy, HasIt: false } && index.HasBouncesOnly(candidate.TicketId))
            {
                bounces.Add(candidate.TicketId);
                fits.Add(candidate);
            }
            else
            {
                (MayJoin(candidate, message) ? fits : denied).Add(candidate);
            }
        }

        var quotedBy = denied.Where(c => c is { Rule: ThreadRule.ReferencedBy, HasIt: false } && !fits.Exists(fit => fit.TicketId == c.TicketId)).Select(c => c.TicketId).ToList();
        var quoted = denied.Find(c => c is { Rule: not ThreadRule.ReferencedBy, HasIt: true });
        var placement = (fits, quoted) switch
        {
            ([var first, .. var others], _) => new Placement(first.TicketId, first.Rule, first.Detail) { AlsoFits = [.. others.Select(fit => fit.TicketId)] },
            (_, { } linked) => new Placement(null, ThreadRule.StrangerQuotedIds, linked.Detail) { LinkedTicketId = linked.TicketId },
            _ => new Placement(null, ThreadRule.NewThread, ""),
        };
        return placement with { Bounces = bounces, QuotedBy = quotedBy };
    }

    private Placement? BouncedFrom(ParsedMessage message)
    {
        foreach (var id in message.ReturnedMessageIds)
        {
            if (index.TicketsWeSentIn(id) is [var ticketId, ..])
            {
                return new(ticketId, ThreadRule.Bounce, id);
            }
        }

        return null;
    }

    /// <summary>Nearest first: what is answered, then its ancestors, then signed tokens, then what answers this message.</summary>
    private async IAsyncEnumerable<Candidate> CandidatesAsync(ParsedMessage message, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string[] quoted = [.. message.References.Reverse().Prepend(message.InReplyTo).Where(id => id.Length > 0).Distinct(StringComparer.Ordinal)];
        foreach (var id in quoted)
        {
            foreach (var (ticketId, hasIt) in index.TicketsBy(id))
            {
                yield return new(ticketId, ThreadRule.References, id, hasIt);
            }
        }

        foreach (var token in quoted.Append(message.TicketToken).Concat(SubjectTokens(message.Subject)).Where(token => token.Length > 0))
        {
            if (await tokens.FindTicketAsync(token, cancellationToken) is { } signed && index.Surviving(signed) is { } ticketId)
            {
                yield return new(ticketId, ThreadRule.SignedToken, token, HasIt: true);
            }
        }

        if (message.InternetMessageId.Length > 0)
        {
            foreach (var (ticketId, hasIt) in index.TicketsBy(message.InternetMessageId))
            {
                yield return new(ticketId, ThreadRule.ReferencedBy, message.InternetMessageId, hasIt);
            }
        }
    }

    private static IEnumerable<string> SubjectTokens(string subject) =>
        subject.Split(['[', ']', ' ', '#'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.StartsWith('t') && word.Length > 50);

    /// <summary>
    /// Newest first means answers may be here before what they answer: then the question is whether
    /// those who answered were party to this message. Of two answers to a mail that is missing, each
    /// must know the other.
    /// </summary>
    private bool MayJoin(Candidate candidate, ParsedMessage message) => candidate switch
    {
        { HasIt: true } => IsOfTheTicket(candidate.TicketId, message),
        { Rule: ThreadRule.ReferencedBy } => IsPartyTo(message, candidate.TicketId),
        _ => IsOfTheTicket(candidate.TicketId, message) && IsPartyTo(message, candidate.TicketId),
    };

    /// <summary>Its sender takes part in the ticket or is one of us.</summary>
    private bool IsOfTheTicket(long ticketId, ParsedMessage message)
    {
        var sender = message.FromAddress.ToLowerInvariant();
        return ownAddresses.Contains(sender) || index.TakesPart(ticketId, sender);
    }

    /// <summary>Somebody who wrote in the ticket is one of us, or wrote or received this message.</summary>
    private bool IsPartyTo(ParsedMessage message, long ticketId) => index.Writers(ticketId).Exists(writer =>
        ownAddresses.Contains(writer)
        || message.FromAddress.Equals(writer, StringComparison.OrdinalIgnoreCase)
        || message.To.Concat(message.Cc).Concat(message.ReplyTo).Any(party => party.Address.Equals(writer, StringComparison.OrdinalIgnoreCase)));

    /// <param name="HasIt">The ticket has the mail with this id, or was signed for; else a mail of it only refers to the id.</param>
    private sealed record Candidate(long TicketId, ThreadRule Rule, string Detail, bool HasIt);
}
