using System.Net;
using System.Text.RegularExpressions;
using Enneo.Tests.Servers;
using Enneo.Tests.Shell;

namespace Enneo.Tests.Identity;

public sealed partial class FirstRunTests : IAsyncLifetime
{
    private const string Password = "blaue Stühle im Regen";

    private readonly TemporaryFolder _folder = new();
    private readonly EnneoApp _app = new() { WithPerson = false };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _app.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task EverythingLeadsToThePageThatMakesTheFirstAdmin_WhichThenClosesForGood()
    {
        using WebVisitor first = new(_app.Address);
        foreach (var path in (string[])["", "inbox", "sign-in", "settings/people"])
        {
            using var answer = await first.GetAsync(path);
            Assert.Equal("/first-run", answer.Headers.Location?.ToString());
        }

        using var made = await first.SubmitAsync("first-run", Form());
        Assert.Equal("/settings/email-accounts", made.Headers.Location is { } to ? new Uri(_app.Address, to).AbsolutePath : null);
        using var people = await first.GetAsync("settings/people");
        Assert.Equal(HttpStatusCode.OK, people.StatusCode);

        using WebVisitor second = new(_app.Address);
        using var closed = await second.GetAsync("first-run");
        Assert.Equal("/sign-in", new Uri(_app.Address, closed.Headers.Location!).AbsolutePath);
        using var tooLate = await second.SubmitAsync("sign-in", [("_handler", "first-run"), .. Form("mallory@example.test")]);
        using var signIn = await second.SignInAsync("mallory@example.test", Password);
        Assert.Equal(HttpStatusCode.OK, signIn.StatusCode); // the form again
    }

    [Fact]
    public async Task OfTwoWhoAreFirst_OneIs()
    {
        using WebVisitor anna = new(_app.Address);
        using WebVisitor ben = new(_app.Address);
        var answers = await Task.WhenAll(anna.SubmitAsync("first-run", Form("anna@example.test")), ben.SubmitAsync("first-run", Form("ben@example.test")));

        Assert.Single(answers, answer => answer.Headers.Location?.ToString().EndsWith("/settings/email-accounts", StringComparison.Ordinal) is true);
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Fact]
    public async Task AWeakPasswordIsExplained_AndWhatWasTypedStays()
    {
        using WebVisitor visitor = new(_app.Address);
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
        using WebVisitor visitor = new(_app.Address);
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
        await using var server = await EnneoProcess.StartAsync(_folder["data"], Cancelled); // it prints the code
        using var visitor = FromElsewhere(server);
        using var without = await visitor.SubmitAsync("first-run", Form());
        Assert.Contains("This is not the code.", await without.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);

        using var with = await visitor.SubmitAsync("first-run", [.. Form(), ("Form.Code", (await CodesAsync(server, 1))[0].ToLowerInvariant())]);
        Assert.EndsWith("/settings/email-accounts", with.Headers.Location?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AfterFiveWrongTriesThereIsANewCode()
    {
        await using var server = await EnneoProcess.StartAsync(_folder["data"], Cancelled);
        using var visitor = FromElsewhere(server);
        for (var i = 0; i < 5; i++)
        {
            using var wrong = await visitor.SubmitAsync("first-run", [.. Form(), ("Form.Code", $"AAAA-AAAA-AAA{i}")]);
        }

        var codes = await CodesAsync(server, 2);
        using var old = await visitor.SubmitAsync("first-run", [.. Form(), ("Form.Code", codes[0])]);
        Assert.Contains("This is not the code.", await old.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        using var @new = await visitor.SubmitAsync("first-run", [.. Form(), ("Form.Code", codes[1])]);
        Assert.EndsWith("/settings/email-accounts", @new.Headers.Location?.ToString(), StringComparison.Ordinal);
    }

    private static (string, string)[] Form(string email = "anna@example.test", string password = Password) =>
        [("Form.Name", "Anna <Kraft>"), ("Form.Email", email), ("Form.Password", password)];

    private static WebVisitor FromElsewhere(EnneoProcess server) => new WebVisitor(server.Address).BehindHttpsProxy();

    private static async Task<string[]> CodesAsync(EnneoProcess server, int count)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        while (true)
        {
            string[] codes = [.. Code().Matches(server.Output).Select(m => m.Value)];
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
