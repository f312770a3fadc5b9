using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Enneo.Tests.Api;

/// <summary>A file that is named by its address fails the whole request where it cannot be had in time, whole, and from where it was asked for.</summary>
[Collection(ApiCollection.Name)]
public sealed class HostileFilesTests(ApiHouse house)
{
    private static readonly byte[] s_piece = new byte[64 * 1024];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ApiClient Api => house.Service;

    [Fact]
    [Trait("Check", "W03")]
    public async Task AServerThatDripsNeverEndsPromisesMoreOrLeadsElsewhereLeavesNothingBehind()
    {
        await using var files = await ServeAsync();
        var mail = await house.ReceiveAsync("Hostile files");
        var note = (await Api.PostAsync($"ticket/{mail.TicketId}/conversation/store", new { content = new { message = "A note" } })).Ok(201).Json.GetProperty("id").GetInt64();
        var before = await CountAsync();

        await Task.WhenAll(new[] { "drip", "endless", "short", "round", "inward", "gone" }.Select(async path =>
        {
            var url = FormattableString.Invariant($"http://localhost:{ApiHouse.FilePort}/{path}");
            object[] attachments = [new { name = "good.txt", base64 = "QQ==" }, new { name = "bad.txt", url }];
            var started = TimeProvider.System.GetTimestamp();
            foreach (var answer in await Task.WhenAll(
                Api.PostAsync("ticket", new { subchannelId = house.Support, from = ApiHouse.Customer, body = "x", attachments }),
                Api.PostAsync("ticket", new { direction = "out", subchannelId = house.Support, to = new[] { ApiHouse.Customer }, subject = "x", body = "x", attachments }),
                Api.PostAsync($"ticket/{mail.TicketId}/conversation/reply", new { content = new { message = "x" }, attachments }),
                Api.PostAsync($"ticket/{mail.TicketId}/conversation/store", new { content = new { message = "x" }, attachments }),
                Api.PatchAsync($"ticket/{mail.TicketId}/conversation/{note}", new { attachments })))
            {
                Assert.Contains("attachments[1]", answer.Problem(422).Text, StringComparison.Ordinal);
            }

            Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(40)); // on a busy machine; each is given up after 2 s
        }));

        Assert.Equal(before, await CountAsync());
    }

    private Task<(int, int, int, int)> CountAsync() => house.ReadAsync(async db =>
        (await db.Tickets.CountAsync(Cancel), await db.Messages.CountAsync(Cancel), await db.Outbox.CountAsync(Cancel), await db.Drafts.CountAsync(Cancel)));

    private static async Task<WebApplication> ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(FormattableString.Invariant($"http://localhost:{ApiHouse.FilePort}"));
        var files = builder.Build();
        files.MapGet("/drip", context => WriteAsync(context, s_piece.AsMemory(0, 1), TimeSpan.FromMilliseconds(300)));
        files.MapGet("/endless", context => WriteAsync(context, s_piece, TimeSpan.Zero));
        files.MapGet("/short", async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.Body.WriteAsync(s_piece.AsMemory(0, 10), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        });
        files.MapGet("/round", () => Results.Redirect("/round"));
        files.MapGet("/inward", () => Results.Redirect("http://127.0.0.1:22/"));
        files.MapGet("/gone", () => Results.StatusCode(StatusCodes.Status410Gone));
        await files.StartAsync(Cancel);
        return files;
    }

    private static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> piece, TimeSpan pause)
    {
        context.Response.ContentType = "text/plain";
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(piece, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(pause, TimeProvider.System, context.RequestAborted);
        }
    }
}
