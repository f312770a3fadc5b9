using System.Net;
using System.Net.Sockets;
using Enneo.Core.Integrations.Connected;
using Enneo.Core.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Enneo.Tests.Connected;

/// <summary>What is known of a call that did not go well: whether it was done, may have been, or certainly was not.</summary>
public sealed class OtherCallsTests : IAsyncLifetime
{
    private readonly GuardedCalls _http = new(TimeProvider.System) { ConnectTimeout = TimeSpan.FromMilliseconds(300) };
    private readonly WebApplication _site;

    public OtherCallsTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _site = builder.Build();
        _site.Run(AnswerAtLengthAsync);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private OtherCalls Calls => CallsOf(_site.Urls.First());

    public async ValueTask InitializeAsync() => await _site.StartAsync(Cancel);

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task WhatCouldNotBeConnectedInTimeIsAnOutage_InWhichItWasCertainlyNotDone()
    {
        using TcpListener mute = new(IPAddress.Loopback, 0); // takes the line, and never says a word of TLS
        mute.Start();

        var failed = await Assert.ThrowsAsync<OtherSystemException>(() => CallsOf($"https://{mute.LocalEndpoint}").SendAsync(HttpMethod.Post, "any", [], null, Cancel));

        Assert.Equal((true, true, true, false), (failed.IsUnsent, failed.IsNotDone, failed.IsOutage, failed.IsRefusal));
    }

    [Fact]
    public async Task WhatWentWellAndIsAnsweredAtTooGreatLengthMayBeDone_AndIsNoRefusal()
    {
        var done = await Assert.ThrowsAsync<OtherSystemException>(() => Calls.SendAsync(HttpMethod.Post, "201", [], null, Cancel));

        Assert.Equal((null, false, false, false), (done.Status, done.IsNotDone, done.IsRefusal, done.IsOfMessage));
        Assert.True(await Calls.DeleteAsync("200", Cancel)); // what it says of that is of no interest
    }

    [Fact]
    public async Task AFaultThatIsToldAtTooGreatLengthIsStillAFault_AndAFileThatIsTooLongIsRefused()
    {
        var fault = await Assert.ThrowsAsync<OtherSystemException>(() => Calls.SendAsync(HttpMethod.Post, "500", [], null, Cancel));
        var file = await Assert.ThrowsAsync<OtherSystemException>(() => Calls.FileAsync("200", Cancel));

        Assert.Equal((500, false), (fault.Status, fault.IsNotDone));
        Assert.True(file.IsFileRefusal);
    }

    private OtherCalls CallsOf(string url) => new(
        _http,
        new Integration
        {
            Name = "Other",
            Kind = OtherKind.Other,
            Url = url,
            MayBePrivate = true,
            ProtectedCredential = "",
            MailboxId = 1,
            TheirMailbox = "1",
            KeyId = null,
            WebhookId = null,
            HookId = null,
            Owner = SendingOwner.Here,
            MailsPublicComments = false,
            Rules = "{}",
            Mark = "mark",
            IsActive = true,
            CreatedAt = TimeProvider.System.GetUtcNow(),
        },
        "key", TimeProvider.System);

    /// <summary>By the status that is asked for; that it would be long is enough.</summary>
    private static async Task AnswerAtLengthAsync(HttpContext context)
    {
        context.Response.StatusCode = int.Parse(context.Request.Path.Value![1..], System.Globalization.CultureInfo.InvariantCulture);
        context.Response.ContentLength = 31_000_000;
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
    }
}
