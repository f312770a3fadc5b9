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

/// <summary>What a person does with a mail but answer it, in Chromium on the whole program.</summary>
[Trait("Category", "Browser")]
public sealed class ReadingJourneyTests(Chromium chromium, EnneoApp app) : IClassFixture<Chromium>, IClassFixture<EnneoApp>
{
    private const string Answer = """
        <div>Yes, the parts arrived.</div><br>
        <div class="gmail_quote"><div class="gmail_attr">On Mon, May 3, 2021 at 10:00 AM Anna &lt;<a href="mailto:anna@workshop.example">anna@workshop.example</a>&gt; wrote:<br></div>
        <blockquote class="gmail_quote" style="border-left:1px solid #ccc"><p>Did they arrive?</p><p>Line</p><p>Line</p><p>Line</p><p>Line</p><p>Line</p></blockquote></div>
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task QuotedTextOpensInItsFrame_WhichGrowsWithIt()
    {
        var ticket = await ReceiveAsync("Parts one", Answer);
        await using var visit = await OpenAsync(ticket);
        var mail = visit.Page.FrameLocator(".messages [data-mail-frame]");
        await Assertions.Expect(mail.GetByText("Yes, the parts arrived.")).ToBeVisibleAsync();
        await Assertions.Expect(mail.GetByText("Did they arrive?")).ToBeHiddenAsync();
        var before = await HeightAsync(visit.Page);

        await mail.Locator("summary").FocusAsync();
        await mail.Locator("summary").PressAsync("Enter");

        await Assertions.Expect(mail.GetByText("Did they arrive?")).ToBeVisibleAsync();
        await visit.Page.WaitForFunctionAsync("before => document.querySelector('.messages [data-mail-frame]').offsetHeight > before + 100", before);
        Assert.Empty(visit.Errors);
        Assert.Empty(visit.ForeignRequests);
    }

    [Fact]
    public async Task TheSendersDomainIsJudgedInWords()
    {
        var ticket = await ReceiveAsync(
            "Parts two", Answer, "Authentication-Results: mail.workshop.example; spf=pass smtp.mailfrom=nordlicht.example; dmarc=pass header.from=nordlicht.example\r\n");
        await using var visit = await OpenAsync(ticket);
        var mark = visit.Page.Locator(".messages .check");

        await mark.Locator("summary").ClickAsync();

        await Assertions.Expect(mark.Locator("summary")).ToHaveTextAsync("nordlicht.example confirmed");
        await Assertions.Expect(mark.Locator(".found")).ToBeInViewportAsync();
        await Assertions.Expect(mark.Locator(".found")).ToContainTextAsync("DMARC pass nordlicht.example");
        await visit.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(mark.Locator(".found")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task TheMenuShowsHeadersAndSource()
    {
        var ticket = await ReceiveAsync("Parts three", Answer, "X-Parcel: =?utf-8?q?gr=C3=BCn?=\r\n");
        await using var visit = await OpenAsync(ticket);
        var page = visit.Page;

        await page.Locator(".messages .menu summary").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show headers" }).ClickAsync();
        await Assertions.Expect(page.Locator(".messages .headers")).ToContainTextAsync("grün");
        await Assertions.Expect(page.Locator(".messages .menu ul")).ToBeHiddenAsync();

        await page.Locator(".messages .menu summary").ClickAsync();
        var source = await page.Context.RunAndWaitForPageAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Show source" }).ClickAsync());
        await Assertions.Expect(source.Locator("body")).ToContainTextAsync("X-Parcel: =?utf-8?q?gr=C3=BCn?=");
        Assert.Empty(visit.ForeignRequests);
    }

    [Fact]
    public async Task AConversationIsPrintedFromAPageOfItsOwn()
    {
        var ticket = await ReceiveAsync("Parts four", Answer + "<img src='https://tracker.example/a.png'>");
        await using var visit = await OpenAsync(ticket);
        var page = visit.Page;
        await visit.Context.AddInitScriptAsync("window.print = () => { window.printed = true; };");

        await page.Locator(".messages .menu summary").ClickAsync();
        var paper = await page.Context.RunAndWaitForPageAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Print this message" }).ClickAsync());

        await Assertions.Expect(paper.Locator("h1")).ToHaveTextAsync("Parts four");
        await Assertions.Expect(paper.GetByText("Did they arrive?")).ToBeVisibleAsync();
        Assert.Empty(visit.ForeignRequests);
        Assert.Empty(visit.Errors);
    }

    [Fact]
    public async Task AttachmentsAreLookedAtWithoutSavingThem()
    {
        var ticket = await ReceiveAsync("Parts five", "<p>See the files</p>", parts: "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>See the files</p>\r\n"
            + "--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=dot.png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + Convert.ToBase64String(PictureServer.Png) + "\r\n"
            + "--b\r\nContent-Type: text/html\r\nContent-Disposition: attachment; filename=page.html\r\n\r\n<script>alert(1)</script>\r\n"
            + "--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=invoice.pdf.exe\r\n\r\nMZ\r\n--b--");
        await using var visit = await OpenAsync(ticket);
        var page = visit.Page;

        await page.GetByRole(AriaRole.Button, new() { Name = "dot.png" }).ClickAsync();
        var dialog = page.Locator("dialog.preview[open]");
        await page.WaitForFunctionAsync("() => document.querySelector('dialog.preview img')?.naturalWidth > 0");
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(dialog.FrameLocator("iframe").GetByText("<script>alert(1)</script>")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        await Assertions.Expect(dialog.Locator("img")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");

        await Assertions.Expect(page.Locator("dialog.preview")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator(".attachments")).ToContainTextAsync("A program: it can harm your computer");
        Assert.Empty(visit.Errors);
    }

    private static async Task<int> HeightAsync(IPage page) => await page.EvaluateAsync<int>("document.querySelector('.messages [data-mail-frame]').offsetHeight");

    private async Task<Visit> OpenAsync(long ticket)
    {
        var visit = await app.SignInAsync(chromium);
        await visit.Page.GotoAsync(string.Create(CultureInfo.InvariantCulture, $"/inbox?ticket={ticket}"));
        await visit.Page.Locator(".messages [data-mail-frame][data-shown]").First.WaitForAsync();
        return visit;
    }

    /// <returns>The ticket that a mail with this body opened.</returns>
    private async Task<long> ReceiveAsync(string subject, string html, string headers = "", string? parts = null)
    {
        var raw = Encoding.UTF8.GetBytes(
            $"{headers}From: Jonas <jonas@nordlicht.example>\r\nTo: support@workshop.example\r\nSubject: {subject}\r\nMessage-ID: <{Guid.NewGuid():N}@nordlicht.example>\r\n"
            + $"MIME-Version: 1.0\r\nContent-Type: {(parts is null ? "text/html; charset=utf-8" : "multipart/mixed; boundary=b")}\r\n\r\n{parts ?? html}\r\n");
        var mailbox = subject.Replace(' ', '-');
        await app.Get<MailImport>().AddAsync(
            new ImportedMailbox(mailbox, $"{mailbox}@workshop.example", "Support", true), [new ImportedMail(FolderRole.Inbox, raw, TimeProvider.System.GetUtcNow(), true)], "test", Cancel);
        var tickets = await app.Get<TicketQueries>().ListAsync(Reach.All, new TicketFilter(null), null, 50, Cancel);
        return tickets.Single(ticket => ticket.Subject == subject).Id;
    }
}
