using Bunit;
using Enneo.Web.Mailboxes;

namespace Enneo.Tests.Mailboxes;

public sealed class RemoveAccountTests : BunitContext
{
    private readonly List<bool> _removed = [];

    public RemoveAccountTests() => JSInterop.Mode = JSRuntimeMode.Loose;

    [Fact]
    public async Task ItNamesTheMailboxAndKeepsItsConversationsUnlessToldOtherwise()
    {
        var panel = Render<RemoveAccount>(p => p.Add(c => c.Name, "Support").Add(c => c.OnRemove, erase => _removed.Add(erase)));

        await panel.Find("button").ClickAsync();
        Assert.Contains("Remove Support?", panel.Find("h3").TextContent, StringComparison.Ordinal);
        Assert.Empty(_removed);
        await panel.Find(".actions .btn-danger").ClickAsync();

        Assert.Equal([false], _removed);
    }

    [Fact]
    public async Task ErasingNeedsTheNameTyped()
    {
        var panel = Render<RemoveAccount>(p => p.Add(c => c.Name, "Support").Add(c => c.OnRemove, erase => _removed.Add(erase)));
        await panel.Find("button").ClickAsync();
        await panel.FindAll("input[type=radio]")[1].ChangeAsync(new() { Value = "on" });

        Assert.True(panel.Find(".actions .btn-danger").HasAttribute("disabled"));
        await panel.Find("#remove-account-name").InputAsync(new() { Value = "support" });
        await panel.Find(".actions .btn-danger").ClickAsync();

        Assert.Equal([true], _removed);
    }
}
