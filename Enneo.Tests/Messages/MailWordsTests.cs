using System.Text;
using Enneo.Core.Messages;
using Enneo.Core.Storage;

namespace Enneo.Tests.Messages;

public sealed class MailWordsTests
{
    private static readonly MessageParser s_parser = new(TimeProvider.System);

    [Fact]
    public void WhatIsQuotedComesLast() => Assert.Equal(
        "Yes. Regards Can you? Not yet.",
        Text("text/plain", "> Can you?\r\n\r\nYes.\r\n>> Not\tyet.\r\n  Regards  \r\n"));

    [Fact]
    public void HtmlIsReadAsText() => Assert.Equal(
        "Yes, at <noon> Can you?",
        Text("text/html", "<style>p{}</style><p>Yes, <b>at</b> &lt;noon&gt;</p><blockquote>Can you?</blockquote>"));

    [Fact]
    public void TheTextIsCut()
    {
        var text = Text("text/plain", string.Concat(Enumerable.Range(0, 60_000).Select(i => $"w{i}\r\n")));

        Assert.InRange(text.Length, 65_000, MailWords.MaxText);
        Assert.StartsWith("w0 w1 w2", text, StringComparison.Ordinal);
    }

    [Fact]
    public void MuchThatIsQuotedLeavesRoomForWhatIsNot()
    {
        var quoted = string.Concat(Enumerable.Range(0, 30_000).Select(i => $"> w{i}\r\n"));

        var text = Text("text/plain", $"{quoted}Yes.\r\n");

        Assert.StartsWith("Yes. w0 w1", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 16_000, MailWords.MaxQuoted + 100);
    }

    [Fact]
    public void KeysAndTrackingAddressesAreCutAndControlCharactersLeftOut() => Assert.Equal(
        $"see {new string('x', 100)} {new string('語', 300)} ab",
        Text("text/plain", $"see {new string('x', 5000)} {new string('語', 300)} a\u0002b\r\n"));

    [Fact]
    public void AStubBesideHtmlIsNotAllThatIsSaid()
    {
        const string Mail = "--b\r\nContent-Type: text/plain\r\n\r\nSee it in a browser.\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Your meter.</p>\r\n--b--\r\n";

        Assert.Equal("See it in a browser. Your meter.", Text("multipart/alternative; boundary=b", Mail));
    }

    [Theory]
    [InlineData("alternative-and-attachment.eml")]
    [InlineData("attachment-names.eml")]
    [InlineData("attached-mail.eml")]
    [InlineData("inline-image.eml")]
    [InlineData("signed.eml")]
    [InlineData("texts-in-a-row.eml")]
    [InlineData("body-with-a-name.eml")]
    [InlineData("bounce-with-the-mail.eml")]
    public async Task TheFilesAreThoseThatAreListed(string mail)
    {
        MailBytes raw = await File.ReadAllBytesAsync(Path.Combine(Solution.Folder, "Enneo.Tests", "Mail", mail), TestContext.Current.CancellationToken);
        var listed = MessageBody.Read(raw).Parts.Where(part => !part.IsInline).Select(part => part.Name);

        Assert.Subset(listed.ToHashSet(), s_parser.Parse(raw).FileNames.ToHashSet());
    }

    private static string Text(string contentType, string body) => s_parser.Parse(Encoding.UTF8.GetBytes(
        $"From: a@example.net\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: {contentType}; charset=utf-8\r\n\r\n{body}")).Text;
}
