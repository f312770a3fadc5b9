using Enneo.Core.Activity;
using Enneo.Core.Mailboxes;
using Enneo.Web.Inbox;

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
}
