using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Enneo.Core.Messages;
using MimeKit.Utils;

namespace Enneo.Core.Sending;

/// <summary>A message as it stands below a forward: who wrote it, when and to whom, then its text.</summary>
/// <param name="Html">Harmless; shows <paramref name="Pictures"/> by "cid:".</param>
/// <param name="Pictures">Parts of the message that its text shows, under Content-IDs of ours.</param>
internal sealed record ForwardedText(string Html, string Text, IReadOnlyList<(int PartIndex, string ContentId)> Pictures)
{
    public static ForwardedText Of(Message message, MessageContent content, MailHtml mailHtml)
    {
        var shown = content.Parts.Where(part => part is { IsInline: true, ContentId: not null }).ToList();
        var pictures = shown.ToDictionary(part => part.Index, _ => MimeUtils.GenerateMessageId());
        var text = OneLineEnds(content.Text);
        var html = content.Html is { } given ? ShowPictures(given, shown, pictures, mailHtml) : mailHtml.FromText(text);
        var heading = Heading(message).ToList();
        return new ForwardedText(
            HeadingHtml(heading) + $"<div>{html}</div>",
            $"{SendingText.ForwardHeading}\n{string.Join('\n', heading.Select(line => $"{line.Name}: {line.Value}"))}\n\n{text.TrimEnd()}",
            [.. pictures.Select(picture => (picture.Key, picture.Value))]);
    }

    /// <summary>What the message is called as a file.</summary>
    public static string FileName(Message message)
    {
        var subject = OneLine.Of(message.Subject, 120).Replace('/', '_').Replace('\\', '_');
        return AttachmentName.Clean((subject.Length > 0 ? subject : SendingText.ForwardedMail) + ".eml");
    }

    /// <summary>The sanitiser lets pass what it is told to be the address of a picture; only then that becomes a Content-ID.</summary>
    private static string ShowPictures(string html, List<Messages.MessagePart> shown, Dictionary<int, string> pictures, MailHtml mailHtml)
    {
        var mark = $"/{Guid.NewGuid():N}/"; // nobody can have written it into the mail
        var safe = mailHtml.Sanitize(html, id => shown.Find(part => part.ContentId == id) is { } part ? string.Create(CultureInfo.InvariantCulture, $"{mark}{part.Index}") : null).Html;
        return Regex.Replace(
            safe,
            Regex.Escape(mark) + "(?<index>[0-9]+)[^\"']*",
            match => "cid:" + pictures[int.Parse(match.Groups["index"].ValueSpan, CultureInfo.InvariantCulture)],
            RegexOptions.CultureInvariant,
            TimeSpan.FromSeconds(5));
    }

    private static IEnumerable<(string Name, string Value)> Heading(Message message)
    {
        var when = (message.SentAt ?? message.ReceivedAt).ToUniversalTime();
        yield return (SendingText.ForwardFrom, Written(new MailAddress(message.FromName, message.FromAddress)));
        yield return (SendingText.ForwardDate, when.ToString("d MMMM yyyy HH:mm 'UTC'", CultureInfo.CurrentCulture));
        yield return (SendingText.ForwardSubject, message.Subject);
        yield return (SendingText.ForwardTo, string.Join(", ", message.To.Select(Written)));
        if (message.Cc.Count > 0)
        {
            yield return (SendingText.ForwardCc, string.Join(", ", message.Cc.Select(Written)));
        }
    }

    private static string HeadingHtml(IReadOnlyList<(string Name, string Value)> lines)
    {
        StringBuilder html = new($"<div>{WebUtility.HtmlEncode(SendingText.ForwardHeading)}<br>");
        foreach (var (name, value) in lines)
        {
            html.Append(CultureInfo.InvariantCulture, $"<b>{WebUtility.HtmlEncode(name)}:</b> {WebUtility.HtmlEncode(value)}<br>");
        }

        return html.Append("</div><br>").ToString();
    }

    private static string Written(MailAddress address) => address switch
    {
        { Name.Length: 0 } => address.Address,
        { Address.Length: 0 } => address.Name,
        _ => $"{address.Name} <{address.Address}>",
    };

    private static string OneLineEnds(string text) =>
        text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Replace("\0", "", StringComparison.Ordinal);
}
