using System.Globalization;
using System.Text;
using Enneo.Tests.Servers;
using Microsoft.Playwright;

namespace Enneo.Tests.Performance;

/// <summary>
/// From the server's EXISTS to the row in an open browser. The server is ours, since a real one does not tell when it
/// told; browser and server read the same clock.
/// </summary>
[Collection(TimedTests.Name)]
[Trait("Category", "Benchmark")]
public sealed class ArrivalBenchmark
{
    private const int Mails = 200;

    private const string Watch = """
        () => {
            window.seen = {};
            const look = () => {
                const now = performance.timeOrigin + performance.now();
                for (const found of (document.body.textContent.match(/arrival-\d{4}/g) ?? [])) window.seen[found] ??= now;
            };
            new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
        }
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Exists_to_row_in_an_open_browser()
    {
        await using ScriptedImapServer imap = new() { ImplicitTls = true };
        await imap.InitializeAsync();
        await using SmtpSink sink = new();
        await sink.InitializeAsync();
        using TemporaryFolder folder = new();
        await using var store = await EnneoStore.CreateAsync(folder["data"], Cancel);
        await store.AddAsync(imap.Mailbox("arrivals@example.test", sink), Cancel);
        await using var enneo = await EnneoProcess.StartAsync(folder["data"], Cancel);
        await using Chromium chromium = new();
        await chromium.InitializeAsync();
        await using var visit = await EnneoApp.SignInAsync(chromium, enneo.Address);
        await EnneoStore.UntilAsync(() => Task.FromResult(imap.Commands.Any(command => command.Name == "IDLE")), TimeSpan.FromSeconds(60), Cancel);
        await visit.Page.EvaluateAsync(Watch);
        await ArriveAsync(imap, visit.Page, 9999); // warms everything on the way

        List<double> delays = [];
        for (var i = 0; i < Mails; i++)
        {
            delays.Add(await ArriveAsync(imap, visit.Page, i));
        }

        delays.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"EXISTS to row over {Mails} mails: p50 {delays[Mails / 2]:F0} ms, p95 {delays[Mails * 95 / 100]:F0} ms, longest {delays[^1]:F0} ms (p50 must be under 150)"));
        Assert.True(delays[Mails / 2] < 150, $"p50 {delays[Mails / 2]:F0} ms");
    }

    /// <returns>Milliseconds.</returns>
    private static async Task<double> ArriveAsync(ScriptedImapServer imap, IPage page, int number)
    {
        var subject = string.Create(CultureInfo.InvariantCulture, $"arrival-{number:D4}");
        var date = TimeProvider.System.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        var source = $"From: Customer <customer{number}@example.test>\r\nTo: arrivals@example.test\r\nSubject: {subject}\r\nDate: {date}\r\nMessage-ID: <{Guid.NewGuid()}@example.test>\r\n\r\nHello\r\n";
        var told = TimeProvider.System.GetUtcNow();
        await imap.ArriveAsync(Encoding.ASCII.GetBytes(source));
        await page.WaitForFunctionAsync("subject => subject in window.seen", subject);
        var seen = await page.EvaluateAsync<double>("subject => window.seen[subject]", subject);
        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancel); // the watcher is back in IDLE
        return seen - (told - DateTimeOffset.UnixEpoch).TotalMilliseconds;
    }
}
