using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using static Enneo.Core.Mailboxes.FolderRole;

namespace Enneo.Tests.Sync;

public sealed class FolderChangeTests
{
    private const FolderRole Inbox = FolderRole.Inbox; // which is a namespace here besides

    [Theory]
    [InlineData(new[] { Inbox }, new[] { Junk }, true)]
    [InlineData(new[] { Trash }, new[] { Junk }, true)]
    [InlineData(new[] { Inbox, Junk }, new[] { Junk }, true)]
    [InlineData(new[] { Archive, Junk, Trash }, new[] { Junk, Trash }, true)]
    [InlineData(new[] { Junk, Trash }, new[] { Junk }, false)]
    [InlineData(new[] { Inbox }, new[] { Inbox, Junk }, false)]
    [InlineData(new[] { Inbox }, new[] { Trash }, false)]
    [InlineData(new FolderRole[0], new[] { Junk }, false)] // the server lists again what it had lost sight of
    public void Mail_comes_into_junk_when_it_is_nowhere_else_and_was(FolderRole[] before, FolderRole[] after, bool expected) =>
        Assert.Equal(expected, new FolderChange(before, after).IsIntoJunk);

    [Theory]
    [InlineData(new[] { Junk }, new[] { Inbox }, true)]
    [InlineData(new[] { Junk }, new[] { Inbox, Junk }, true)]
    [InlineData(new[] { Inbox, Junk }, new[] { Inbox }, true)]
    [InlineData(new[] { Junk }, new[] { Trash }, false)]
    [InlineData(new[] { Inbox, Junk }, new[] { Archive, Junk }, false)]
    [InlineData(new[] { Inbox }, new[] { Archive }, false)]
    public void Mail_comes_out_of_junk_when_it_is_where_mail_is(FolderRole[] before, FolderRole[] after, bool expected) =>
        Assert.Equal(expected, new FolderChange(before, after).IsOutOfJunk);

    [Theory]
    [InlineData(new[] { Trash }, new[] { Inbox }, true)]
    [InlineData(new[] { None, Trash }, new[] { None }, true)]
    [InlineData(new FolderRole[0], new[] { Inbox }, false)] // likewise
    [InlineData(new[] { Inbox }, new[] { Archive }, false)]
    [InlineData(new[] { Trash }, new[] { Junk }, false)]
    public void Mail_comes_out_of_the_trash_when_it_is_where_mail_is(FolderRole[] before, FolderRole[] after, bool expected) =>
        Assert.Equal(expected, new FolderChange(before, after).IsOutOfTrash);
}
