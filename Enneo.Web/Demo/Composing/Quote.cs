using System.Globalization;
using System.Net;
using MimeKit;

namespace Enneo.Web.Demo.Composing;

/// <summary>The mail that an answer repeats below itself, as text and as HTML.</summary>
internal sealed record Quote(string Text, string Html)
{
    public static Quote Of(ComposedMail answered, string language, bool office) =>
        office ? Office(answered, language) : Usual(answered, language);

    private static Quote Usual(ComposedMail answered, string language)
    {
        var culture = CultureInfo.GetCultureInfo(language);
        var author = answered.Message.From.Mailboxes.First();
        var introduction = language == "de"
            ? string.Create(culture, $"Am {answered.SentAt:dd.MM.yyyy} um {answered.SentAt:HH:mm} schrieb {author.Name}:")
            : string.Create(culture, $"On {answered.SentAt:d MMM yyyy} at {answered.SentAt:HH:mm}, {author.Name} wrote:");
        var lines = LineWrapping.Wrap(answered.Text, 70).Split('\n').Select(line => line.StartsWith('>') ? ">" + line : $"> {line}".TrimEnd());
        return new Quote(
            $"{introduction}\n{string.Join('\n', lines)}",
            $"<div>{WebUtility.HtmlEncode(introduction)}<br></div><blockquote type=\"cite\" style=\"margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex\">{answered.Html}</blockquote>");
    }

    private static Quote Office(ComposedMail answered, string language)
    {
        var german = language == "de";
        var message = answered.Message;
        string[] header =
        [
            $"{(german ? "Von" : "From")}: {Names(message.From)}",
            string.Create(CultureInfo.GetCultureInfo(language), $"{(german ? "Gesendet" : "Sent")}: {answered.SentAt:dddd, d. MMMM yyyy HH:mm}"),
            $"{(german ? "An" : "To")}: {Names(message.To)}",
            $"{(german ? "Betreff" : "Subject")}: {message.Subject}",
        ];
        var line = german ? "-----Ursprüngliche Nachricht-----" : "-----Original Message-----";
        var html = string.Join("<br>", header.Select(WebUtility.HtmlEncode));
        return new Quote(
            $"{line}\n{string.Join('\n', header)}\n\n{answered.Text}",
            $"<div style=\"border-top:solid #E1E1E1 1.0pt;padding-top:3.0pt\"><p class=\"MsoNormal\">{html}</p></div>{answered.Html}");
    }

    private static string Names(InternetAddressList addresses) =>
        string.Join("; ", addresses.Mailboxes.Select(mailbox => mailbox.Name is { Length: > 0 } name ? $"{name} <{mailbox.Address}>" : mailbox.Address));
}
