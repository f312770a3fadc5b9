using System.Text.RegularExpressions;
using MimeKit;

namespace Enneo.Core.Messages.Bounces;

/// <summary>Why a mail did not arrive, as far as its sender can do something about it.</summary>
public enum FailureReason
{
    /// <summary>Nothing more is known than that it failed.</summary>
    Unknown,
    NoSuchRecipient,
    NoSuchDomain,
    Moved,
    MailboxFull,
    RecipientDisabled,
    TooLarge,

    /// <summary>As spam, by a rule, for its sender's reputation.</summary>
    Refused,

    /// <summary>The server was not reached, or put it off until it was given up.</summary>
    NotReached,

    /// <summary>It is still being tried.</summary>
    Delayed,

    /// <summary>It arrived, and its recipient says that it is spam (RFC 5965).</summary>
    Complaint,
}

/// <summary>What a report says about one recipient.</summary>
/// <param name="Recipient">Its address; empty if the report does not name it.</param>
/// <param name="Code">The server's, such as <c>550 5.1.1</c>; may be empty.</param>
public sealed partial record FailedDelivery(string Recipient, FailureReason Reason, string Code)
{
    private const int MaxRecipients = 50;
    private const int MaxText = 16 * 1024;
    private const int MaxDepth = 4;

    /// <summary>The address itself is no good: writing to it again would end the same way.</summary>
    public bool IsPermanent => Reason is FailureReason.NoSuchRecipient or FailureReason.NoSuchDomain or FailureReason.Moved;

    /// <summary>Of a bounce: by its machine-readable part (RFC 3464), else by its words.</summary>
    public static IReadOnlyList<FailedDelivery> Of(MimeMessage message)
    {
        var text = FailureText.WithoutReturnedMail(TextOf(message));
        if (Parts(message.Body, 0).Any(part => part.ContentType.IsMimeType("message", "feedback-report")))
        {
            return [new(AddressIn(text), FailureReason.Complaint, "")];
        }

        var recipients = Parts(message.Body, 0).OfType<MessageDeliveryStatus>().SelectMany(Recipients).Take(MaxRecipients).ToList();
        return recipients.Count > 0
            ? [.. recipients.Select(recipient => Of(recipient, text))]
            : [new(Named(message) ?? AddressIn(text), FailureText.Judge("", "", text), CodeIn(text))];
    }

    private static FailedDelivery Of(HeaderList recipient, string text)
    {
        var diagnostic = FailureText.Folded(recipient["Diagnostic-Code"] ?? "");
        var status = EnhancedCode.Match(recipient["Status"] ?? "").Value;
        var reason = recipient["Action"]?.Trim().ToLowerInvariant() is "delayed" ? FailureReason.Delayed : FailureText.Judge(diagnostic, status, text);
        var code = CodeIn(diagnostic);
        return new(AddressOf(recipient), reason, code.Length > 0 ? code : status);
    }

    private static IEnumerable<HeaderList> Recipients(MessageDeliveryStatus status) =>
        status.StatusGroups.Where(group => (group.Contains("Final-Recipient") || group.Contains("Original-Recipient") || group.Contains("Action"))
            && group["Action"]?.Trim().ToLowerInvariant() is not ("delivered" or "relayed" or "expanded"));

    private static string AddressOf(HeaderList recipient)
    {
        var value = recipient["Original-Recipient"] ?? recipient["Final-Recipient"] ?? "";
        return HeaderText.Clean(value[(value.IndexOf(';', StringComparison.Ordinal) + 1)..], HeaderText.MaxAddress).Trim('<', '>', ' ');
    }

    private static string? Named(MimeMessage message) =>
        message.Headers["X-Failed-Recipients"] is { Length: > 0 } named ? HeaderText.Clean(named.Split(',')[0], HeaderText.MaxAddress) : null;

    private static string AddressIn(string text) => Address.Match(text).Value;

    /// <summary>The reply code and the enhanced one (RFC 3463), as far as they stand there.</summary>
    private static string CodeIn(string text)
    {
        var reply = ReplyCode.Match(text);
        var enhanced = EnhancedCode.Match(text);
        return string.Join(' ', new[] { reply.Value, enhanced.Value }.Where(code => code.Length > 0));
    }

    private static string TextOf(MimeMessage message)
    {
        var texts = Parts(message.Body, 0).OfType<TextPart>().Where(part => !part.IsAttachment && !part.ContentType.IsMimeType("text", "rfc822-headers"));
        return FailureText.Folded(string.Join('\n', texts.Take(MaxDepth).Select(part => part.IsHtml ? HtmlText.Of(MailCharset.Read(part, MaxText), MaxText) : MailCharset.Read(part, MaxText))));
    }

    /// <summary>Not those of the mail that is returned.</summary>
    private static IEnumerable<MimeEntity> Parts(MimeEntity? entity, int depth) => entity switch
    {
        null => [],
        Multipart multipart when depth < MaxDepth => multipart.SelectMany(child => Parts(child, depth + 1)),
        _ => [entity],
    };

    [GeneratedRegex(@"\b[245]\.[0-9]{1,3}\.[0-9]{1,3}\b(?!\.)")]
    private static partial Regex EnhancedCode { get; }

    [GeneratedRegex(@"(?<![0-9.])[45][0-9]{2}(?=[ \-#])(?! [a-z]{3} [0-9]{4})")]
    private static partial Regex ReplyCode { get; }

    [GeneratedRegex(@"[a-z0-9._%+'-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6}", RegexOptions.IgnoreCase)]
    private static partial Regex Address { get; }
}
