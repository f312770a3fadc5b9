using System.Collections.Concurrent;
using System.Globalization;
using Enneo.Core.Data;
using Enneo.Core.Messages;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace Enneo.Tests.Inbox;

/// <summary>
/// Hostile pieces that others collected, by IMAP from a real server, at each place where the inbox shows what
/// strangers write: subject, names, body, attachment, quote, draft and forward.
/// </summary>
[Trait("Category", "Browser")]
public sealed class XssJourneyExamTests(DovecotServer dovecot, Chromium chromium) : IClassFixture<DovecotServer>, IClassFixture<Chromium>
{
    private const int Seed = 2014;

    /// <summary>Saves a draft by the composer's own request, as somebody would who left the editor out.</summary>
    private const string SaveDraft = """
        async ([id, subject, html]) => (await fetch(`/draft/${id}`, {
          method: 'POST',
          headers: { 'X-Enneo-Composer': '1', 'Content-Type': 'application/json' },
          body: JSON.stringify({ revision: 1000, to: [{ name: subject, address: 'mallory@evil.example' }], cc: [], bcc: [], subject, html }),
        })).status
        """;

    private const string Paste = """
        html => {
          const editor = document.querySelector('[data-editor]');
          const clipboard = new DataTransfer();
          clipboard.setData('text/html', html);
          clipboard.setData('text/plain', 'words');
          editor.focus();
          editor.dispatchEvent(new ClipboardEvent('paste', { clipboardData: clipboard, bubbles: true, cancelable: true }));
          editor.append('words');
          editor.dispatchEvent(new InputEvent('input', { bubbles: true }));
        }
        """;

    private const string ShowPaper = $$"""
        async ([address, words]) => {
          const frame = document.createElement('iframe');
          frame.src = address;
          const loaded = new Promise(go => frame.addEventListener('load', go));
          document.body.append(frame);
          await loaded;
          const faults = ({{XssPayload.Touch}})(frame.contentDocument);
          if (!frame.contentDocument.body.textContent.includes(words)) faults.push('the words are missing');
          if (frame.contentDocument.querySelector('script, iframe, form, object, embed, body link, article > header *:not(strong, div), body > h1 *, article > ul *:not(li)')) faults.push('markup got through');
          if (frame.contentWindow.__fired || frame.contentWindow.location.pathname !== address) faults.push('ran script or went elsewhere');
          frame.remove();
          return faults;
        }
        """;

    private readonly ConcurrentQueue<string> _found = [];
    private readonly List<string> _faults = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public Task FourPayloads_AreWords_WhereverTheInboxShowsThem() => JudgeAsync(4);

    [Fact(Explicit = true)]
    [Trait("Category", "Long")]
    public Task SixtyPayloads_AreWords_WhereverTheInboxShowsThem() => JudgeAsync(60);

    private async Task JudgeAsync(int rows)
    {
        var live = await XssPayload.ReadLiveAsync();
        Random random = new(Seed);
        var payloads = live.OrderBy(_ => random.Next()).Take(rows).ToList();
        var user = dovecot.NewUser();
        foreach (var payload in payloads)
        {
            using var mail = XssMail.Of(payload, user);
            await dovecot.DeliverAsync(user, mail, Cancel);
        }

        await using EnneoApp app = new();
        await app.InitializeAsync();
        await app.AddAsync(dovecot.Mailbox(user), Cancel);
        await using var visit = await app.SignInAsync(chromium);
        await visit.Context.AddInitScriptAsync(XssPayload.Watch);
        WatchFor(visit, app.Address);
        await visit.Page.GotoAsync("/inbox");
        await visit.Page.Locator("[data-row]").First.WaitForAsync();
        var drafts = 0;
        foreach (var (payload, message) in await ReceivedAsync(app, payloads))
        {
            drafts += await JudgeAsync(app, visit, payload, message) ? 1 : 0;
            _faults.AddRange(Drain().Select(fault => $"{payload.Id}: {fault}\n  {payload.Html}"));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{payloads.Count} payloads, {drafts} drafts opened again, {_faults.Count} faults\n{string.Join('\n', _faults)}");
        Assert.Equal(rows, drafts);
        Assert.Empty(_faults);
    }

    /// <summary>Each with its message, once all of them are in.</summary>
    private static async Task<List<(XssPayload Payload, Message Message)>> ReceivedAsync(EnneoApp app, List<XssPayload> payloads)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (true)
        {
            await using var db = await app.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
            var messages = await db.Messages.AsNoTracking().ToDictionaryAsync(message => message.InternetMessageId, limit.Token);
            if (messages.Count == payloads.Count)
            {
                return payloads.ConvertAll(payload => (payload, messages[$"{payload.Id}@evil.example"]));
            }

            await Task.Delay(100, limit.Token);
        }
    }

