using MimeKit;
using MimeKit.Text;

namespace Enneo.Web.Demo.Composing;

/// <summary>Writes the body of one mail in the manner of the program it comes from.</summary>
internal sealed class MailBody(ScriptedMail script, string language, bool fromUs, TimeProvider clock)
{
    private const int PlainWidth = 74;
    private static readonly string[] s_charsets = ["iso-8859-1", "iso-8859-15", "windows-1252", "utf-8"];

    private readonly string _charset = s_charsets.FirstOrDefault(script.Has) ?? "utf-8";

    /// <summary>What it says, quote included.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The same as HTML, without pictures.</summary>
    public string Html { get; private set; } = "";

    public MimeEntity Compose(MimeMessage message, ComposedMail? answered, DemoMailKind kind)
    {
        if (kind is DemoMailKind.Bounce)
        {
            (Text, Html) = (script.Text, HtmlWriting.FromText(script.Text));
            return BounceReport.Compose(script, answered!.Message);
        }

        var content = WithAttachments(Content(answered));
        return kind switch
        {
            DemoMailKind.Invitation => Invitation.Compose(message, content, script.Find("invite")!, clock),
            DemoMailKind.Digest => ListDigest.Compose(script.Text, message),
            _ => content,
        };
    }

    private MimeEntity Content(ComposedMail? answered)
    {
        if (script.Find("html") is { } title)
        {
            Text = HtmlWriting.ToText(script.Text);
            Html = HtmlWriting.FromText(Text);
            return script.Has("html-only") ? Part(TextFormat.Html, Page(title)) : Alternative(Text, Page(title));
        }

        var own = fromUs ? $"{script.Text}\n\n-- \n{DemoMailboxes.Signature(script.From)}" : script.Text;
        var quote = answered is null || script.Has("noquote") ? null : Quote.Of(answered, language, script.Has("office"));
        Text = quote is null ? own : $"{own}\n\n{quote.Text}";
        Html = HtmlWriting.FromText(own) + quote?.Html;
        if (script.Has("flowed"))
        {
            var flowed = Part(TextFormat.Plain, LineWrapping.Flow(Text, PlainWidth));
            flowed.ContentType.Parameters.Add("format", "flowed");
            return flowed;
        }

        var images = script.All("inline").Select(AttachmentMaking.Create).ToList();
        if (images.Count == 0 && (script.Has("plain") || !IsRich))
        {
            return Part(TextFormat.Plain, LineWrapping.Wrap(Text, PlainWidth));
        }

        var page = HtmlWriting.Document(HtmlWriting.FromText(own, images) + quote?.Html, script.Has("office"));
        return images.Count == 0 ? Alternative(Text, page) : Related(page, images);
    }

    private bool IsRich => fromUs || script.Has("office") || script.Has("webmail");

    private string Page(string title) => HtmlWriting.Newsletter(title, script.Text, script.Find("pixel"));

    private MimeEntity WithAttachments(MimeEntity content)
    {
        Multipart mixed = new("mixed") { content };
        foreach (var attachment in script.All("attach"))
        {
            mixed.Add(AttachmentMaking.Create(attachment));
        }

        return mixed.Count == 1 ? content : mixed;
    }

    private MultipartAlternative Alternative(string text, string html) =>
        [Part(TextFormat.Plain, LineWrapping.Wrap(text, PlainWidth)), Part(TextFormat.Html, html)];

    private MultipartAlternative Related(string html, IReadOnlyList<MimePart> images)
    {
        MultipartRelated related = new() { Root = Part(TextFormat.Html, html) };
        foreach (var image in images)
        {
            image.ContentDisposition = new ContentDisposition(ContentDisposition.Inline) { FileName = image.FileName };
            related.Add(image);
        }

        return [Part(TextFormat.Plain, LineWrapping.Wrap(Text, PlainWidth)), related];
    }

    private TextPart Part(TextFormat format, string text)
    {
        TextPart part = new(format);
        part.SetText(_charset, text + "\n");
        return part;
    }
}
