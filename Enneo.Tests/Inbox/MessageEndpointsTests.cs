using System.Net;
using Enneo.Core.Identity;
using TestContext = Xunit.TestContext;

namespace Enneo.Tests.Inbox;

public sealed class MessageEndpointsTests : IAsyncLifetime
{
    private readonly InboxStore _store = new();
    private InboxSite? _site;
    private long _message;

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        _site = await InboxSite.StartAsync(_store);
        var mailbox = await _store.AddMailboxAsync();
        _message = (await _store.ReceiveAsync(mailbox, "Parts", contentType: "multipart/mixed; boundary=b", text: Parts)).MessageId;
    }

    public async ValueTask DisposeAsync()
    {
        await _site!.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task TheBodyCanRunNothingAndFetchNothing()
    {
        using var answer = await GetAsync("body?theme=dark");

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox;", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("allow-scripts", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'self'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task TheBodyShowsPicturesOfTheMailOnly()
    {
        using var answer = await GetAsync("body");
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Contains($"/message/{_message}/part/", page, StringComparison.Ordinal);
        Assert.Contains("?inline=true", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("onerror", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("tracker.example", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatABrowserWouldShowIsDownloadedAsBytes()
    {
        foreach (var part in await PartsAsync())
        {
            using var answer = await GetAsync($"part/{part.Index}?inline={part.Name.EndsWith(".html", StringComparison.Ordinal)}");

            Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
            Assert.StartsWith("sandbox", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            if (!part.Name.EndsWith(".png", StringComparison.Ordinal))
            {
                Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType!.MediaType);
            }
        }
    }

    [Fact]
    public async Task OnlyAPictureOfTheBodyIsShownWithinIt()
    {
        var picture = (await PartsAsync()).Single(part => part.ContentId == "logo");

        using var answer = await GetAsync($"part/{picture.Index}?inline=true");

        Assert.Equal("image/png", answer.Content.Headers.ContentType!.MediaType);
        Assert.Null(answer.Content.Headers.ContentDisposition);
    }

    [Fact]
    public async Task APreviewIsAPictureOrWords()
    {
        foreach (var part in await PartsAsync())
        {
            using var answer = await GetAsync($"part/{part.Index}/preview");

            Assert.Equal(part.Name.EndsWith(".png", StringComparison.Ordinal) ? "image/png" : "text/plain", answer.Content.Headers.ContentType!.MediaType);
            Assert.StartsWith("sandbox;", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.True(answer.Headers.CacheControl!.NoStore);
        }
    }

    [Fact]
    public async Task TheSourceIsTheMailAsItCame()
    {
        using var answer = await GetAsync("source");

        Assert.Equal("message/rfc822", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal($"message-{_message}.eml", answer.Content.Headers.ContentDisposition!.FileName);
        Assert.Contains("Subject: Parts\r\n", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/message/1/body")]
    [InlineData("/message/1/part/0")]
    [InlineData("/message/1/source")]
    [InlineData("/message/1/part/0/preview")]
    [InlineData("/message/1/remote?address=https://a.example/&mark=0")]
    public async Task NobodyReadsWithoutSigningIn(string address)
    {
        using var answer = await _site!.ClientOf(null).GetAsync(address, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("/message/4711/body")]
    [InlineData("/message/1/part/99")]
    [InlineData("/message/4711/source")]
    [InlineData("/message/1/part/99/preview")]
    [InlineData("/message/1/remote?address=https://a.example/&mark=0")]
    public async Task WhatIsNotThereIsNotFound(string address)
    {
        using var answer = await _site!.ClientOf(_store.AgentId).GetAsync(address, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private const string Parts =
        "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hi</p><img src=\"cid:logo\"><img src=x onerror=alert(1)>"
        + "<script>alert(1)</script><img src=\"https://tracker.example/a.png\">\r\n"
        + "--b\r\nContent-Type: image/png; name=logo.png\r\nContent-ID: <logo>\r\nContent-Disposition: inline\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n"
        + "--b\r\nContent-Type: text/html; name=page.html\r\nContent-Disposition: attachment; filename=page.html\r\n\r\n<script>alert(1)</script>\r\n"
        + "--b\r\nContent-Type: image/svg+xml; name=a.svg\r\nContent-Disposition: attachment; filename=a.svg\r\n\r\n<svg/>\r\n"
        + "--b\r\nContent-Type: application/xhtml+xml; name=a.xhtml\r\nContent-Disposition: attachment; filename=a.xhtml\r\n\r\n<html/>\r\n--b--";

    private async Task<IReadOnlyList<Enneo.Core.Messages.MessagePart>> PartsAsync()
    {
        var content = await _store.Get<Enneo.Core.Messages.MessageReader>().FindAsync(Reach.All, _message, TestContext.Current.CancellationToken);
        return content!.Parts;
    }

    private async Task<HttpResponseMessage> GetAsync(string address)
    {
        var answer = await _site!.ClientOf(_store.AgentId).GetAsync($"/message/{_message}/{address}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer;
    }
}
