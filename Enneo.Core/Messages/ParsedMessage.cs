using MimeKit;

namespace Enneo.Core.Messages;

/// <summary>What lists, threading and search need of a mail; read once, at import. Header values are decoded and free of CR, LF and NUL.</summary>
public sealed record ParsedMessage
{
    /// <summary>Without brackets; empty if missing.</summary>
    public string InternetMessageId { get; init; } = "";

    /// <summary>Without brackets; empty if missing.</summary>
    public string InReplyTo { get; init; } = "";

    /// <summary>Oldest first, without brackets, at most 100.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    public string Subject { get; init; } = "";
    public string FromName { get; init; } = "";
    public string FromAddress { get; init; } = "";
    public IReadOnlyList<MailAddress> ReplyTo { get; init; } = [];
    public IReadOnlyList<MailAddress> To { get; init; } = [];
    public IReadOnlyList<MailAddress> Cc { get; init; } = [];
    public IReadOnlyList<MailAddress> Bcc { get; init; } = [];
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>At most 200 characters of the text, white space folded, without quoted lines.</summary>
    public string Snippet { get; init; } = "";

    public bool HasAttachments { get; init; }

    /// <summary>What search looks through: at most 64 K characters, white space folded, what is quoted at the end.</summary>
    public string Text { get; init; } = "";

    /// <summary>Names of the attachments, cleaned.</summary>
    public IReadOnlyList<string> FileNames { get; init; } = [];

    public AutomaticKind Automatic { get; init; }

    /// <summary>Message-IDs of ours that a bounce returns, without brackets.</summary>
    public IReadOnlyList<string> ReturnedMessageIds { get; init; } = [];

    /// <summary>The value of our own header <see cref="MailHeaders.Ticket"/>; empty if missing.</summary>
    public string TicketToken { get; init; } = "";

    /// <summary>The header, where other filters left a word in it; null elsewhere.</summary>
    public HeaderList? FilterHeaders { get; init; }

    /// <summary>Why nothing but its source can be shown; null when it was read.</summary>
    public string? Unreadable { get; init; }
}

/// <summary>Headers of our own.</summary>
public static class MailHeaders
{
    /// <summary>Carries the signed ticket token in what we send, for servers that rewrite the Message-ID.</summary>
    public const string Ticket = "X-Enneo-Ticket";
}
