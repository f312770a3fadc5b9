using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Enneo.Core.Net;
using Enneo.Tests.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Enneo.Tests.Net;

/// <summary>Calls of another system's API: how long one may take, and what is known of one that failed.</summary>
public sealed class GuardedCallsTests : IAsyncLifetime
{
    private const int MostBytes = 2_500_000;

    /// <summary>Of a call without a body.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMilliseconds(300);

    private readonly GuardedCalls _calls = new(TimeProvider.System);
    private readonly WebApplication _site;

    public GuardedCallsTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(options => options.Limits.MaxRequestBodySize = MostBytes);
        _site = builder.Build();
        _site.Run(AnswerAsync);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _site.StartAsync(Cancel);

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _calls.Dispose();
    }

    [Fact]
    public async Task ACallHasTimeForWhatItCarries_AndASilentServerHasNot()
    {
        var carried = await SendAsync(HttpMethod.Post, "slow", new byte[MostBytes]);
        var silent = await SendAsync(HttpMethod.Get, "silent", null);

        Assert.Equal(200, carried.Status);
        Assert.Null(silent.Status);
        Assert.False(silent.IsUnsent);
    }

    [Fact]
    public async Task WhatIsTooLargeIsRefusedWithItsReason_AndAnAnswerThatIsTooLongIsNotRead()
    {
        var given = await SendAsync(HttpMethod.Post, "any", new byte[MostBytes + 20_000_000]);
        var taken = await SendAsync(HttpMethod.Get, "long", null);

        Assert.Equal(413, given.Status);
        Assert.Equal((200, true), (taken.Status, taken.Problem is not null));
    }

    [Fact]
    public async Task WhereNobodyListensNothingHasGoneOut()
    {
        var answer = await _calls.SendAsync(HttpMethod.Post, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}/")), mayBePrivate: true, [1], new Dictionary<string, string>(), TimeSpan.FromSeconds(20), 1000, Cancel);

        Assert.Equal((null, true), (answer.Status, answer.IsUnsent));
    }

    [Fact]
    public async Task WhereNoConnectionIsMadeInItsTimeNothingHasGoneOut()
    {
        using GuardedCalls calls = new(TimeProvider.System) { ConnectTimeout = s_limit };
        using TcpListener mute = new(IPAddress.Loopback, 0); // takes the line, and never says a word of TLS
        mute.Start();

        var answer = await calls.SendAsync(HttpMethod.Post, new Uri($"https://{mute.LocalEndpoint}/"), mayBePrivate: true, [1], new Dictionary<string, string>(), TimeSpan.FromSeconds(20), 1000, Cancel);

        Assert.Equal((null, true, NetText.NoAnswerInTime), (answer.Status, answer.IsUnsent, answer.Problem));
    }

    private Task<CalledAnswer> SendAsync(HttpMethod method, string path, byte[]? body) =>
        _calls.SendAsync(method, new Uri(new Uri(_site.Urls.First()), path), mayBePrivate: true, body, new Dictionary<string, string>(), path is "slow" or "silent" ? s_limit : TimeSpan.FromSeconds(20), 1000, Cancel);

    private static async Task AnswerAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/slow":
                await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
                await Task.Delay(2 * s_limit, TimeProvider.System, context.RequestAborted);
                break;
            case "/silent":
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
                break;
            case "/long":
                await context.Response.Body.WriteAsync(new byte[1001], context.RequestAborted);
                break;
            default:
                await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
                break;
        }
    }
}
