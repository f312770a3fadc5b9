using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Tickets;
using Enneo.Web.Inbox;
using Microsoft.Extensions.Time.Testing;

namespace Enneo.Tests.Inbox;

public sealed class HistoryWordsTests
{
    private static readonly InboxDirectory s_directory = new(
        [], [new(4, 1, "Junk", "Junk", 0, FolderRole.Junk, true, 0), new(6, 1, "INBOX", "INBOX", 0, FolderRole.Inbox, true, 0)]);

    [Theory]
    [InlineData(new long[] { 6 }, new long[] { 4 }, "Another mail program moved a message from Inbox to Junk")]
    [InlineData(new long[] { 4, 6 }, new long[] { 4 }, "Another mail program moved a message from Inbox to Junk")]
    [InlineData(new long[] { 99 }, new long[] { 6 }, "Another mail program moved a message from a folder that is gone to Inbox")]
    [InlineData(new long[] { }, new long[] { 6 }, "Another mail program moved a message to Inbox")]
    [InlineData(new long[] { 6 }, new long[] { }, "Another mail program took a message out of Inbox")]
    public void AMoveIsToldFromWhereToWhere(long[] before, long[] after, string words)
    {
        var entry = ActivityEntry.Of(ActivityKind.MessageMoved, Actor.MailServer, "sync", TimeProvider.System, changes: ("folders", before, after));

        Assert.Equal(words, HistoryWords.Of(new(entry), s_directory, new BrowserTime(TimeProvider.System)));
    }

    [Theory]
    [InlineData(3.5, "anna said that it is no spam; it was hidden for 3 h")]
    [InlineData(.2, "anna said that it is no spam; it was hidden for 12 min")]
    [InlineData(50, "anna said that it is no spam; it was hidden for 2 days")]
    public void AConversationThatIsBroughtBackTellsForHowLongItWasHidden(double hours, string words)
    {
        FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 4, 9, 0, 0, TimeSpan.Zero));
        var hidden = Spam(Actor.System, null, SpamStatus.AutoSpam, clock);
        clock.Advance(TimeSpan.FromHours(hours));
        ThreadHistory history = new([hidden, Spam(Actor.User(5), SpamStatus.AutoSpam, SpamStatus.ManualClean, clock)], []);

        Assert.Equal(["Hidden as spam", words], history.Before(0).Select(happening => HistoryWords.Of(happening, WithAnna(), new BrowserTime(clock))));
    }

    [Fact]
    public void WhenSpamIsDueIsToldAsKept()
    {
        FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 4, 9, 0, 0, TimeSpan.Zero));
        var entry = ActivityEntry.Of(ActivityKind.TicketDueChanged, Actor.User(5), "api", clock, changes: [("firstResponseDueBy", null, null), ("dueBy", clock.GetUtcNow(), null), ("withheld", null, true)]);

        Assert.Matches("^anna: due .+ once this is no spam any more$", HistoryWords.Of(new(entry), WithAnna(), new BrowserTime(clock)));
    }

    private static InboxDirectory WithAnna() => new([new Person(5, "anna", "anna@example.test", Roles.Agent, default)], []);

    private static ActivityEntry Spam(Actor actor, SpamStatus? before, SpamStatus after, TimeProvider clock) => ActivityEntry.Of(
        ActivityKind.TicketSpamChanged, actor, "web", clock, changes: ("spamStatus", before?.ToString(), after.ToString()));
}
