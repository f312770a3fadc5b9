using Bunit;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Spam;
using Enneo.Tests.Inbox;
using Enneo.Web.Spam;
using Enneo.Web.Spam.Settings;

namespace Enneo.Tests.Spam;

/// <summary>Who cannot be blocked: ourselves, and everybody at a provider at once.</summary>
public sealed class BlockedSenderTests : IAsyncLifetime
{
    private readonly InboxStore _store = new();

    private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    private SpamSenders Senders => _store.Get<SpamSenders>();

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        await _store.MakeAdminAsync();
        await _store.AddMailboxAsync(); // support@example.com
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Theory]
    [InlineData("Support@Example.com", SenderProblem.Own)]
    [InlineData("@example.com", SenderProblem.Own)]
    [InlineData("gmail.com", SenderProblem.SharedDomain)]
    [InlineData("web.de", SenderProblem.SharedDomain)]
    [InlineData("nobody", SenderProblem.NotASender)]
    [InlineData("eve@gmail.com", null)]
    [InlineData("max@example.com", null)]
    [InlineData("spam.example.com", null)]
    [InlineData("spam.example", null)]
    public async Task NobodyBlocksOurselvesNorAWholeProvider(string sender, SenderProblem? problem)
    {
        Assert.Equal(problem, await Senders.FindProblemAsync(sender, isTrusted: false, Cancel));
        Assert.Equal(problem is null, await Senders.SetAsync(sender, null, isTrusted: false, Actor.Operator, "test", Cancel));
        Assert.Equal(problem is null ? 1 : 0, (await Senders.ListAsync(Reach.All, Cancel)).Count);
    }

    [Fact]
    public async Task TheSettingsSayWhy()
    {
        await using InboxScreen screen = new(_store, isAdmin: true);
        var lists = screen.Render<SenderLists>();
        foreach (var (sender, words) in new[] { ("support@example.com", SpamText.OwnSender), ("gmail.com", SpamText.SharedSender), ("nobody", SpamText.NotASender) })
        {
            await lists.Find("[data-sender]").ChangeAsync(sender);
            await lists.Find("[data-block]").ClickAsync();
            await lists.Find("form").SubmitAsync();

            Assert.Equal(SpamWords.Words(words, sender), lists.Find("[role=alert]").TextContent);
        }
    }

    [Theory]
    [InlineData("anna@example.com", null)]
    [InlineData("eve@gmail.com", null)]
    [InlineData("eve@spam.example", "spam.example")]
    public async Task ADomainOfOurOwnIsNotOffered(string address, string? offered) =>
        Assert.Equal(offered, SenderDomain.Find(address, await Senders.OwnDomainsAsync(Cancel)));
}
