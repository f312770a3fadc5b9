using Enneo.Core.Integrations.Receiving;
using Enneo.Core.Tickets;

namespace Enneo.Core.Integrations.Comparison;

/// <summary>A mail as another helpdesk tells of it.</summary>
public sealed record HelpdeskRow(string MessageId, string Ticket, string Status = "", string Assignee = "", DateTimeOffset? At = null)
{
    public const int MaxText = 200;

    /// <summary>Whether it says what a mail can have.</summary>
    public bool IsRight => MessageId.Length is > 0 and <= MailSyntax.MaxId && Ticket.Length is > 0 and <= MaxText && Status.Length <= MaxText && Assignee.Length <= MaxText;

    /// <summary>Without what surrounds its texts.</summary>
    public HelpdeskRow Tidy() => new(MailSyntax.Bare(MessageId.Trim())!, Ticket.Trim(), Status.Trim(), Assignee.Trim(), At);
}

/// <summary>The words that helpdesks have for the states of tickets.</summary>
internal static class HelpdeskWords
{
    private static readonly Dictionary<string, TicketStatus> s_statuses = new(StringComparer.OrdinalIgnoreCase)
    {
        ["open"] = TicketStatus.Open,
        ["new"] = TicketStatus.Open,
        ["active"] = TicketStatus.Open,
        ["1"] = TicketStatus.Open, // FreeScout's numbers
        ["pending"] = TicketStatus.Pending,
        ["pending reminder"] = TicketStatus.Pending,
        ["pending close"] = TicketStatus.Pending,
        ["waiting"] = TicketStatus.Pending,
        ["on hold"] = TicketStatus.Pending,
        ["2"] = TicketStatus.Pending,
        ["closed"] = TicketStatus.Closed,
        ["resolved"] = TicketStatus.Closed,
        ["solved"] = TicketStatus.Closed,
        ["merged"] = TicketStatus.Closed,
        ["3"] = TicketStatus.Closed,
    };

    /// <returns>Null for what says nothing to us, spam among it.</returns>
    public static TicketStatus? StatusOf(string word) => s_statuses.TryGetValue(word, out var status) ? status : null;
}
