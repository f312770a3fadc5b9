using Bunit;
using Enneo.Core.Identity;
using Enneo.Core.Tickets;
using Enneo.Tests.Inbox;
using Enneo.Web.Analysis;
using Enneo.Web.Inbox;

namespace Enneo.Tests.Analysis;

/// <summary>Where no language model is set up, the page says so once and quietly.</summary>
public sealed class AnswerHelpTests : IAsyncLifetime
{
    private readonly InboxStore _store = new();
    private TicketThread _thread = null!;

    private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        await _store.MakeAdminAsync();
        var mail = await _store.ReceiveAsync(await _store.AddMailboxAsync(), "Question");
        _thread = (await _store.Get<TicketQueries>().FindThreadAsync(Reach.All, mail.TicketId, Cancel))!;
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WithoutAModelAndWithoutSimilarAnswersItSaysHowToSwitchOneOn(bool isAdmin)
    {
        await using InboxScreen screen = new(_store, isAdmin);

        var hint = Render(screen, isAdmin).WaitForElement("[data-model-hint]");

        Assert.Contains(AnalysisWords.NoModel, hint.TextContent, StringComparison.Ordinal);
        Assert.Equal(isAdmin ? "/settings/ai" : null, hint.QuerySelector("a")?.GetAttribute("href"));
        Assert.Equal(!isAdmin, hint.TextContent.Contains(AnalysisWords.AskAdmin, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhoWantsItNoMoreIsSparedItFromThenOn()
    {
        await using InboxScreen screen = new(_store, isAdmin: true);
        var help = Render(screen, isAdmin: true);

        await help.WaitForElement("[data-leave-hint]").ClickAsync();

        Assert.Empty(help.FindAll("[data-model-hint]"));
        Assert.Empty(Render(screen, isAdmin: true).FindAll("[data-model-hint]"));
    }

    private IRenderedComponent<AnswerHelp> Render(InboxScreen screen, bool isAdmin) => screen.Render<AnswerHelp>(parameters => parameters
        .Add(help => help.Thread, _thread)
        .Add(help => help.Person, new InboxPerson(_store.AgentId, isAdmin)));
}
