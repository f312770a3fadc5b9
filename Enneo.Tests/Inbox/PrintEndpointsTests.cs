using System.Net;
using TestContext = Xunit.TestContext;

namespace Enneo.Tests.Inbox;

public sealed class PrintEndpointsTests : IAsyncLifetime
{
    private const string Hostile = "<p>Words</p><script>alert(1)</script><img src=\"https://tracker.example/a.png\"><div style=\"position:fixed;background:url(https://tracker.example/b.png)\">x</div>";

    private readonly InboxStore _store = new();
    private InboxSite? _site;
    private long _message;
    private long _ticket;

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        _site = await InboxSite.StartAsync(_store);
        var mailbox = await _store.AddMailboxAsync();
        (_message, _ticket, _) = await _store.ReceiveAsync(mailbox, "<b>Offer</b>", "\"<i>Eve</i>\" <eve@example.net>", contentType: "text/html; charset=utf-8", text: Hostile);
        await _store.ReceiveAsync(mailbox, "Re: Offer", "Eve <eve@example.net>", answers: "m1@example.net", text: "The second\n\nOn 3 May 2021 at 10:00 Eve <eve@example.net> wrote:\n> Words");
    }

    public async ValueTask DisposeAsync()
    {
        await _site!.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task PaperCarriesNothingThatRunsOrLoads()
    {
        using var answer = await GetAsync($"/message/{_message}/print?zone=Europe/Berlin");
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("sandbox ", policy, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("allow-scripts", policy, StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Contains("<h1>&lt;b&gt;Offer&lt;/b&gt;</h1>", page, StringComparison.Ordinal);
        Assert.Contains("&lt;i&gt;Eve&lt;/i&gt;", page, StringComparison.Ordinal);
        Assert.Contains("<p>Words</p>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("tracker.example", page, StringComparison.Ordinal);
        Assert.DoesNotContain("position", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AConversationHasAllItsMessages_AndQuotesOnlyOnDemand()
    {
        using var answer = await GetAsync($"/ticket/{_ticket}/print");
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, page.Split("<article>").Length - 1);
        Assert.Contains("The second", page, StringComparison.Ordinal);
        Assert.Contains("<details>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheSourceIsShownAsWords()
    {
        using var answer = await GetAsync($"/message/{_message}/source/text");

        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("sandbox;", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Null(answer.Content.Headers.ContentDisposition);
        Assert.Contains("<script>alert(1)</script>", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/message/1/print", "/message/4711/print")]
    [InlineData("/ticket/1/print", "/ticket/4711/print")]
    [InlineData("/message/1/source/text", "/message/4711/source/text")]
    public async Task NobodyReadsWithoutSigningIn_AndWhatIsNotThereIsNotFound(string address, string missing)
    {
        using var refused = await _site!.ClientOf(null).GetAsync(address, TestContext.Current.CancellationToken);
        using var absent = await _site.ClientOf(_store.AgentId).GetAsync(missing, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
    }

    private async Task<HttpResponseMessage> GetAsync(string address)
    {
        var answer = await _site!.ClientOf(_store.AgentId).GetAsync(address, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer;
    }
}
