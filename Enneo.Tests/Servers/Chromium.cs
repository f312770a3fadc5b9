using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Enneo.Tests.Servers;

/// <summary>
/// The Chromium of Debian, driven by Playwright. One for a class of tests, a <see cref="Visit"/> for each.
/// It resolves no name but localhost, so nothing ever leaves the machine.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public IBrowser Browser => _browser ?? throw new InvalidOperationException("Chromium is not running.");

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(30_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
            ],
        });
    }

    /// <summary>Opens a fresh profile with one page; addresses on it are relative to <paramref name="address"/>.</summary>
    /// <param name="trustsEverybody">Takes certificates that nobody vouches for.</param>
    public async Task<Visit> VisitAsync(Uri address, int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light, bool trustsEverybody = false)
    {
        var context = await Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            Locale = "en-GB",
            AcceptDownloads = true,
            IgnoreHTTPSErrors = trustsEverybody,
        });
        context.SetDefaultTimeout(30_000);
        return new Visit(context, await context.NewPageAsync(), address);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}

/// <summary>One person's browser, and what went wrong in it.</summary>
public sealed class Visit : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _foreignRequests = [];
    private readonly ConcurrentQueue<string> _failedRequests = [];
    private readonly ConcurrentQueue<string> _errors = [];

    internal Visit(IBrowserContext context, IPage page, Uri address)
    {
        Context = context;
        Page = page;
        context.Request += (_, request) =>
        {
            if (Uri.TryCreate(request.Url, UriKind.Absolute, out var asked) && asked.Scheme is not ("data" or "blob" or "about") && asked.Authority != address.Authority)
            {
                _foreignRequests.Enqueue(request.Url);
            }
        };
        context.Response += (_, response) =>
        {
            if (response.Status >= 400)
            {
                _failedRequests.Enqueue($"{response.Status} {response.Request.Method} {response.Url}");
            }
        };
        context.RequestFailed += (_, request) =>
        {
            // The browser itself gives up what a page that is left had asked for.
            if (request.Failure != "net::ERR_ABORTED")
            {
                _failedRequests.Enqueue($"{request.Failure} {request.Method} {request.Url}");
            }
        };
        context.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _errors.Enqueue(message.Text);
            }
        };
        context.WebError += (_, error) => _errors.Enqueue(error.Error);
    }

    public IBrowserContext Context { get; }
    public IPage Page { get; }

    /// <summary>Addresses on other hosts that any page or frame asked for; none was reached.</summary>
    public IReadOnlyCollection<string> ForeignRequests => _foreignRequests;

    /// <summary>Requests that got no answer or one of an error (400 and above).</summary>
    public IReadOnlyCollection<string> FailedRequests => _failedRequests;

    /// <summary>Errors on the console and uncaught ones of scripts.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>Kept where somebody looks at it: wide as the page is, and on a phone in the dark, in the folder that ENNEO_SHOTS names.</summary>
    public async Task ShotAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("ENNEO_SHOTS") is not { Length: > 0 } folder || Page.ViewportSize is not { } before)
        {
            return;
        }

        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-wide.png") });
        await Page.SetViewportSizeAsync(390, 844);
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-phone.png") });
        await Page.SetViewportSizeAsync(before.Width, before.Height);
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
    }

    public async ValueTask DisposeAsync() => await Context.DisposeAsync();
}
