using MimeKit;

namespace Enneo.Tests.Mail;

public sealed class GeneratedMailTests
{
    [Fact]
    public void It_is_the_same_for_the_same_seed_and_reads_as_mail()
    {
        var mails = GeneratedMail.Many(400).ToList();
        var messages = mails.Select(mail => MimeMessage.Load(new MemoryStream(mail.Source), TestContext.Current.CancellationToken)).ToList();

        Assert.Equal(mails.Select(mail => mail.Source), GeneratedMail.Many(400).Select(mail => mail.Source));
        Assert.NotEqual(mails[0].Source, GeneratedMail.Many(1, seed: 2).Single().Source);
        Assert.Equal(mails.Select(mail => mail.MessageId), messages.Select(message => $"<{message.MessageId}>"));
        Assert.Equal(mails.Select(mail => mail.Subject), messages.Select(message => message.Subject));
        Assert.InRange(messages.Count(message => message.Attachments.Any()), 50, 110);
        Assert.InRange(messages.Count(message => message.InReplyTo is not null), 120, 200);
        Assert.All(messages, message => Assert.False(string.IsNullOrEmpty(message.TextBody ?? message.HtmlBody)));
        Assert.InRange(mails.Average(mail => mail.Source.Length), 20_000, 36_000);
    }
}
