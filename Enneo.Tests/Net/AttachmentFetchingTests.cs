using Enneo.Core.Data;
using Enneo.Core.Integrations;
using Enneo.Core.Net;
using Enneo.Core.Sending;
using Microsoft.Extensions.Options;

namespace Enneo.Tests.Net;

/// <summary>Files that requests name by their addresses: how many at a time, how large, and how long.</summary>
public sealed class AttachmentFetchingTests : IAsyncLifetime
{
    private PictureServer? _server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PictureServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await PictureServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    [Fact]
    public async Task AFullHouseIsSaidToBeOne_AndPicturesOfMailsAreFetchedBesideIt()
    {
        using var http = Guard(new NetOptions { Timeout = TimeSpan.FromMinutes(1) });
        using AttachmentFetching fetching = new(http, Options.Create(new SendingOptions()), Options.Create(new NetOptions())) { Patience = TimeSpan.FromMilliseconds(20) };
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var hanging = Enumerable.Range(0, AttachmentFetching.ConcurrentRequests).Select(_ => fetching.RunAsync([Named("/slow.png")], ending.Token)).ToList();

        await Assert.ThrowsAsync<BusyException>(() => fetching.RunAsync([Named("/a.png")], Cancel));

        Assert.NotNull(await http.FetchAsync(new Uri(Server.Address, "/a.png").ToString(), "image/png", _ => true, Cancel));
        Assert.Single((await fetching.RunAsync([new WantedFile("a.txt", "QQ==", null, null)], Cancel)).Files); // it needs no fetching
        await ending.CancelAsync();
        await Task.WhenAll(hanging.Select(one => Assert.ThrowsAnyAsync<OperationCanceledException>(() => one)));
        Assert.Single((await fetching.RunAsync([Named("/a.png")], Cancel)).Files);
    }

    [Fact]
    public async Task AllFilesOfARequestAreThereInTimeTogetherOrNoneIs()
    {
        using var http = Guard(new NetOptions { Timeout = TimeSpan.FromMinutes(1) });
        using AttachmentFetching fetching = new(http, Options.Create(new SendingOptions()), Options.Create(new NetOptions { FilesTimeout = TimeSpan.FromSeconds(0.2) }));

        var fetched = await fetching.RunAsync([Named("/a.png"), Named("/slow.png")], Cancel);

        Assert.Contains("0.2 seconds", Assert.Single(fetched.Errors["attachments[1]"]), StringComparison.Ordinal);
    }

    /// <summary>The server packs 4,000,000 bytes.</summary>
    [Theory]
    [InlineData(5_000_000, true)]
    [InlineData(3_000_000, false)]
    public async Task AFileMayBeAsLargeAsOneInBase64_AndTheLimitIsNamed(long limit, bool isTaken)
    {
        using var http = Guard(new NetOptions { MaxBytes = 1000 });
        using AttachmentFetching fetching = new(http, Options.Create(new SendingOptions { MaxAttachmentBytes = limit }), Options.Create(new NetOptions()));

        var fetched = await fetching.RunAsync([Named("/bomb.png")], Cancel);

        Assert.Equal(isTaken ? 1 : 0, fetched.Files.Count);
        Assert.True(isTaken || fetched.Errors["attachments[0]"][0].Contains("3 MB", StringComparison.Ordinal));
    }

    private WantedFile Named(string path) => new(null, null, new Uri(Server.Address, path).ToString(), null);

    private GuardedHttp Guard(NetOptions options)
    {
        options.TrustedHosts = Server.Address.Authority;
        return new GuardedHttp(Options.Create(options));
    }
}
