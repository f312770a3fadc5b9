using Enneo.Core.Storage;
using MimeKit;

namespace Enneo.Core.Messages;

/// <summary>A field of a mail's header, decoded and unfolded.</summary>
public sealed record MessageHeader(string Name, string Value);

internal static class MessageHeaders
{
    private const int MaxFields = 500;
    private const int MaxValue = 8 * 1024;

    /// <summary>In the order of the mail: the newest trace comes first.</summary>
    /// <exception cref="FormatException">It is not a mail as the parser knows it.</exception>
    public static IReadOnlyList<MessageHeader> Read(MailBytes raw)
    {
        using var message = MailLimits.Load(raw);
        return [.. message.Headers.Concat(message.Body?.Headers.AsEnumerable() ?? []).Take(MaxFields).Select(Of)];
    }

    private static MessageHeader Of(Header header) => new(HeaderText.Clean(header.Field, HeaderText.MaxName), HeaderText.Clean(header.Value, MaxValue));
}
