using System.Net;
using System.Net.Http.Json;
using Enneo.Core.Sending;
using TestContext = Xunit.TestContext;

namespace Enneo.Tests.Inbox;

public sealed class DraftEndpointsTests : IAsyncLifetime
{
    private readonly InboxStore _store = new();
    private InboxSite? _site;
    private DraftView? _draft;

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        _site = await InboxSite.StartAsync(_store);
        var mailbox = await _store.AddMailboxAsync();
        var mail = await _store.ReceiveAsync(mailbox, "Question");
        _draft = await _store.Get<Drafts>().StartReplyAsync(mail.MessageId, DraftMode.Reply, _store.AgentId, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _site!.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task KeepsALongTextAndNothingOfItThatRuns()
    {
        var text = "<div>" + new string('x', 100_000) + "</div><script>alert(1)</script>";

        using var answer = await SaveAsync(new { revision = 7, to = _draft!.To, subject = "Re: Question", html = text });

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var saved = await FindAsync();
        Assert.Equal(7, saved.Revision);
        Assert.Contains(new string('x', 100_000), saved.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("script", saved.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaysInWordsWhatIsWrongAndKeepsWhatWasThere()
    {
        using var answer = await SaveAsync(new { revision = 8, to = new[] { new { name = "", address = "x@example.com\r\nBcc: y@example.com" } }, subject = "Re: Question", html = "" });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.NotEqual(8, (await FindAsync()).Revision);
    }

    [Fact]
    public async Task TakesNothingFromAForm()
    {
        using var client = _site!.ClientOf(_store.AgentId);

        using var answer = await client.PostAsJsonAsync($"/draft/{_draft!.Id}", new { revision = 9, html = "" }, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task SomebodyElsesDraftDoesNotExist()
    {
        using var answer = await SaveAsync(new { revision = 9, html = "" }, _store.AgentId + 1);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task TakesFilesAndGivesThemUpAgain()
    {
        using var client = Composer(_store.AgentId);
        using ByteArrayContent file = new([1, 2, 3]);

        using var attached = await client.PostAsync($"/draft/{_draft!.Id}/attachment?name=..%2Foffer.pdf", file, TestContext.Current.CancellationToken);
        var attachment = Assert.Single((await FindAsync()).Attachments);
        using var detached = await client.DeleteAsync($"/draft/{_draft.Id}/attachment/{attachment.Id}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NoContent, attached.StatusCode);
        Assert.DoesNotContain("/", attachment.Name, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, detached.StatusCode);
        Assert.Empty((await FindAsync()).Attachments);
    }

    [Fact]
    public async Task PicturesAreServedToTheirAuthorAsWhatTheirBytesAre()
    {
        using var client = Composer(_store.AgentId);
        using ByteArrayContent picture = new([.. "GIF89a"u8, 1, 2, 3]);
        picture.Headers.ContentType = new("text/html");
        using ByteArrayContent page = new([.. "<svg onload=alert(1)>"u8]);

        using var taken = await client.PostAsync($"/draft/{_draft!.Id}/image?name=x.html", picture, TestContext.Current.CancellationToken);
        using var refused = await client.PostAsync($"/draft/{_draft.Id}/image?name=x.png", page, TestContext.Current.CancellationToken);
        var address = (await taken.Content.ReadFromJsonAsync<Dictionary<string, string>>(TestContext.Current.CancellationToken))!["address"];
        using var served = await _site!.ClientOf(_store.AgentId).GetAsync(address, TestContext.Current.CancellationToken);
        using var foreign = await _site.ClientOf(_store.AgentId + 1).GetAsync(address, TestContext.Current.CancellationToken);
        using var nobody = await _site.ClientOf(null).GetAsync(address, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, refused.StatusCode);
        Assert.Equal(("image/gif", "nosniff"), (served.Content.Headers.ContentType!.MediaType, served.Headers.GetValues("X-Content-Type-Options").Single()));
        Assert.Equal("sandbox; default-src 'none'", served.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Unauthorized), (foreign.StatusCode, nobody.StatusCode));
        Assert.Empty((await FindAsync()).Attachments);
    }

    [Fact]
    public async Task RefusesASenderThatIsNotOfTheMailbox()
    {
        using var answer = await SaveAsync(new { revision = 8, to = _draft!.To, subject = "x", html = "", from = "ceo@example.com" });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
    }

    [Fact]
    public async Task RefusesWhatIsTooLargeBeforeReadingIt()
    {
        using var client = Composer(_store.AgentId);
        using StreamContent file = new(Stream.Null);
        file.Headers.ContentLength = 2_000_000_000;
        using HttpRequestMessage request = new(HttpMethod.Post, $"/draft/{_draft!.Id}/attachment?name=film.mov") { Content = file };

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    private HttpClient Composer(long userId)
    {
        var client = _site!.ClientOf(userId);
        client.DefaultRequestHeaders.Add("X-Enneo-Composer", "1");
        return client;
    }

    private async Task<HttpResponseMessage> SaveAsync(object save, long? userId = null)
    {
        using var client = Composer(userId ?? _store.AgentId);
        return await client.PostAsJsonAsync($"/draft/{_draft!.Id}", save, TestContext.Current.CancellationToken);
    }

    private async Task<DraftView> FindAsync() =>
        await _store.Get<Drafts>().FindAsync(_draft!.Id, _store.AgentId, TestContext.Current.CancellationToken) ?? throw new InvalidOperationException("The draft is gone.");
}
