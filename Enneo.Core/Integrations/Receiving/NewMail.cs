using Enneo.Core.Messages;
using Enneo.Core.Sending;

namespace Enneo.Core.Integrations.Receiving;

/// <summary>A mail that another system brings: as it came, or by what it consists of.</summary>
/// <param name="Source">RFC 5322 bytes; null where the other members say what it is.</param>
public sealed record NewMail(ReadOnlyMemory<byte>? Source = null)
{
    public MailAddress? From { get; init; }
    public IReadOnlyList<MailAddress> To { get; init; } = [];
    public IReadOnlyList<MailAddress> Cc { get; init; } = [];
    public IReadOnlyList<MailAddress> Bcc { get; init; } = [];
    public string Subject { get; init; } = "";
    public string Text { get; init; } = "";
    public bool IsHtml { get; init; }

    /// <summary>Without brackets; null for one of ours.</summary>
    public string? InternetMessageId { get; init; }

    /// <summary>Null for now.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>One of us wrote it, and another system has sent it.</summary>
    public bool IsSent { get; init; }

    public IReadOnlyList<ProgramFile> Files { get; init; } = [];

    /// <summary>JSON that the other system keeps beside it.</summary>
    public string? RawData { get; init; }

    /// <summary>The source, once it was read.</summary>
    internal ParsedMessage? Parsed { get; init; }
}

/// <summary>What it has become.</summary>
public sealed record TakenIn(long TicketId, long MessageId, bool IsNew);
