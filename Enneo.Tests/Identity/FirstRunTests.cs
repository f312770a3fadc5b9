using System.Net;
using System.Text.RegularExpressions;
using Enneo.Tests.Servers;
using Enneo.Tests.Shell;

namespace Enneo.Tests.Identity;

public sealed partial class FirstRunTests : IAsyncLifetime
{
    private const string Password = "blaue Stühle im Regen";

    private readonly TemporaryFolder _folder = new();
    private EnneoProcess _server = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await EnneoProcess.StartAsync(_folder["data"], Cancelled);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task EverythingLeadsToThePageThatMakesTheFirstAdmin_WhichThenClosesForGood()
    {
        using WebVisitor first = new(_server.Address);
        foreach (var path in (string[])["", "inbox", "sign-in", "settings/people"])
        {
            using var answer = await first.GetAsync(path);
            Assert.Equal("/first-run", answer.Headers.Location?.ToString());
        }

        using var made = await first.SubmitAsync("first-run", Form());
        Assert.Equal("/settings/email-accounts", made.Headers.Location is { } to ? new Uri(_server.Address, to).AbsolutePath : null);
        using var people = await first.GetAsync("settings/people");
        Assert.Equal(HttpStatusCode.OK, people.StatusCode);

        using WebVisitor second = new(_server.Address);
        using var closed = await second.GetAsync("first-run");
        Assert.Equal("/sign-in", new Uri(_server.Address, closed.Headers.Location!).AbsolutePath);
        using var tooLate = await second.SubmitAsync("sign-in", [("_handler", "first-run"), .. Form("mallory@example.test")]);
        using var signIn = await second.SignInAsync("mallory@example.test", Password);
        Assert.Equal(HttpStatusCode.OK, signIn.StatusCode); // the form again
    }

    [Fact]
    public async Task OfTwoWhoAreFirst_OneIs()
    {
        using WebVisitor anna = new(_server.Address);
        using WebVisitor ben = new(_server.Address);
        var answers = await Task.WhenAll(anna.SubmitAsync("first-run", Form("anna@example.test")), ben.SubmitAsync("first-run", Form("ben@example.test")));

        Assert.Single(answers, answer => answer.Headers.Location?.ToString().EndsWith("/settings/email-accounts", StringComparison.Ordinal) is true);
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Fact]
    public async Task AWeakPasswordIsExplained_AndWhatWasTypedStays()
    {
        using WebVisitor visitor = new(_server.Address);
        using var answer = await visitor.SubmitAsync("first-run", Form(password: "12345678"));
        var html = await answer.Content.ReadAsStringAsync(Cancelled);

        Assert.Contains("among the first that anybody would try", html, StringComparison.Ordinal);
        Assert.Contains("value=\"Anna &lt;Kraft&gt;\"", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host", "mail.example.test")]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("X-Real-IP", "203.0.113.7")]
    [InlineData("Via", "1.1 proxy")]
    public async Task FromElsewhereOverPlainHttp_HttpsIsExplained(string header, string value)
    {
        using WebVisitor visitor = new(_server.Address);
        visitor.Headers[header] = value;
        using var answer = await visitor.GetAsync("first-run");
        var html = await answer.Content.ReadAsStringAsync(Cancelled);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("Enneo needs https here", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<form", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FromElsewhereTheCodeIsNeeded()
    {
        using var visitor = FromElsewhere();
        using var without = await visitor.SubmitAsync("first-run", Form());
        Assert.Contains("This is not the code.", await without.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);

        using var with = await visitor.SubmitAsync("first-run", [.. Form(), ("Form.Code", (await CodesAsync(1))[0].ToLowerInvariant())]);
        Assert.EndsWith("/settings/email-accounts", with.Headers.Location?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AfterFiveWrongTriesThereIsANewCode()
    {
        using var visitor = FromElsewhere();
        for (var i = 0; i < 5; i++)
        {
            using var wrong = await visitor.SubmitAsync("first-run", [.. Form(), ("Form.Code", $"AAAA-AAAA-AAA{i}")]);
        }

        var codes = await CodesAsync(2);
        using var old = await visitor.SubmitAsync("first-run", [.. Form(), ("Form.Code", codes[0])]);
        Assert.Contains("This is not the code.", await old.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        using var @new = await visitor.SubmitAsync("first-run", [.. Form(), ("Form.Code", codes[1])]);
        Assert.EndsWith("/settings/email-accounts", @new.Headers.Location?.ToString(), StringComparison.Ordinal);
    }

    private static (string, string)[] Form(string email = "anna@example.test", string password = Password) =>
        [("Form.Name", "Anna <Kraft>"), ("Form.Email", email), ("Form.Password", password)];

    private WebVisitor FromElsewhere() => new WebVisitor(_server.Address).BehindHttpsProxy();

    private async Task<string[]> CodesAsync(int count)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        while (true)
        {
            string[] codes = [.. Code().Matches(_server.Output).Select(m => m.Value)];
            if (codes.Length >= count)
            {
                return codes;
            }

            await Task.Delay(20, limit.Token);
        }
    }

    [GeneratedRegex("[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}")]
    private static partial Regex Code();
}
