using System.Diagnostics;
using System.Security.Cryptography;
using Enneo.Core.Messages;
using MimeKit;

namespace Enneo.Tests.Messages;

/// <summary>Odd and broken mail that others collected, through parser and reader.</summary>
public sealed class MimeExamTests
{
    [Fact]
    public async Task EveryMail_IsRead_InTime_WithEachAttachment_AndNoCharacterLost()
    {
        var parser = new MessageParser(TimeProvider.System);
        List<string> faults = [];
        var unreadable = 0;
        var mails = 0;
        await foreach (var mail in MimeCase.ReadAsync())
        {
            var raw = mail.Raw;
            var watch = Stopwatch.StartNew();
            var parsed = await parser.ParseAsync(raw, TestContext.Current.CancellationToken);
            var body = parsed.Unreadable is null ? MessageBody.Read(raw) : (null, "", []);
            var safe = body.Html is null ? new MailHtml().FromText(body.Text) : new MailHtml().Sanitize(body.Html, _ => null).Html;
            mails++;
            unreadable += parsed.Unreadable is null ? 0 : 1;
            faults.AddRange(Faults(parsed, body.Text + body.Html, body.Parts, mail, watch.Elapsed).Select(fault => $"{mail.File}: {fault}"));
            Assert.NotNull(safe);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{mails} mails, {unreadable} unreadable, {faults.Count} faults\n{string.Join('\n', faults)}");
        Assert.True(mails > 1000);
        Assert.Empty(faults);
    }

    private static IEnumerable<string> Faults(
        ParsedMessage parsed, string text, IReadOnlyList<Enneo.Core.Messages.MessagePart> parts, MimeCase mail, TimeSpan took)
    {
        if (took > TimeSpan.FromSeconds(10))
        {
            yield return $"took {took}";
        }

        if (mail.Baseline is null)
        {
            yield break;
        }

        if (parsed.Unreadable is not null)
        {
            yield return $"unreadable: {parsed.Unreadable}";
            yield break;
        }

        var (subject, from) = (mail.BaselineOf("subject"), mail.BaselineOf("from"));
        if (!string.IsNullOrWhiteSpace(subject) && parsed.Subject.Length == 0)
        {
            yield return $"no subject, baseline: {subject}";
        }

        if (!string.IsNullOrWhiteSpace(from) && parsed.FromName.Length + parsed.FromAddress.Length == 0)
        {
            yield return $"no sender, baseline: {from}";
        }

        using var message = MimeMessage.Load(new MemoryStream(mail.Raw), TestContext.Current.CancellationToken);
        if (!string.Concat(message.BodyParts.OfType<TextPart>().Select(part => part.Text)).Contains('\uFFFD') && text.Contains('\uFFFD'))
        {
            yield return "U+FFFD in the body";
        }

        if (!$"{subject}{from}".Contains('\uFFFD') && $"{parsed.Subject}{parsed.FromName}{parsed.FromAddress}".Contains('\uFFFD'))
        {
            yield return "U+FFFD in the header";
        }

        var ours = parts.Select(part => Hash(MessageBody.ReadPart(mail.Raw, part.Index)!.Bytes)).ToList();
        foreach (var attachment in message.Attachments)
        {
            using MemoryStream bytes = new();
            switch (attachment)
            {
                case MimePart { Content: { } content }:
                    content.DecodeTo(bytes, TestContext.Current.CancellationToken);
                    break;
                case MimeKit.MessagePart { Message: { } nested }:
                    nested.WriteTo(bytes, TestContext.Current.CancellationToken);
                    break;
            }

            if (!ours.Remove(Hash(bytes.ToArray())))
            {
                yield return $"attachment {attachment.ContentDisposition?.FileName ?? attachment.ContentType.Name} ({attachment.ContentType.MimeType}) is missing or differs";
            }
        }
    }

    private static string Hash(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes));
}
