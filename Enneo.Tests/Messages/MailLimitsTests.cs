using System.Diagnostics;
using System.Text;
using Enneo.Core.Messages;

namespace Enneo.Tests.Messages;

public sealed class MailLimitsTests
{
    private const string Head = "From: anna@kunde.example\r\nSubject: Order 4711\r\nMIME-Version: 1.0\r\n";

    private readonly MessageParser _parser = new(TimeProvider.System);

    [Theory]
    [InlineData(200, true)]
    [InlineData(300, false)]
    public void A_header_has_room_for_256_KB(int kilobytes, bool isRead)
    {
        var parsed = _parser.Parse(Bytes(Head + Folded("X-Long", kilobytes) + "\r\n\r\nHi\r\n"));

        Assert.Equal(isRead, parsed.Unreadable is null);
        Assert.Equal(("anna@kunde.example", "Order 4711"), (parsed.FromAddress, parsed.Subject));
    }

    [Fact]
    public void Headers_behind_a_huge_one_are_saved_too()
    {
        var parsed = _parser.Parse(Bytes(Folded("To", 400) + "\r\n" + Head + "\r\nHi\r\n"));

        Assert.Contains("256 KB", parsed.Unreadable, StringComparison.Ordinal);
        Assert.Equal("Order 4711", parsed.Subject);
    }

    [Theory]
    [InlineData(2000, true)]
    [InlineData(8000, false)]
    public void A_nested_header_cannot_stall_the_parser(int kilobytes, bool isFolded)
    {
        var field = isFolded ? Folded("Subject", kilobytes) : "Subject: " + new string('A', kilobytes * 1024);
        var mail = Head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" + field + "\r\n\r\nHi\r\n--b--\r\n";
        var watch = Stopwatch.StartNew();

        var parsed = _parser.Parse(Bytes(mail));

        Assert.NotNull(parsed.Unreadable);
        Assert.Equal("Order 4711", parsed.Subject);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Many_nested_headers_cannot_stall_it_together()
    {
        var part = "--b\r\nContent-Type: message/rfc822\r\n\r\n" + Folded("Subject", 200) + "\r\n\r\nHi\r\n";

        Assert.NotNull(_parser.Parse(Bytes(Head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + string.Concat(Enumerable.Repeat(part, 40)) + "--b--\r\n")).Unreadable);
    }

    [Fact]
    public void Long_texts_and_large_attachments_are_no_headers()
    {
        var indented = string.Concat(Enumerable.Repeat("    a line of a log, indented\r\n", 40_000));
        var base64 = string.Concat(Enumerable.Repeat(new string('A', 76) + "\r\n", 40_000));
        var mail = Head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nThe log says\r\n\r\n" + indented
            + "\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64
            + "--b\r\nContent-Type: application/json\r\n\r\n{\"one\": \"" + new string('x', 2_000_000) + "\"}\r\n--b--\r\n";

        Assert.Null(_parser.Parse(Bytes(mail)).Unreadable);
    }

    [Fact]
    public void Nesting_ends_at_a_depth_that_no_stack_minds()
    {
        var mail = Head + string.Concat(Enumerable.Range(0, 5000).Select(i => $"Content-Type: multipart/mixed; boundary=\"b{i}\"\r\n\r\n--b{i}\r\n")) + "\r\nend\r\n";

        Assert.Null(_parser.Parse(Bytes(mail)).Unreadable);
        Assert.NotNull(MessageBody.Read(Bytes(mail)).Parts);
    }

    [Fact]
    public void The_list_of_parts_is_capped()
    {
        var mail = Head + "Content-Type: multipart/mixed; boundary=x\r\n\r\n"
            + string.Concat(Enumerable.Repeat("--x\r\nContent-Type: application/octet-stream\r\n\r\nA\r\n", 5000)) + "--x--\r\n";

        Assert.Equal(MailLimits.MaxParts, MessageBody.Read(Bytes(mail)).Parts.Count);
    }

    private static string Folded(string name, int kilobytes) =>
        name + ":" + string.Concat(Enumerable.Repeat(" =?utf-8?B?QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=?=\r\n", kilobytes * 1024 / 52)).TrimEnd();

    private static byte[] Bytes(string mail) => Encoding.UTF8.GetBytes(mail);
}
