using System.Text.Json;
using Enneo.Core.Integrations;
using Enneo.Core.Integrations.Facts;
using Enneo.Core.Integrations.Search;
using Enneo.Core.Messages;
using Enneo.Core.Tickets;

namespace Enneo.Web.Tickets;

/// <summary>A person or program with an address.</summary>
internal sealed record AddressResponse(string Name, string Email)
{
    public static AddressResponse From(MailAddress address) => new(address.Name, address.Address);
}

/// <summary>A ticket in a list: no bodies, no attachments.</summary>
internal sealed record TicketRowResponse(
    long Id,
    long SubchannelId,
    string Channel,
    string Subject,
    string Status,
    string Priority,
    string? SpamStatus,
    string AiSupportLevel,
    string Folder,
    long? Assignee,
    string People,
    string Summary,
    int MessageCount,
    int UnreadCount,
    bool HasAttachments,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastMessageAt,
    DateTimeOffset? SnoozedUntil,
    DateTimeOffset? FirstResponseDueBy,
    DateTimeOffset? DueBy,
    IReadOnlyList<long> Tags,
    string? ContractId,
    string? ExternalTicketId)
{
    public static TicketRowResponse From(TicketRow row) => new(
        row.Id, row.MailboxId, ChannelOf(row), row.Subject, TicketWords.Of(row.Status), TicketWords.Of(row.Priority), TicketWords.Of(row.SpamStatus), TicketWords.Of(row.SupportLevel), TicketWords.Of(row.Place),
        row.AssigneeId, row.People, row.Snippet, row.MessageCount, row.UnreadCount, row.HasAttachments, row.CreatedAt, row.LastMessageAt, row.SnoozedUntil,
        row.FirstResponseDueBy, row.DueBy, row.TagIds, row.Facts?.ContractId, row.ExternalId);

    internal static string ChannelOf(TicketRow row) => JsonNamingPolicy.CamelCase.ConvertName((row.Facts?.Channel ?? TicketChannel.Email).ToString());
}

internal sealed record TicketAnswer(bool Success, TicketResponse Ticket);

/// <param name="NextCursor">For the next page; null on the last one.</param>
/// <param name="TotalIsAtLeast">With q there may be more: it finds the newest 1,000 conversations.</param>
internal sealed record TicketListAnswer(bool Success, IReadOnlyList<TicketRowResponse> Tickets, int Total, int Limit, int Offset, string? NextCursor, bool TotalIsAtLeast);

/// <summary>A ticket of the same person.</summary>
internal sealed record HistoryResponse(long Id, long SubchannelId, string Subject, string Status, string Summary, DateTimeOffset LastMessageAt)
{
    public static HistoryResponse From(TicketSummary ticket) => new(ticket.Id, ticket.MailboxId, ticket.Subject, TicketWords.Of(ticket.Status), ticket.Snippet, ticket.LastMessageAt);
}

internal sealed record HistoryAnswer(bool Success, AddressResponse Customer, IReadOnlyList<HistoryResponse> Tickets, int Limit, int Offset);

/// <summary>What is open in a mailbox; what is snoozed is none of the others.</summary>
internal sealed record MailboxStats(long SubchannelId, int Open, int Unread, int Mine, int Unassigned, int Snoozed);

internal sealed record StatsAnswer(bool Success, int Open, int Unread, int Mine, int Unassigned, int Snoozed, int Spam, IReadOnlyList<MailboxStats> Subchannels)
{
    public static StatsAnswer From(TicketCounts counts)
    {
        MailboxStats[] mailboxes = [.. counts.Mailboxes.OrderBy(m => m.MailboxId).Select(m => new MailboxStats(m.MailboxId, m.Open, m.Unread, m.Mine, m.Unassigned, m.Snoozed))];
        return new(
            true, mailboxes.Sum(m => m.Open), mailboxes.Sum(m => m.Unread), mailboxes.Sum(m => m.Mine), mailboxes.Sum(m => m.Unassigned), mailboxes.Sum(m => m.Snoozed),
            counts.Junk, mailboxes);
    }
}
