using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using MimeKit;

namespace Enneo.Tests.Inbox;

/// <summary>
/// Every hostile body that others collected and that is alive in Chromium, served by the real server into the inbox's own
/// frame; then without frame and policy, where the allow-list stands alone; then raw, to see that the watch sees.
/// </summary>
[Trait("Category", "Browser")]
public sealed class XssBodyExamTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const int Batch = 150;
    private const string Us = "support@workshop.example";

    /// <summary>Lets the inbox's own script load copies of the inbox's own frame.</summary>
    private const string ShowInFrames = $$"""
        async ids => {
          const touch = {{XssPayload.Touch}};
          const root = document.querySelector('[data-inbox]');
          const model = root.querySelector('[data-mail-frame]');
          const host = document.createElement('div');
          host.style = 'position:fixed;inset:0;overflow:hidden;opacity:0;pointer-events:none';
          const frames = ids.map(id => {
            const frame = model.cloneNode();
            delete frame.dataset.shown;
            frame.dataset.address = `/message/${id}/body`;
            host.append(frame);
            return frame;
          });
          const shows = (frame, id) => { try { return frame.contentDocument?.location.pathname === `/message/${id}/body` && frame.contentDocument.readyState === 'complete'; } catch { return false; } };
          root.append(host);
          for (let i = 0; i < 200 && !frames.every((frame, n) => shows(frame, ids[n])); i++) await new Promise(go => setTimeout(go, 50));
          const faults = frames.map((frame, n) => shows(frame, ids[n]) ? touch(frame.contentDocument) : ['did not load']);
          await new Promise(go => setTimeout(go, 400));
          frames.forEach((frame, n) => {
            if (!shows(frame, ids[n])) faults[n].push('went elsewhere');
            if (frame.contentWindow.__fired) faults[n].push('ran script');
          });
          host.remove();
          return faults.map(found => found.join('; '));
        }
        """;

    /// <summary>Shows documents, or what stands at addresses, in frames in which scripts may run and no policy holds.</summary>
    private const string ShowInOpenFrames = $$"""
        async documents => {
          const touch = {{XssPayload.Touch}};
          const read = async text => text.startsWith('/message/') ? (await fetch(text)).text() : text;
          const frames = (await Promise.all(documents.map(read))).map(html => {
            const frame = document.createElement('iframe');
            frame.sandbox = 'allow-scripts allow-same-origin allow-forms allow-modals';
            frame.srcdoc = html;
            document.body.append(frame);
            return frame;
          });
          const look = frame => { try { return frame.contentDocument.URL === 'about:srcdoc' ? frame.contentDocument : null; } catch { return null; } };
          for (let i = 0; i < 40 && !frames.every(frame => look(frame)?.readyState === 'complete'); i++) await new Promise(go => setTimeout(go, 50));
          const faults = frames.map(frame => look(frame) ? touch(look(frame)) : ['went elsewhere at once']);
          await new Promise(go => setTimeout(go, 400));
          frames.forEach((frame, n) => {
            if (!look(frame)) faults[n].push('went elsewhere');
            try { if (frame.contentWindow.__fired) faults[n].push('ran script'); } catch (error) { faults[n].push(String(error)); }
          });
          frames.forEach(frame => frame.remove());
          return faults.map(found => found.join('; '));
        }
        """;

    private readonly List<string> _faults = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public Task OfTwentyLivePayloadsOne_RunsLoadsOrLeadsAwayNever() => JudgeAsync(every: 20);

    [Fact(Explicit = true)]
    [Trait("Category", "Long")]
    public Task NoLivePayloadRunsLoadsOrLeadsAway() => JudgeAsync(every: 1);

    private async Task JudgeAsync(int every)
    {
        var live = await XssPayload.ReadLiveAsync();
        var payloads = live.Where((_, index) => index % every == 0).ToList();
        using TemporaryFolder folder = new();
        var watch = Stopwatch.StartNew();
        var messages = await ImportAsync(folder["data"], payloads);
        await using var enneo = await EnneoProcess.StartAsync(folder["data"], Cancel);

        await using var visit = await EnneoApp.SignInAsync(chromium, enneo.Address);
        await visit.Context.AddInitScriptAsync(XssPayload.Watch);
        await visit.Page.GotoAsync($"/inbox?ticket={messages[^1].TicketId}");
        await visit.Page.Locator("[data-mail-frame][data-shown]").First.WaitForAsync();
        Watched watched = new(visit, enneo.Address);
        var prepared = watch.Elapsed;
        foreach (var batch in payloads.Zip(messages).Chunk(Batch))
        {
            await JudgeAsync(visit, watched, "framed", ShowInFrames, batch, row => row.Second.Id);
        }

        Assert.Contains("/inbox", visit.Page.Url, StringComparison.Ordinal);
        var framed = watch.Elapsed;
        Assert.NotEqual(0, await visit.Page.Locator("[data-row]").CountAsync());
        await JudgeAloneAsync(visit, watched, payloads, messages);
        var (seen, alive) = await CountRawAsync(enneo.Address, [.. live.Where(payload => payload.RunsAtOnce).Take(Batch)]);

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{payloads.Count} live payloads, {_faults.Count} faults; of {alive} raw ones that run at once the watch saw {seen}; prepared in {prepared}, framed by {framed}, all by {watch.Elapsed}\n{string.Join('\n', _faults.Take(60))}");
        Assert.Empty(_faults);
        Assert.True(seen >= alive * 0.7, $"The watch saw {seen} of {alive} raw payloads run."); // the others need their server, or innerHTML
    }

    private async Task JudgeAloneAsync(Visit visit, Watched watched, IReadOnlyList<XssPayload> payloads, List<ImportedPayload> messages)
    {
        await visit.Page.RouteAsync("**/blank-page", route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/html", Body = "<!doctype html><title>frames</title>" }));
        await visit.Page.GotoAsync("/blank-page");
        watched.Clear();
        foreach (var batch in payloads.Zip(messages).Chunk(Batch))
        {
            await JudgeAsync(visit, watched, "alone", ShowInOpenFrames, batch, row => string.Create(CultureInfo.InvariantCulture, $"/message/{row.Second.Id}/body"));
        }
    }

    private async Task JudgeAsync<T>(
        Visit visit, Watched watched, string round, string script, (XssPayload First, ImportedPayload Second)[] batch, Func<(XssPayload First, ImportedPayload Second), T> address)
    {
        var faults = await visit.Page.EvaluateAsync<string[]>(script, batch.Select(address).ToArray());
        foreach (var ((payload, _), fault) in batch.Zip(faults).Where(pair => pair.Second.Length > 0))
        {
            _faults.Add($"{round} {payload.Id}: {fault}\n  {payload.Html}");
        }

        _faults.AddRange(watched.Clear().Select(fault => $"{round} {batch[0].First.Id} to {batch[^1].First.Id}: {fault}"));
    }

    /// <summary>How many raw payloads the watch sees: what it misses it would miss in our pages too.</summary>
    private async Task<(int Seen, int Alive)> CountRawAsync(Uri address, IReadOnlyList<XssPayload> payloads)
    {
        await using var visit = await chromium.VisitAsync(address);
        await visit.Context.AddInitScriptAsync(XssPayload.Watch);
        await visit.Page.RouteAsync("**/*", route => route.Request.Url.EndsWith("/blank-page", StringComparison.Ordinal)
            ? route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/html", Body = "<!doctype html><title>frames</title>" })
            : route.AbortAsync());
        await visit.Page.GotoAsync("/blank-page");
        var faults = await visit.Page.EvaluateAsync<string[]>(ShowInOpenFrames, payloads.Select(payload => payload.Html).ToArray());
        return (faults.Count(fault => fault.Length > 0), payloads.Count);
    }

    private static async Task<List<ImportedPayload>> ImportAsync(string data, IReadOnlyList<XssPayload> payloads)
    {
        await using var store = await EnneoStore.CreateAsync(data, Cancel);
        var start = TimeProvider.System.GetUtcNow().AddDays(-2);
        var mails = payloads.Select((payload, index) => new ImportedMail(FolderRole.Inbox, Mail(payload), start.AddSeconds(index), true)).ToList();
        await store.Get<MailImport>().AddAsync(new ImportedMailbox("Support", Us, "Support", true), mails, "test", Cancel);
        var rows = await store.ReadAsync(
            db => db.Messages.Select(m => new { m.Id, m.TicketId, m.Subject, m.Unreadable }).ToDictionaryAsync(m => m.Subject, Cancel), Cancel);
        Assert.All(rows.Values, row => Assert.Null(row.Unreadable));
        return [.. payloads.Select(payload => new ImportedPayload(rows[payload.Id].Id, rows[payload.Id].TicketId))];
    }

    private static byte[] Mail(XssPayload payload)
    {
        using MimeMessage mail = new();
        mail.From.Add(new MailboxAddress("Mallory", "mallory@evil.example"));
        mail.To.Add(new MailboxAddress("Support", Us));
        mail.Subject = payload.Id;
        mail.MessageId = $"{payload.Id}@evil.example";
        mail.Body = new TextPart("html") { Text = payload.Html };
        return mail.ToBytes();
    }

    private sealed record ImportedPayload(long Id, long TicketId);

    /// <summary>What a hostile body must not bring about, whichever frame it does it in.</summary>
    private sealed class Watched
    {
        private readonly ConcurrentQueue<string> _found = [];

        public Watched(Visit visit, Uri address)
        {
            visit.Context.Request += (_, request) =>
            {
                var url = new Uri(request.Url);
                var isOurs = url.Authority == address.Authority && (url.AbsolutePath.EndsWith("/body", StringComparison.Ordinal) || url.AbsolutePath.StartsWith("/_blazor", StringComparison.Ordinal));
                if (!isOurs && url.Scheme is not ("data" or "blob" or "about") && url.AbsolutePath != "/blank-page")
                {
                    _found.Enqueue($"{request.ResourceType} {request.Url}");
                }
            };
            visit.Context.Page += (_, page) => _found.Enqueue($"a window for {page.Url}");
            visit.Context.Console += (_, message) =>
            {
                if (message.Type == "error")
                {
                    _found.Enqueue($"console: {message.Text}");
                }
            };
            visit.Context.WebError += (_, error) => _found.Enqueue($"error: {error.Error}");
            visit.Page.Dialog += async (_, dialog) =>
            {
                _found.Enqueue($"dialog: {dialog.Message}");
                await dialog.DismissAsync();
            };
            visit.Page.Download += (_, download) => _found.Enqueue($"download: {download.Url}");
        }

        public List<string> Clear()
        {
            List<string> found = [];
            while (_found.TryDequeue(out var fault))
            {
                found.Add(fault);
            }

            return found;
        }
    }
}
