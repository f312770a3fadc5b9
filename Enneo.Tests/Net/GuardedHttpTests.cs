using System.Net;
using System.Text.Json;
using Enneo.Core.Net;
using Microsoft.Extensions.Options;

namespace Enneo.Tests.Net;

public sealed class GuardedHttpTests : IAsyncLifetime
{
    private PictureServer? _server;
    private GuardedHttp? _http;

    private PictureServer Server => _server!;

    public async ValueTask InitializeAsync()
    {
        _server = await PictureServer.StartAsync();
        _http = Guard(Server.Address.Authority);
    }

    public async ValueTask DisposeAsync()
    {
        _http!.Dispose();
        await Server.DisposeAsync();
    }

    [Fact]
    public async Task APictureIsFetched_AndNothingIsTold()
    {
        var first = await FetchAsync("/a.png");
        await FetchAsync("/b.png");

        Assert.Equal(PictureServer.Png, first!.Bytes);
        Assert.Equal("image/png", first.ContentType);
        Assert.All(Server.Requests, request =>
        {
            Assert.DoesNotContain("Cookie", request.Headers.Keys);
            Assert.DoesNotContain("Referer", request.Headers.Keys);
            Assert.DoesNotContain("Enneo", string.Concat(request.Headers.Values), StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    [Trait("Check", "W03")]
    public async Task EachRedirectIsCheckedLikeTheFirstAddress()
    {
        await using var inner = await PictureServer.StartAsync();
        foreach (var target in new[] { inner.Address.ToString(), "http://169.254.169.254/", "http://[::1]/", "file:///etc/passwd", "//127.0.0.1/", "http://user@" + Server.Address.Authority + "/" })
        {
            Assert.Null(await FetchAsync("/away?to=" + Uri.EscapeDataString(target)));
        }

        Assert.NotNull(await FetchAsync("/away?to=/a.png"));
        Assert.Null(await FetchAsync("/round"));
        Assert.Empty(inner.Requests);
    }

    [Theory]
    [Trait("Check", "W03")]
    [InlineData("/bomb.png")]
    [InlineData("/slow.png")]
    [InlineData("/short.png")]
    [InlineData("/picture.html")]
    public async Task WhatIsTooLargeTooSlowTooShortOrSomethingElseIsGivenUp(string path) => Assert.Null(await FetchAsync(path));

    [Fact]
    [Trait("Check", "W03")]
    public async Task ANameThatLeadsInwardIsNotConnectedTo()
    {
        using GuardedHttp http = new(Options.Create(new NetOptions()))
        {
            Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("8.8.8.8"), IPAddress.Loopback]),
        };

        Assert.Null(await http.FetchAsync("http://rebinding.example/", "*/*", _ => true, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task NoAddressThatOthersCollectedReachesInward()
    {
        var folder = await Exams.RequireAsync("lists");
        using GuardedHttp http = new(Options.Create(new NetOptions { Timeout = TimeSpan.FromSeconds(1) }))
        {
            Resolve = (host, _) => Task.FromResult<IPAddress[]>([IPAddress.TryParse(host, out var literal) ? literal : IPAddress.Loopback]),
        };
        var (blocked, allowed) = (0, 0);
        await foreach (var line in File.ReadLinesAsync(Path.Combine(folder, "ssrf_urls.jsonl"), TestContext.Current.CancellationToken))
        {
            var row = JsonDocument.Parse(line).RootElement;
            var (url, expected) = (row.GetProperty("url").GetString()!, row.GetProperty("expect").GetString());
            var isAllowed = Uri.TryCreate(url, UriKind.Absolute, out var address) && http.IsAllowed(address);
            if (expected == "block")
            {
                blocked++;
                Assert.True(!isAllowed || address!.HostNameType is UriHostNameType.Dns, url); // of a name it is seen where it leads
                Assert.Null(await http.FetchAsync(url, "*/*", _ => true, TestContext.Current.CancellationToken));
            }
            else if (expected == "allow")
            {
                allowed++;
                Assert.True(isAllowed, url);
            }
        }

        Assert.True(blocked > 200 && allowed > 3);
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("100.64.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("168.63.129.16", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::127.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2001:0:1::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("ff02::1", false)]
    public void OnlyThePublicInternetIsPublic(string address, bool isPublic) => Assert.Equal(isPublic, PublicAddresses.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("169.254.169.254", true)]
    [InlineData("::ffff:169.254.169.254", true)]
    [InlineData("64:ff9b::a9fe:a9fe", true)]
    [InlineData("2002:a9fe:a9fe::1", true)]
    [InlineData("100.100.100.200", true)]
    [InlineData("192.0.0.192", true)]
    [InlineData("fd20:ce::254", true)]
    [InlineData("fd00:ec2::254", true)]
    [InlineData("192.168.1.5", false)]
    [InlineData("fd12:3456::1", false)]
    [InlineData("64:ff9b::c0a8:105", false)]
    public void WhatTellsAMachinesSecretsIsNeverReached(string address, bool isForbidden) => Assert.Equal(isForbidden, PublicAddresses.IsOfThePlatform(IPAddress.Parse(address)));

    private static GuardedHttp Guard(string trusted) =>
        new(Options.Create(new NetOptions { TrustedHosts = trusted, MaxBytes = 1_000_000, Timeout = TimeSpan.FromSeconds(3) }));

    private Task<FetchedContent?> FetchAsync(string path) =>
        _http!.FetchAsync(new Uri(Server.Address, path).ToString(), "image/png", type => type == "image/png", TestContext.Current.CancellationToken);
}
