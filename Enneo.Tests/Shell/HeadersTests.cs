using System.Net;

namespace Enneo.Tests.Shell;

public sealed class HeadersTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sign-in", HttpStatusCode.OK)]
    [InlineData("settings/people", HttpStatusCode.Redirect)]
    [InlineData("nothing/here", HttpStatusCode.NotFound)]
    [InlineData("enneo.css", HttpStatusCode.OK)]
    [InlineData("_framework/blazor.web.js", HttpStatusCode.OK)]
    [InlineData("_content/MudBlazor/MudBlazor.min.css", HttpStatusCode.OK)]
    [InlineData("healthz", HttpStatusCode.OK)]
    public async Task EveryAnswerIsProtected(string path, HttpStatusCode status)
    {
        using var visitor = server.Visit();
        using var answer = await visitor.GetAsync(path);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["same-origin"], answer.Headers.GetValues("Referrer-Policy"));
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("object-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("base-uri 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src 'self' 'unsafe", policy, StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Server"));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task TheOneInlineScriptCarriesTheNonceOfItsAnswer()
    {
        using var visitor = server.Visit();
        using var first = await visitor.GetAsync("sign-in");
        using var second = await visitor.GetAsync("sign-in");

        var policy = first.Headers.GetValues("Content-Security-Policy").Single();
        var nonce = policy.Split("'nonce-")[1].Split('\'')[0];
        var html = WebUtility.HtmlDecode(await first.Content.ReadAsStringAsync(Cancelled));
        Assert.Contains($"<script type=\"importmap\" nonce=\"{nonce}\">", html, StringComparison.Ordinal);
        Assert.NotEqual(policy, second.Headers.GetValues("Content-Security-Policy").Single());
    }

    [Fact]
    public async Task PagesAreNotKept_ButStylesAndScriptsAre()
    {
        using var visitor = server.Visit();
        using var page = await visitor.GetAsync("sign-in");
        var html = await page.Content.ReadAsStringAsync(Cancelled);
        using var css = await visitor.GetAsync(html.Split("href=\"").Single(part => part.StartsWith("enneo.", StringComparison.Ordinal)).Split('"')[0]);

        Assert.Equal("no-store", page.Headers.CacheControl?.ToString());
        Assert.NotEqual(true, css.Headers.CacheControl?.NoStore);
        Assert.NotNull(css.Headers.ETag);
    }

    [Theory]
    [InlineData("appsettings.json")]
    [InlineData("data/enneo.db")]
    [InlineData("enneo.db")]
    [InlineData("keys")]
    [InlineData(".env")]
    [InlineData("%2e%2e/appsettings.json")]
    [InlineData("_content/..%2fappsettings.json")]
    public async Task NothingOfTheServerIsServed(string path)
    {
        using var visitor = await server.SignedInAsync();
        using var answer = await visitor.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task WhatDoesNotExistIsAPageToPeople_AndProblemDetailsToPrograms()
    {
        using var person = server.Visit();
        using var page = await person.GetAsync("nothing/here");
        using var program = server.Visit();
        program.Headers["Accept"] = "application/json";
        using var problem = await program.GetAsync("nothing/here");

        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("There is nothing at this address.", await page.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal("application/problem+json", problem.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task StrictTransportIsAskedForOverHttpsOnly()
    {
        using var visitor = server.Visit();
        using var plain = await visitor.GetAsync("sign-in");
        using var secure = await visitor.BehindHttpsProxy().GetAsync("sign-in");

        Assert.False(plain.Headers.Contains("Strict-Transport-Security"));
        Assert.Equal(["max-age=31536000; includeSubDomains"], secure.Headers.GetValues("Strict-Transport-Security"));
    }

    [Fact]
    public async Task TraceIsRefused()
    {
        using var visitor = server.Visit();
        using HttpRequestMessage trace = new(HttpMethod.Trace, "/sign-in");
        using var answer = await visitor.SendAsync(trace);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }

    [Theory]
    [InlineData("POST", "/sign-out", "https://evil.test")]
    [InlineData("POST", "/sign-in", "https://evil.test")]
    [InlineData("POST", "/sign-in", "null")]
    [InlineData("DELETE", "/anything", "https://evil.test")]
    [InlineData("GET", "/_blazor", "https://evil.test")]
    [InlineData("POST", "/_blazor/negotiate", "http://localhost:1")]
    public async Task AnotherSiteIsRefused(string method, string path, string origin)
    {
        using var visitor = await server.SignedInAsync();
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        request.Headers.Add("Origin", origin);
        using var answer = await visitor.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("POST", "/sign-out")]
    [InlineData("GET", "/settings/microsoft365/connect?form=a&address=a@example.test")]
    public async Task ABrowserThatSaysItComesFromElsewhereIsRefused_EvenWithoutOrigin(string method, string path)
    {
        using var visitor = await server.SignedInAsync();
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        using var answer = await visitor.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task CircuitsAreForThoseSignedIn()
    {
        using var anonymous = server.Visit();
        using HttpRequestMessage request = new(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        using var answer = await anonymous.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task WithinAPage_AnErrorIsASentence_NotAnotherPage()
    {
        using var person = await server.SignedInAsync();
        using var stranger = server.Visit();
        person.Headers["Sec-Fetch-Dest"] = stranger.Headers["Sec-Fetch-Dest"] = "iframe";

        using var missing = await person.GetAsync("message/4711/body?theme=dark");
        using var signedOut = await stranger.GetAsync("message/4711/body");

        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, signedOut.StatusCode);
        Assert.Contains("frame-ancestors 'self'", Assert.Single(missing.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Contains("This mail is no longer here.", await TextAsync(missing), StringComparison.Ordinal);
        Assert.Contains("Reload the page to sign in again.", await TextAsync(signedOut), StringComparison.Ordinal);
        Assert.DoesNotContain("<link", await TextAsync(missing), StringComparison.Ordinal);
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
