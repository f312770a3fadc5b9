using Bunit;
using Enneo.Core.Identity;
using Enneo.Web.Mailboxes;

namespace Enneo.Tests.Mailboxes;

public sealed class ViewersFieldTests : BunitContext
{
    private static readonly Person s_anna = new(1, "Anna", "anna@example.test", Roles.Admin, DateTimeOffset.UnixEpoch);
    private static readonly Person s_ben = new(2, "Ben", "ben@example.test", Roles.Agent, DateTimeOffset.UnixEpoch);
    private static readonly Person s_eva = new(3, "Eva", "eva@example.test", Roles.Agent, DateTimeOffset.UnixEpoch);

    private readonly List<IReadOnlyList<string>?> _told = [];

    [Fact]
    public void ANewMailboxIsSeenByAllAndAdminsAreNotAskedAbout()
    {
        var field = Show(null);

        Assert.Equal(["true", "false"], field.FindAll("[role=radio]").Select(choice => choice.GetAttribute("aria-checked")));
        Assert.Empty(field.FindAll("input"));
    }

    [Fact]
    public async Task WhoIsLeftOutIsTickedOff()
    {
        var field = Show(null);

        await field.FindAll("[role=radio]")[1].ClickAsync();
        Assert.Equal(["Ben", "Eva"], field.FindAll("label").Select(label => label.TextContent.Trim().Split(' ')[0]));
        await field.FindAll("input")[0].ChangeAsync(new() { Value = false });

        Assert.Equal([["ben@example.test", "eva@example.test"], ["eva@example.test"]], _told);
    }

    [Fact]
    public void WhatWasChosenIsShown()
    {
        var field = Show(["EVA@example.test"]);

        Assert.Equal([false, true], field.FindAll("input").Select(box => box.HasAttribute("checked")));
    }

    [Fact]
    public async Task BackToAllNamesAllThatAreThere()
    {
        var field = Show(["eva@example.test"]);

        await field.FindAll("[role=radio]")[0].ClickAsync();

        Assert.Equal([["ben@example.test", "eva@example.test"]], _told);
        Assert.Empty(field.FindAll("input"));
    }

    [Fact]
    public void WithoutAgentsNothingIsAsked() => Assert.Empty(Render<ViewersField>(p => p.Add(f => f.People, [s_anna])).Markup.Trim());

    [Fact]
    public void WhatIsWrongIsSaidBeneath() => Assert.Equal("Nobody is called that.", Show(null, "Nobody is called that.").Find("[role=alert]").TextContent);

    private IRenderedComponent<ViewersField> Show(IReadOnlyList<string>? value, params string[] errors) => Render<ViewersField>(p => p
        .Add(f => f.People, [s_anna, s_ben, s_eva])
        .Add(f => f.Value, value)
        .Add(f => f.Errors, errors)
        .Add(f => f.ValueChanged, told => _told.Add(told)));
}
