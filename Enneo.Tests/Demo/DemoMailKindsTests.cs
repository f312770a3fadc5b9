using System.Text;
using Enneo.Web.Demo;
using MimeKit;

namespace Enneo.Tests.Demo;

/// <summary>The sample mails hold an example of everything that a first look should meet.</summary>
public sealed class DemoMailKindsTests
{
    private static readonly Lazy<IReadOnlyList<(DemoMail Mail, MimeMessage Message)>> s_mails = new(() =>
        [.. DemoMails.Compose(TimeProvider.System).Select(mail => (mail, MimeMessage.Load(new MemoryStream(mail.Raw))))]);

    private static IReadOnlyList<(DemoMail Mail, MimeMessage Message)> Mails => s_mails.Value;

    [Theory]
    [InlineData("Newsletter", 10)]
    [InlineData("Notification", 6)]
    [InlineData("Spam", 10)]
    [InlineData("Invitation", 3)]
    [InlineData("Bounce", 2)]
    [InlineData("AutoReply", 2)]
    [InlineData("Digest", 2)]
    [InlineData("ContactForm", 3)]
    public void EveryKind_HasItsExamples(string kind, int atLeast) =>
        Assert.True(Mails.Count(m => m.Mail.Kind == Enum.Parse<DemoMailKind>(kind)) >= atLeast);

    [Fact]
    public void Newsletters_BringRemotePicturesAndPixels()
    {
        var pages = Of(DemoMailKind.Newsletter).Select(m => m.HtmlBody!).ToList();

        Assert.True(pages.Count(page => page.Contains("<img src=\"https://", StringComparison.Ordinal)) >= 6);
        Assert.True(pages.Count(page => page.Contains("width=\"1\" height=\"1\"", StringComparison.Ordinal)) >= 5);
        Assert.All(Of(DemoMailKind.Newsletter), m => Assert.True(m.Headers.Contains(HeaderId.ListUnsubscribe)));
    }

    [Fact]
    public void Invitations_CarryAnEventOfTheFuture()
    {
        Assert.All(Of(DemoMailKind.Invitation), m =>
        {
            var request = m.BodyParts.OfType<TextPart>().First(part => part.ContentType.IsMimeType("text", "calendar"));
            Assert.Equal("REQUEST", request.ContentType.Parameters["method"]);
            Assert.Contains("BEGIN:VEVENT", request.Text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Bounces_ReturnTheIdOfWhatWeSent()
    {
        var ids = Mails.Select(m => m.Message.MessageId).ToHashSet();
        Assert.All(Of(DemoMailKind.Bounce), m =>
        {
            var report = Assert.IsType<MultipartReport>(m.Body);
            Assert.Equal("delivery-status", report.ReportType);
            Assert.Contains(report.OfType<MessageDeliveryStatus>().Single().StatusGroups[1], field => field.Field == "Final-Recipient");
            Assert.Contains(report.OfType<TextRfc822Headers>().Single().Message!.MessageId, ids);
        });
    }

    [Fact]
    public void AutoReplies_SaySo() =>
        Assert.All(Of(DemoMailKind.AutoReply), m => Assert.Equal("auto-replied", m.Headers[HeaderId.AutoSubmitted]));

    [Fact]
    public void ContactForms_AreAnsweredToThePersonWhoFilledThemIn() =>
        Assert.All(Of(DemoMailKind.ContactForm), m => Assert.NotEmpty(m.ReplyTo.Mailboxes));

    [Fact]
    public void Digests_HoldMails() =>
        Assert.All(Of(DemoMailKind.Digest), m => Assert.True(m.BodyParts.OfType<MessagePart>().Count() >= 2));

    [Fact]
    public void Texts_ComeInOldCharsetsAndFlowed()
    {
        var texts = Mails.SelectMany(m => m.Message.BodyParts.OfType<TextPart>()).ToList();
        var charsets = texts.Select(text => text.ContentType.Charset?.ToLowerInvariant()).ToHashSet();

        Assert.Superset(new HashSet<string?> { "utf-8", "iso-8859-1", "iso-8859-15", "windows-1252" }, charsets);
        Assert.Contains(texts, text => text.IsFlowed && text.Text.Contains(" \n", StringComparison.Ordinal) | text.Text.Contains(" \r\n", StringComparison.Ordinal));
        Assert.All(texts, text => Assert.DoesNotContain('\uFFFD', text.Text));
        Assert.Contains(texts, text => text.Text.Contains("Straße die Leute umdrehen", StringComparison.Ordinal));
    }

    [Fact]
    public void AttachmentNames_BeyondAscii_AreWrittenByRfc2231()
    {
        Assert.Contains("Rücklicht Anschluss.png", Attachments().Select(part => part.FileName));
        Assert.Contains(Mails, m => Encoding.ASCII.GetString(m.Mail.Raw).Contains("filename*", StringComparison.Ordinal));
    }

    [Fact]
    public void Photographs_AreImages_AndSomeStandInTheText()
    {
        var images = Mails.SelectMany(m => m.Message.BodyParts.OfType<MimePart>()).Where(part => part.ContentType.IsMimeType("image", "png")).ToList();

        Assert.True(images.Count >= 8);
        Assert.All(images, image => Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], Bytes(image)[..8]));
        Assert.Contains(Mails, m => m.Message.HtmlBody is { } html && m.Message.BodyParts.OfType<MimePart>()
            .Any(part => part.ContentId is { } id && html.Contains($"cid:{id}", StringComparison.Ordinal)));
    }

    [Fact]
    public void Pdfs_NameTheirObjectsWhereTheyStand()
    {
        var pdfs = Attachments().Where(part => part.ContentType.IsMimeType("application", "pdf")).Select(Bytes).ToList();

        Assert.True(pdfs.Count >= 8);
        Assert.All(pdfs, bytes =>
        {
            var text = Encoding.Latin1.GetString(bytes);
            var table = int.Parse(text[(text.LastIndexOf("startxref\n", StringComparison.Ordinal) + 10)..].Split('\n')[0], System.Globalization.CultureInfo.InvariantCulture);
            var rows = text[table..].Split('\n')[3..9];
            Assert.StartsWith("%PDF-1.4", text);
            Assert.StartsWith("xref", text[table..]);
            Assert.All(rows.Index(), row => Assert.StartsWith($"{row.Index + 1} 0 obj", text[int.Parse(row.Item[..10], System.Globalization.CultureInfo.InvariantCulture)..]));
        });
    }

    private static IEnumerable<MimeMessage> Of(DemoMailKind kind) => Mails.Where(m => m.Mail.Kind == kind).Select(m => m.Message);

    private static IEnumerable<MimePart> Attachments() => Mails.SelectMany(m => m.Message.Attachments).OfType<MimePart>();

    private static byte[] Bytes(MimePart part)
    {
        using MemoryStream content = new();
        part.Content!.DecodeTo(content);
        return content.ToArray();
    }
}
