using System.Net;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;

namespace Enneo.Tests.Shell;

public sealed class StoppingTests
{
    [Fact]
    public async Task AServerThatStopsTakesNothingNew()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        await using var app = builder.Build();
        app.UseStopping();
        app.MapGet("/", () => "here");
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = app.GetTestClient();

        using var before = await client.GetAsync("/", TestContext.Current.CancellationToken);
        app.Lifetime.StopApplication();
        using var after = await client.GetAsync("/", TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (before.StatusCode, after.StatusCode));
    }
}