    /// <returns>Whether the draft was there when the conversation was opened again.</returns>
    private async Task<bool> JudgeAsync(EnneoApp app, Visit visit, XssPayload payload, Message message)
    {
        var page = visit.Page;
        await OpenAsync(page, message);
        await page.Locator(".why summary").ClickAsync();
        await TouchFrameAsync(page, payload, ".messages [data-mail-frame]");
        await DownloadAllAsync(visit, payload);
        await LookAtFirstAttachmentAsync(page);
        await TouchPaperAsync(page, payload, message);

        await page.GetByRole(AriaRole.Button, new() { Name = "Reply all" }).ClickAsync();
        var composer = page.Locator("[data-composer]");
        await composer.Locator("[data-editor]:not([hidden])").WaitForAsync();
        await composer.Locator(".quoted button").ClickAsync();
        await TouchFrameAsync(page, payload, "[data-composer] [data-mail-frame]");
        await PasteAsync(page, payload, composer.Locator("[data-saved]"));

        var status = await page.EvaluateAsync<int>(SaveDraft, new object[] { await DraftAsync(app, message.TicketId), XssMail.DraftSubject(payload), payload.Html });
        Judge(payload, status == 200, $"saving the draft answers {status}");
        await page.EvaluateAsync("Blazor.navigateTo('/inbox')");
        await composer.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await OpenAsync(page, message);
        await composer.Locator("[data-editor]:not([hidden])").WaitForAsync();
        var opened = await composer.Locator(".subject").TextContentAsync() == XssMail.DraftSubject(payload)
            && await page.Locator("[data-heading] *, .subject *, .who *:not(.messages), .snippet *, bdi *").CountAsync() == 0;
        Judge(payload, opened, "the draft is not as it was saved");
        await JudgeForwardAsync(page, payload, composer);
        Judge(payload, new Uri(page.Url).AbsolutePath == "/inbox", $"the page went to {page.Url}");
        return opened;
    }

    /// <summary>While the editor reads what is pasted, to clean it, the policy refuses its handlers and says so: that is the wall holding.</summary>
    private async Task PasteAsync(IPage page, XssPayload payload, ILocator saved)
    {
        _faults.AddRange(Drain().Select(fault => $"{payload.Id}: {fault}\n  {payload.Html}"));
        await page.EvaluateAsync(Paste, payload.Html);
        await Assertions.Expect(saved).ToContainTextAsync("Saved");
        var others = Drain().Where(fault => !fault.StartsWith("console: Executing inline event handler violates the following Content Security Policy", StringComparison.Ordinal));
        _faults.AddRange(others.Select(fault => $"{payload.Id}, pasted: {fault}\n  {payload.Html}"));
    }

    /// <summary>The same text as a forward: the stranger's subject to be edited, names of the files taken along, the mail below.</summary>
    private async Task JudgeForwardAsync(IPage page, XssPayload payload, ILocator composer)
    {
        await composer.Locator("select.mode").SelectOptionAsync("Forward");
        await composer.Locator("[data-subject]").WaitForAsync();
        await composer.Locator("[data-editor]:not([hidden])").WaitForAsync();
        Judge(payload, (await composer.Locator("[data-subject]").InputValueAsync()).StartsWith("Fwd:", StringComparison.Ordinal), "the forward has another subject");
        Judge(payload, await composer.Locator(".attachments li").CountAsync() == 2, "the forward does not take both files along");
        await composer.Locator(".quoted button").ClickAsync();
        await TouchFrameAsync(page, payload, "[data-composer] [data-mail-frame]");
        await PasteAsync(page, payload, composer.Locator("[data-saved]"));
        Judge(payload, await page.Locator("[data-heading] *, bdi *, [data-editor] img, [data-editor] script").CountAsync() == 0, "the forward shows more than words");
    }

    private static async Task OpenAsync(IPage page, Message message)
    {
        await page.EvaluateAsync("address => Blazor.navigateTo(address)", string.Create(CultureInfo.InvariantCulture, $"/inbox?ticket={message.TicketId}"));
        await page.Locator(string.Create(CultureInfo.InvariantCulture, $".messages [data-mail-frame][data-shown^='/message/{message.Id}/body']")).WaitForAsync();
    }

