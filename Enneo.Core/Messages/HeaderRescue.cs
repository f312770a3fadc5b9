using System.Text;
using Enneo.Core.Storage;
using MimeKit;
using MimeKit.Utils;

namespace Enneo.Core.Messages;

/// <summary>Saves subject, sender and ids of a mail that the parser cannot or must not read.</summary>
internal static class HeaderRescue
{
    private const int MaxBytes = 1024 * 1024;
    private const int MaxValue = 4000;
    private const int MaxRecipients = 100;

    public static ParsedMessage Read(MailBytes raw, string reason)
    {
        var head = MailLimits.Prepare(raw.Head(MaxBytes)).Span;
        var headers = Scan(MailCharset.Utf8OrWindows1252.GetString(head));
        string Value(string name) => headers.GetValueOrDefault(name, "");
        var from = MailAddresses.Rescue(Value("from")) ?? MailAddresses.Rescue(Value("sender")) ?? MailAddresses.Rescue(Value("return-path"));
        return new ParsedMessage
        {
            Subject = HeaderText.Clean(Rfc2047.DecodeText(Encoding.UTF8.GetBytes(Value("subject"))), HeaderText.MaxSubject),
            FromName = from?.Name ?? "",
            FromAddress = from?.Address ?? "",
            To = InternetAddressList.TryParse(MailLimits.ParserOptions, Value("to"), out var to) ? [.. MailAddresses.Of(to).Take(MaxRecipients)] : [],
            InternetMessageId = MessageIds.In(Value("message-id")).FirstOrDefault() ?? "",
            InReplyTo = MessageIds.In(Value("in-reply-to")).LastOrDefault() ?? "",
            SentAt = DateUtils.TryParse(Value("date"), out var date) ? date : null,
            Unreadable = reason,
        };
    }

    /// <summary>The first field of each name, unfolded; lines that are no field are passed over.</summary>
    private static Dictionary<string, string> Scan(string head)
    {
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        string? name = null;
        foreach (var line in head.AsSpan().EnumerateLines())
        {
            if (line.IsEmpty && headers.Count > 0)
            {
                break;
            }

            if (line is [' ' or '\t', ..])
            {
                if (name is not null && headers[name].Length + line.Length < MaxValue)
                {
                    headers[name] += $" {line.Trim()}";
                }

                continue;
            }

            var colon = line.IndexOf(':');
            name = colon is > 0 and < 80 && !line[..colon].Contains(' ') ? line[..colon].ToString() : null;
            if (name is not null && !headers.TryAdd(name, Cut(line[(colon + 1)..].Trim())))
            {
                name = null;
            }
        }

        return headers;
    }

    private static string Cut(ReadOnlySpan<char> value) => value[..Math.Min(value.Length, MaxValue)].ToString();
}
