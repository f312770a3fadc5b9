using System.Globalization;
using System.Text.Json;
using Enneo.Core.Integrations;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Web.Shell;

namespace Enneo.Web.Tickets;

/// <param name="Id">Its place within the message.</param>
/// <param name="Url">Null for a file of a draft.</param>
/// <param name="Inline">Shown within the text.</param>
/// <param name="Sha256">Of its bytes, in hex; null for a file of a draft.</param>
internal sealed record AttachmentResponse(int Id, string? Url, string Name, long Size, bool Inline, string ContentType, string? Sha256)
{
    public static IReadOnlyList<AttachmentResponse> Of(ConversationMessage message) => [.. message.Parts.Select(part => new AttachmentResponse(
        part.Index, Address(message.TicketId, message.Id, part.Index), part.Name, part.Size, part.IsInline, part.ContentType, part.Sha256))];

    public static string Address(long ticketId, long messageId, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{Urls.ApiBase}/ticket/{ticketId}/conversation/{messageId}/attachment/{index}");
}

internal sealed record ContentResponse(string Message);

/// <summary>A message of a ticket.</summary>
/// <param name="ModifiedAt">When somebody changed it last.</param>
/// <param name="DeletedAt">When it went to the trash, or was deleted on the mail server; null while it is neither. What is erased for good is not there.</param>
/// <param name="DeliveryState">Null for what did not leave from here.</param>
/// <param name="Unreadable">Why only its source can be had.</param>
internal sealed record ConversationResponse(
    long Id,
    long TicketId,
    string Type,
    string Direction,
    bool Private,
    bool IsDraft,
    string Subject,
    string FromEmail,
    string FromEmailName,
    long? AgentId,
    AddressResponse Sender,
    IReadOnlyList<string> ToEmail,
    IReadOnlyList<string> CcEmails,
    IReadOnlyList<string> BccEmails,
    string Body,
    string BodyPlain,
    string BodyClean,
    ContentResponse Content,
    IReadOnlyList<AttachmentResponse> Attachments,
    DateTimeOffset CreatedAt,
    DateTimeOffset ModifiedAt,
    DateTimeOffset? DeletedAt,
    string InternetMessageId,
    string? ExternalConversationId,
    DeliveryState? DeliveryState,
    string? ServerText,
    string? Unreadable)
{
    /// <summary>What another system keeps beside it, where it was asked for.</summary>
    public JsonElement? RawData { get; init; }

    public static ConversationResponse From(ConversationMessage message) => From(message, withRawData: false);

    public static ConversationResponse From(ConversationMessage message, bool withRawData)
    {
        var body = message.Html ?? message.Text;
        return new ConversationResponse(
            message.Id,
            message.TicketId,
            message.Html is null ? "text" : "html",
            TicketWords.Of(message.Direction),
            Private: message.Direction is MessageDirection.Internal,
            IsDraft: false,
            message.Subject,
            message.From.Address,
            message.From.Name,
            message.AuthorId,
            AddressResponse.From(message.From),
            [.. message.To.Select(address => address.Address)],
            [.. message.Cc.Select(address => address.Address)],
            [.. message.Bcc.Select(address => address.Address)],
            body,
            message.Text,
            message.NewText,
            new ContentResponse(body),
            AttachmentResponse.Of(message),
            message.ReceivedAt,
            message.ModifiedAt,
            message.DeletedAt,
            message.InternetMessageId,
            message.ExternalId,
            message.Delivery,
            message.ServerText,
            message.Unreadable)
        {
            RawData = withRawData && message.RawData is { } raw ? JsonElement.Parse(raw) : null,
        };
    }

    /// <summary>What somebody has begun to write; its id is the negative of its own number, since it is no message yet.</summary>
    public static ConversationResponse From(DraftView draft)
    {
        var isNote = draft.Mode.IsNote();
        return new ConversationResponse(
            -draft.Id,
            draft.TicketId ?? 0,
            "html",
            isNote ? "internal" : "out",
            isNote,
            IsDraft: true,
            draft.Subject,
            draft.From.Address,
            draft.From.Name,
            AgentId: null,
            AddressResponse.From(draft.From),
            [.. draft.To.Select(address => address.Address)],
            [.. draft.Cc.Select(address => address.Address)],
            [.. draft.Bcc.Select(address => address.Address)],
            draft.Html,
            BodyPlain: "",
            BodyClean: "",
            new ContentResponse(draft.Html),
            [.. draft.Attachments.Select((file, index) => new AttachmentResponse(index, null, file.Name, file.Size, file.IsInline, file.ContentType, null))],
            draft.UpdatedAt,
            draft.UpdatedAt,
            DeletedAt: null,
            InternetMessageId: "",
            ExternalConversationId: null,
            DeliveryState: null,
            ServerText: null,
            Unreadable: null);
    }
}

internal sealed record ConversationListAnswer(bool Success, IReadOnlyList<ConversationResponse> Conversation, int Total, int Limit, int Offset);

internal sealed record ConversationAnswer(bool Success, long Id, ConversationResponse Conversation);
