using Bunit;
using Enneo.Core.Mailboxes;
using Enneo.Web.Mailboxes;

namespace Enneo.Tests.Mailboxes;

public sealed class AccountFoldersTests : BunitContext
{
    private static readonly FolderDetail s_inbox = new(1, "INBOX", "INBOX", 0, FolderRole.Inbox, true, true, 40, 2, null);
    private static readonly FolderDetail s_projects = new(2, "Projects", "Projects", 0, FolderRole.None, false, false, 0, 0, null);
    private static readonly FolderDetail s_inner = new(3, "Done", "Projects/Done", 1, FolderRole.Archive, true, true, 5, 0, "The folder Projects/Done could not be synced. The server says: no");

    [Fact]
    public void ItIsATreeWithPurposesCountsAndProblems()
    {
        var panel = Render<AccountFolders>(p => p.Add(c => c.Folders, [s_inbox, s_projects, s_inner]));

        var rows = panel.FindAll("li");
        Assert.Equal(["--depth: 0", "--depth: 0", "--depth: 1"], rows.Select(row => row.GetAttribute("style")));
        Assert.Contains("40, 2 unread", rows[0].TextContent, StringComparison.Ordinal);
        Assert.True(rows[0].QuerySelector("input")!.HasAttribute("disabled")); // the INBOX always is synced
        Assert.True(rows[1].QuerySelector("select")!.HasAttribute("disabled")); // it holds no mail
        Assert.Contains("The server says: no", rows[2].QuerySelector(".problem")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChangesAreTold()
    {
        List<object> told = [];
        var panel = Render<AccountFolders>(p => p
            .Add(c => c.Folders, [s_inner])
            .Add(c => c.OnRole, change => told.Add(change))
            .Add(c => c.OnSynced, change => told.Add(change)));

        await panel.Find("select").ChangeAsync(new() { Value = "Junk" });
        await panel.Find("input").ChangeAsync(new() { Value = false });

        Assert.Equal([(3L, FolderRole.Junk), (3L, false)], told);
    }

    [Fact]
    public async Task SyncingNowIsConfirmed()
    {
        var asked = 0;
        var panel = Render<AccountFolders>(p => p.Add(c => c.Folders, []).Add(c => c.OnSync, () => asked++));

        await panel.Find("button").ClickAsync();

        Assert.Equal(1, asked);
        Assert.Contains("Asked for", panel.Find("[role=status]").TextContent, StringComparison.Ordinal);
    }
}
