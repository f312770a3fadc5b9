using System.Globalization;
using System.Net;
using Enneo.Core.Messages;

namespace Enneo.Core.Sending;

/// <summary>The answered message as it stands below an answer.</summary>
/// <param name="Html">A heading and a blockquote; empty when there is nothing to quote.</param>
/// <param name="Text">The same for the plain alternative, its lines marked with "&gt; ".</param>
internal sealed record ReplyQuote(string Html, string Text)
{
    /// <summary>Longer HTML is quoted as text, longer text is cut: an answer need not carry it all again.</summary>
    private const int MaxHtml = 500_000;

    private const int MaxText = 100_000;

    public static readonly ReplyQuote None = new("", "");

    public static ReplyQuote Of(Message answered, MessageContent content, MailHtml mailHtml)
    {
        if (content.Unreadable is not null || (content.Html is null && content.Text.Length == 0))
        {
            return None;
        }

        var text = Shortened(content.Text);
        var html = content.Html is { Length: <= MaxHtml }
            ? mailHtml.Sanitize(content.Html, _ => null).Html // its inline images stay with the original
            : mailHtml.FromText(text);
        return Of(Heading(answered), html, text);
    }

    /// <summary>Of a mail that one of us forwarded in: only what its writer wrote, not what was said about it.</summary>
    public static ReplyQuote Of(ForwardedOrigin origin, MailHtml mailHtml)
    {
        var text = Shortened(origin.Text);
        return text.Length == 0 ? None
            : Of(string.Format(CultureInfo.CurrentCulture, SendingText.ForwardedQuoteHeading, origin.Person.Name.Length > 0 ? origin.Person.Name : origin.Person.Address), mailHtml.FromText(text), text);
    }

    private static ReplyQuote Of(string heading, string html, string text) => new(
            $"""<div>{WebUtility.HtmlEncode(heading)}</div><blockquote type="cite" style="margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex">{html}</blockquote>""",
            $"{heading}\n{Marked(text)}");

    private static string Shortened(string text) => OneLineEnds(text.Length <= MaxText ? text : text[..MaxText] + "\n…");

    private static string Heading(Message answered)
    {
        var when = (answered.SentAt ?? answered.ReceivedAt).ToUniversalTime();
        var who = answered.FromName.Length > 0 ? answered.FromName : answered.FromAddress;
        return string.Format(CultureInfo.CurrentCulture, SendingText.QuoteHeading, when.ToString("d MMMM yyyy HH:mm", CultureInfo.CurrentCulture), who);
    }

    /// <summary>RFC 3676, section 4.5: no space between the marks of what was quoted before.</summary>
    private static string Marked(string text) =>
        string.Join('\n', text.TrimEnd().Split('\n').Select(line => line.StartsWith('>') ? ">" + line : "> " + line));

    private static string OneLineEnds(string text) =>
        text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Replace("\0", "", StringComparison.Ordinal);
}
