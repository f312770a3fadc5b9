using System.Text.Json;
using Enneo.Core.Integrations;
using Enneo.Core.Integrations.Search;
using Enneo.Core.Messages;

namespace Enneo.Web.Tickets;

/// <summary>A whole ticket; what it says is its first message.</summary>
/// <param name="Interface">By what its mailbox is reached: imap, microsoft365 or api.</param>
/// <param name="Channel">email, unless another system said otherwise.</param>
/// <param name="ChannelId">The same as subchannelId.</param>
/// <param name="Sentiment">positive, neutral or negative; null where no language model has read it.</param>
/// <param name="AutoExecuteAt">When an answer that Enneo gives by itself leaves; null when none waits.</param>
/// <param name="IsCustomerActive">The last word is the customer's.</param>
/// <param name="WorkedOnBy">Its assignee, and who else has worked on it.</param>
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
    IReadOnlyList<string> ReplyCcEmails,
    ReplyRecipientsResponse ReplyRecipients,
    long SubchannelId,
    string Interface,
    string Channel,
    long ChannelId,
    string? ExternalTicketId,
    string? Sentiment,
    string? Language,
    string? LanguageCode,
    DateTimeOffset? AutoExecuteAt,
    string? SpamStatus,
    string AiSupportLevel,
    bool IsCustomerActive,
    string Folder,
    string Priority,
    string Status,
    string Summary,
    string Subject,
    string Body,
    string BodyPlain,
    string BodyClean,
    DateTimeOffset CreatedAt,
    DateTimeOffset ModifiedAt,
    DateTimeOffset LastMessageAt,
    DateTimeOffset? FirstResponseDueBy,
    DateTimeOffset? DueBy,
    DateTimeOffset? ClosedAt,
    DateTimeOffset? SnoozedUntil,
    long? Assignee,
    IReadOnlyList<long> WorkedOnBy,
    int MessageCount,
    int UnreadCount,
    IReadOnlyList<AttachmentResponse> Attachments,
    IReadOnlyList<long> Tags,
    AddressResponse? Customer,
    string? ContractId,
    JsonElement AdditionalData)
{
    public static TicketResponse Of(TicketDetail detail)
    {
        var (row, first) = (detail.Row, detail.First);
        var language = first?.Language is { Length: > 0 } known ? known : null;
        return new TicketResponse(
            row.Id,
            detail.MergedInto,
            TicketWords.Of(first?.Direction ?? MessageDirection.In),
            first?.From.Address ?? "",
            first?.From.Name ?? "",
            Addresses(first?.To),
            Addresses(first?.Cc),
            Addresses(first?.Bcc),
            Addresses(detail.Reply.Cc),
            new ReplyRecipientsResponse(Addresses(detail.Reply.To), Addresses(detail.Reply.Cc), []),
            row.MailboxId,
            Word(detail.Method),
            TicketRowResponse.ChannelOf(row),
            row.MailboxId,
            row.ExternalId,
            detail.Sentiment is { } sentiment ? Word(sentiment) : null,
            LanguageNames.Of(language),
            language,
            detail.AutoExecuteAt,
            TicketWords.Of(row.SpamStatus),
            TicketWords.Of(row.SupportLevel),
            detail.IsCustomerActive,
            TicketRowResponse.From(row).Folder,
            TicketWords.Of(row.Priority),
            TicketWords.Of(row.Status),
            row.Snippet,
            row.Subject,
            first?.Html ?? first?.Text ?? "",
            first?.Text ?? "",
            first?.NewText ?? "",
            row.CreatedAt,
            detail.ModifiedAt,
            row.LastMessageAt,
            row.FirstResponseDueBy,
            row.DueBy,
            detail.ClosedAt,
            row.SnoozedUntil,
            row.AssigneeId,
            [.. (row.AssigneeId is { } assignee ? [assignee] : (long[])[]).Concat(row.Facts?.WorkedOnBy ?? []).Distinct()],
            row.MessageCount,
            row.UnreadCount,
            first is null ? [] : AttachmentResponse.Of(first),
            row.TagIds,
            detail.Customer is { } customer ? AddressResponse.From(customer) : null,
            row.Facts?.ContractId,
            JsonElement.Parse(row.Facts?.AdditionalData ?? "{}"));
    }

    private static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static IReadOnlyList<string> Addresses(IReadOnlyList<MailAddress>? addresses) => [.. (addresses ?? []).Select(address => address.Address)];
}

/// <summary>To whom an answer to all goes.</summary>
internal sealed record ReplyRecipientsResponse(IReadOnlyList<string> To, IReadOnlyList<string> Cc, IReadOnlyList<string> Bcc);
