using Enneo.Core.Mailboxes;
using Enneo.Web.Demo;
using Microsoft.Extensions.Time.Testing;
using MimeKit;

namespace Enneo.Tests.Demo;

public sealed class DemoMailsTests
{
    private static readonly DateTimeOffset s_noon = new(2031, 3, 12, 12, 0, 0, TimeSpan.Zero);
    private static readonly Lazy<IReadOnlyList<(DemoMail Mail, MimeMessage Message)>> s_mails = new(() => ComposeAt(s_noon));

    private static IReadOnlyList<(DemoMail Mail, MimeMessage Message)> Mails => s_mails.Value;

    [Fact]
    public void ThereAreSomeTwoHundredMails_InThreeMailboxes()
    {
        Assert.InRange(Mails.Count, 190, 250);
        Assert.Equal(["Billing", "Sales", "Support"], Mails.Select(m => m.Mail.Mailbox).Distinct().Order());
        Assert.All(Mails.CountBy(m => m.Mail.Mailbox), mailbox => Assert.InRange(mailbox.Value, 40, 110));
    }

    [Fact]
    public void MessageIds_AreUnique_AndNamedByTheSendersDomain()
    {
        Assert.Equal(Mails.Count, Mails.Select(m => m.Message.MessageId).Distinct().Count());
        Assert.All(Mails, m => Assert.EndsWith("@" + m.Message.From.Mailboxes.First().Domain, m.Message.MessageId));
    }

    [Theory]
    [InlineData("2031-03-12T00:01:00Z")]
    [InlineData("2031-03-12T12:00:00Z")]
    [InlineData("2031-03-12T23:59:00Z")]
    public void Dates_LieInThePast_AndRiseWithinAConversation(string now)
    {
        var clock = DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture);
        var mails = ComposeAt(clock);

        Assert.All(mails, m => Assert.InRange(m.Mail.ReceivedAt, clock.AddDays(-130), clock));
        Assert.All(mails, m => Assert.InRange(m.Mail.ReceivedAt - m.Message.Date, TimeSpan.Zero, TimeSpan.FromMinutes(1)));
        foreach (var conversation in mails.GroupBy(m => m.Mail.Conversation))
        {
            var told = DemoMails.Conversations().Single(c => c.Name == conversation.Key).Mails.Select(m => m.When);
            var resolved = told.Select(when => ScriptedTime.Resolve(when, ClockAt(clock))).ToList();
            Assert.Equal(resolved.Order(), resolved);
        }
    }

    [Fact]
    public void MostMails_AreOfTheLastTwoWeeks_SomeOfToday_SomeMonthsOld()
    {
        var ages = Mails.Select(m => s_noon - m.Mail.ReceivedAt).ToList();

        Assert.InRange(ages.Count(age => age < TimeSpan.FromDays(14)), Mails.Count * 2 / 3, Mails.Count - 20);
        Assert.True(ages.Count(age => age < TimeSpan.FromHours(12)) >= 10);
        Assert.True(ages.Count(age => age > TimeSpan.FromDays(60)) >= 8);
    }

    [Fact]
    public void UnreadMails_AreAFew_AndInTheInbox()
    {
        var unread = Mails.Where(m => !m.Mail.Seen).ToList();

        Assert.InRange(unread.Count, 15, 40);
        Assert.All(unread, m => Assert.Equal(FolderRole.Inbox, m.Mail.Folder));
    }

    [Fact]
    public void References_LeadToMailsOfTheSameConversation()
    {
        var conversationOf = Mails.ToDictionary(m => m.Message.MessageId!, m => m.Mail.Conversation);
        var answers = Mails.Where(m => m.Message.InReplyTo is not null).ToList();

        Assert.True(answers.Count > 90);
        Assert.All(answers, m =>
        {
            Assert.Equal(m.Message.InReplyTo, m.Message.References.Last());
            Assert.All(m.Message.References, id => Assert.Equal(m.Mail.Conversation, conversationOf[id]));
        });
    }

    [Fact]
    public void Threads_HaveUpToSixMessages_FromBothSides()
    {
        var threads = Mails.GroupBy(m => m.Mail.Conversation).Where(thread => thread.Count() > 1).ToList();

        Assert.True(threads.Count >= 40);
        Assert.All(threads, thread => Assert.InRange(thread.Count(), 2, 6));
        Assert.True(threads.Count(thread => thread.Select(m => m.Mail.Folder).Distinct().Count() == 2) >= 38);
    }

    [Fact]
    public void Addresses_CanNeverReachAnybody()
    {
        var addresses = Mails.SelectMany(m => m.Message.From.Mailboxes
            .Concat(m.Message.To.Mailboxes).Concat(m.Message.Cc.Mailboxes).Concat(m.Message.ReplyTo.Mailboxes));

        Assert.All(addresses, address => Assert.Matches(@"\.(example|test)$", address.Domain));
    }

    [Fact]
    public void WhatWeSent_ComesFromTheMailbox_AndLiesInSent() => Assert.All(
        Mails.Where(m => m.Mail.Folder is FolderRole.Sent),
        m => Assert.Equal(DemoMailboxes.Get(m.Mail.Mailbox).Address, m.Message.From.Mailboxes.Single().Address));

    private static List<(DemoMail Mail, MimeMessage Message)> ComposeAt(DateTimeOffset now) =>
        [.. DemoMails.Compose(ClockAt(now)).Select(mail => (mail, MimeMessage.Load(new MemoryStream(mail.Raw))))];

    private static FakeTimeProvider ClockAt(DateTimeOffset now) => new(now);
}
