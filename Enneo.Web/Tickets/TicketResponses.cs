using Enneo.Core.Integrations;
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
    string? SpamStatus,
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
    IReadOnlyList<long> Tags,
    string? ExternalTicketId)
{
    public static TicketRowResponse From(TicketRow row) => new(
        row.Id, row.MailboxId, "email", row.Subject, TicketWords.Of(row.Status), TicketWords.Of(row.SpamStatus), Word(row.Place), row.AssigneeId, row.People, row.Snippet,
        row.MessageCount, row.UnreadCount, row.HasAttachments, row.CreatedAt, row.LastMessageAt, row.SnoozedUntil, row.TagIds, row.ExternalId);

    private static string Word(TicketPlace place) => place switch
    {
        TicketPlace.Junk => "junk",
        TicketPlace.Trash => "trash",
        TicketPlace.Drafts => "drafts",
        _ => "inbox",
    };
}

/// <summary>A whole ticket; what it says is its first message.</summary>
/// <param name="MergedInto">Set where another ticket was asked for that was merged into this one.</param>
internal sealed record TicketResponse(
    long Id,
    long? MergedInto,
    string Direction,
    string From,
    string FromName,
    IReadOnlyList<string> To,
    IReadOnlyList<string> CcEmails,
    IReadOnlyList<string> BccEmails,
    long SubchannelId,
    string Channel,
    string? ExternalTicketId,
    string? LanguageCode,
    string? SpamStatus,
    string Folder,
    string Status,
    string Summary,
    string Subject,
    string Body,
    string BodyPlain,
    string BodyClean,
    DateTimeOffset CreatedAt,
    DateTimeOffset ModifiedAt,
    DateTimeOffset LastMessageAt,
    DateTimeOffset? ClosedAt,
    DateTimeOffset? SnoozedUntil,
    long? Assignee,
    IReadOnlyList<long> WorkedOnBy,
    int MessageCount,
    int UnreadCount,
    IReadOnlyList<AttachmentResponse> Attachments,
    IReadOnlyList<long> Tags,
    AddressResponse? Customer)
{
    public static TicketResponse Of(TicketDetail detail)
    {
        var (row, first) = (detail.Row, detail.First);
        return new TicketResponse(
            row.Id,
            detail.MergedInto,
            TicketWords.Of(first?.Direction ?? MessageDirection.In),
            first?.From.Address ?? "",
            first?.From.Name ?? "",
            Addresses(first?.To),
            Addresses(first?.Cc),
            Addresses(first?.Bcc),
            row.MailboxId,
            "email",
            row.ExternalId,
            first?.Language is { Length: > 0 } language ? language : null,
            TicketWords.Of(row.SpamStatus),
            TicketRowResponse.From(row).Folder,
            TicketWords.Of(row.Status),
            row.Snippet,
            row.Subject,
            first?.Html ?? first?.Text ?? "",
            first?.Text ?? "",
            first?.NewText ?? "",
            row.CreatedAt,
            detail.ModifiedAt,
            row.LastMessageAt,
            detail.ClosedAt,
            row.SnoozedUntil,
            row.AssigneeId,
            row.AssigneeId is { } assignee ? [assignee] : [],
            row.MessageCount,
            row.UnreadCount,
            first is null ? [] : AttachmentResponse.Of(first),
            row.TagIds,
            detail.Customer is { } customer ? AddressResponse.From(customer) : null);
    }

    private static IReadOnlyList<string> Addresses(IReadOnlyList<MailAddress>? addresses) => [.. (addresses ?? []).Select(address => address.Address)];
}

internal sealed record TicketAnswer(bool Success, TicketResponse Ticket);

internal sealed record TicketListAnswer(bool Success, IReadOnlyList<TicketRowResponse> Tickets, int Total, int Limit, int Offset);

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