    private async Task TouchFrameAsync(IPage page, XssPayload payload, string selector)
    {
        await Assertions.Expect(page.FrameLocator(selector).GetByText($"Good morning, {payload.Id}")).ToBeAttachedAsync();
        var faults = await page.EvaluateAsync<string[]>($"selector => ({XssPayload.Touch})(document.querySelector(selector).contentDocument)", selector);
        Judge(payload, faults.Length == 0, string.Join("; ", faults));
    }

    private static async Task LookAtFirstAttachmentAsync(IPage page)
    {
        await page.Locator(".messages .attachments .chip").First.ClickAsync();
        await page.Locator("dialog.preview[open] iframe").WaitForAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("dialog.preview")).ToHaveCountAsync(0);
    }

    /// <summary>Both pages for paper, within a frame, where what runs would be seen.</summary>
    private async Task TouchPaperAsync(IPage page, XssPayload payload, Message message)
    {
        foreach (var address in new[] { FormattableString.Invariant($"/message/{message.Id}/print"), FormattableString.Invariant($"/ticket/{message.TicketId}/print") })
        {
            var faults = await page.EvaluateAsync<string[]>(ShowPaper, new[] { address, $"Good morning, {payload.Id}" });
            Judge(payload, faults.Length == 0, $"{address}: {string.Join("; ", faults)}");
        }
    }

    /// <summary>Each file comes down as a file, also where its address is opened by itself.</summary>
    private async Task DownloadAllAsync(Visit visit, XssPayload payload)
    {
        var links = visit.Page.Locator(".messages .attachments a");
        var count = await links.CountAsync();
        Judge(payload, count == 2, $"{count} attachments");
        for (var i = 0; i < count; i++)
        {
            var link = links.Nth(i);
            var download = await visit.Page.RunAndWaitForDownloadAsync(() => link.ClickAsync());
            await using var content = await download.CreateReadStreamAsync();
            using StreamReader text = new(content);
            Judge(payload, await text.ReadToEndAsync(Cancel) == payload.Html, $"{download.SuggestedFilename} holds something else");

            var preview = await visit.Context.APIRequest.GetAsync(await link.GetAttributeAsync("href") + "/preview");
            Judge(payload, preview.Headers["content-type"] == "text/plain; charset=utf-8" && await preview.TextAsync() == payload.Html, "a preview is more than its words");

            var alone = await visit.Context.NewPageAsync();
            var opened = await alone.RunAndWaitForDownloadAsync(async () =>
            {
                try
                {
                    await alone.GotoAsync((await link.GetAttributeAsync("href"))!);
                }
                catch (PlaywrightException exception) when (exception.Message.Contains("Download is starting", StringComparison.Ordinal) || exception.Message.Contains("ERR_ABORTED", StringComparison.Ordinal))
                {
                    // It is saved, not shown.
                }
            });
            Judge(payload, opened.Url.StartsWith(visit.Page.Url.Split("/inbox")[0], StringComparison.Ordinal), "an attachment came from elsewhere");
            await alone.CloseAsync();
        }
    }

    private static async Task<long> DraftAsync(EnneoApp app, long ticketId)
    {
        await using var db = await app.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        return await db.Drafts.Where(draft => draft.TicketId == ticketId).Select(draft => draft.Id).SingleAsync(Cancel);
    }

    private void WatchFor(Visit visit, Uri address)
    {
        visit.Context.Request += (_, request) =>
        {
            var url = new Uri(request.Url);
            if (url.Authority != address.Authority && url.Scheme is not ("data" or "blob" or "about"))
            {
                _found.Enqueue($"{request.ResourceType} {request.Url}");
            }
        };
        visit.Context.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _found.Enqueue($"console: {message.Text}");
            }
        };
        visit.Context.WebError += (_, error) => _found.Enqueue($"error: {error.Error}");
        visit.Page.Popup += (_, popup) => _found.Enqueue($"a window for {popup.Url}");
        visit.Page.Dialog += async (_, dialog) =>
        {
            _found.Enqueue($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
    }

    private void Judge(XssPayload payload, bool passes, string fault)
    {
        if (!passes)
        {
            _faults.Add($"{payload.Id}: {fault}\n  {payload.Html}");
        }
    }

    private List<string> Drain()
    {
        List<string> found = [];
        while (_found.TryDequeue(out var fault))
        {
            found.Add(fault);
        }

        return found;
    }
}
