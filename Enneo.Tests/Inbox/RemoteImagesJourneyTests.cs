using System.Globalization;
using System.Text;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Enneo.Core.Tickets;
using Enneo.Tests.Net;
using Enneo.Tests.Servers;
using Microsoft.Playwright;

namespace Enneo.Tests.Inbox;

/// <summary>Pictures on a stranger's server: asked for by nobody until a person does, then by this server alone.</summary>
[Trait("Category", "Browser")]
public sealed class RemoteImagesJourneyTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheyAreShownOnDemand_OnceOrAlwaysForASender()
    {
        await using var stranger = await PictureServer.StartAsync();
        await using EnneoApp app = new() { Settings = new Dictionary<string, string> { ["Enneo:Net:TrustedHosts"] = stranger.Address.Authority } };
        await app.InitializeAsync();
        var first = await ReceiveAsync(app, "First", stranger.Address);
        var second = await ReceiveAsync(app, "Second", stranger.Address);
        await using var visit = await app.SignInAsync(chromium);
        var page = visit.Page;

        await OpenAsync(page, first);
        await Assertions.Expect(page.Locator(".messages .images")).ToContainTextAsync("4 remote images blocked");
        await Assertions.Expect(page.FrameLocator(".messages [data-mail-frame]").GetByText("Our news")).ToBeVisibleAsync();
        Assert.Empty(stranger.Requests);

        await page.GetByRole(AriaRole.Button, new() { Name = "Show once" }).ClickAsync();
        await SeeAsync(page);
        await EnneoStore.UntilAsync(() => Task.FromResult(stranger.Requests.Count >= 4), TimeSpan.FromSeconds(30), Cancel); // of backgrounds a page cannot tell when they are loaded
        Assert.Equal(["/a.png", "/b.png?x=1&y=2", "/c.png", "/d.png"], stranger.Requests.Select(request => request.Path).Order(StringComparer.Ordinal));

        await OpenAsync(page, second);
        await page.GetByRole(AriaRole.Button, new() { Name = "Always for this sender" }).ClickAsync();
        await SeeAsync(page);
        await OpenAsync(page, first);
        await Assertions.Expect(page.Locator(".messages .images")).ToContainTextAsync("Remote images of news@shop.example are always shown");
        await SeeAsync(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Block again" }).ClickAsync();
        await Assertions.Expect(page.Locator(".messages .images")).ToContainTextAsync("4 remote images blocked");
        Assert.Empty(visit.ForeignRequests);
        Assert.Empty(visit.Errors);
        Assert.All(stranger.Requests, request => Assert.DoesNotContain("Cookie", request.Headers.Keys));
    }

    [Fact]
    public async Task OnlyAddressesOfTheMailItselfAreFetched()
    {
        await using var stranger = await PictureServer.StartAsync();
        await using EnneoApp app = new() { Settings = new Dictionary<string, string> { ["Enneo:Net:TrustedHosts"] = stranger.Address.Authority } };
        await app.InitializeAsync();
        await ReceiveAsync(app, "First", stranger.Address);
        await using var visit = await app.SignInAsync(chromium);

        foreach (var mark in new[] { "", "00", new string('0', 32) })
        {
            var answer = await visit.Context.APIRequest.GetAsync($"/message/1/remote?mark={mark}&address={Uri.EscapeDataString(stranger.Address + "a.png")}");
            Assert.Equal(404, answer.Status);
        }

        Assert.Empty(stranger.Requests);
    }

    private static async Task OpenAsync(IPage page, long ticket)
    {
        await page.GotoAsync(string.Create(CultureInfo.InvariantCulture, $"/inbox?ticket={ticket}"));
        await page.Locator(".messages [data-mail-frame][data-shown]").First.WaitForAsync();
    }

    private static Task SeeAsync(IPage page) => page.WaitForFunctionAsync("""
        () => { const images = [...document.querySelector('.messages [data-mail-frame]')?.contentDocument?.images ?? []]; return images.length === 2 && images.every(image => image.naturalWidth > 0); }
        """);

    private static async Task<long> ReceiveAsync(EnneoApp app, string subject, Uri stranger)
    {
        var html = $"<p>Our news</p><img src='{stranger}a.png'><img src='{stranger}b.png?x=1&amp;y=2'><p style=\"background:url({stranger}c.png)\">Bye</p><table background='{stranger}d.png'><tr><td>Again</table>";
        var raw = Encoding.UTF8.GetBytes(
            $"From: News <news@shop.example>\r\nTo: support@workshop.example\r\nSubject: {subject}\r\nMessage-ID: <{subject}@shop.example>\r\n"
            + $"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n");
        await app.Get<MailImport>().AddAsync(
            new ImportedMailbox(subject, $"{subject}@workshop.example", "Support", true), [new ImportedMail(FolderRole.Inbox, raw, TimeProvider.System.GetUtcNow(), true)], "test", Cancel);
        var tickets = await app.Get<TicketQueries>().ListAsync(Reach.All, new TicketFilter(null), null, 50, Cancel);
        return tickets.Single(ticket => ticket.Subject == subject).Id;
    }
}
