using System.Net;
using Enneo.Tests.Servers;
using Enneo.Tests.Shell;

namespace Enneo.Tests.Identity;

public sealed class SignInTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("settings/people")]
    [InlineData("")]
    [InlineData("inbox")]
    public async Task WhoeverIsNotSignedInIsAskedTo_AndComesBack(string path)
    {
        using var visitor = server.Visit();
        using var asked = await visitor.GetAsync(path);
        var signIn = asked.Headers.Location!.PathAndQuery.TrimStart('/');
        Assert.StartsWith("sign-in?returnUrl=", signIn, StringComparison.Ordinal);

        using var answer = await visitor.SignInAsync(RunningServer.Email, RunningServer.Password, signIn);
        Assert.Equal("/" + path, answer.Headers.Location is { } to ? new Uri(server.Process.Address, to).AbsolutePath : null);
    }

    [Fact]
    public async Task ScriptsAndProgramsGetTheBareStatus()
    {
        using var visitor = server.Visit();
        visitor.Headers["Accept"] = "application/json";
        using var answer = await visitor.GetAsync("settings/people");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task OverHttpOnThisMachine_TheCookieIsPlain()
    {
        using var visitor = server.Visit();
        using var answer = await visitor.SignInAsync(RunningServer.Email, RunningServer.Password);

        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("Enneo=", StringComparison.Ordinal)).ToLowerInvariant();
        Assert.Contains("; httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("; samesite=lax", cookie, StringComparison.Ordinal);
        Assert.Contains("; path=/", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("; secure", cookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OverHttps_TheCookieIsTiedToTheHost()
    {
        using var visitor = server.Visit().BehindHttpsProxy();
        using var page = await visitor.GetAsync("sign-in");
        Assert.Contains("; secure", page.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);

        visitor.Headers["Origin"] = "https://mail.example.test";
        using var answer = await visitor.SignInAsync(RunningServer.Email, RunningServer.Password);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("__Host-Enneo=", StringComparison.Ordinal));
        Assert.Contains("; secure", cookie, StringComparison.Ordinal);
        Assert.Contains("; path=/", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("; domain", cookie, StringComparison.Ordinal);
        using var people = await visitor.GetAsync("settings/people");
        Assert.Equal(HttpStatusCode.OK, people.StatusCode);

        visitor.Headers.Remove("X-Forwarded-Proto");
        visitor.Cookies["Enneo"] = visitor.Cookies["__Host-Enneo"];
        using var plain = await visitor.GetAsync("settings/people");
        Assert.Equal(HttpStatusCode.Forbidden, plain.StatusCode);
    }

    [Theory]
    [InlineData(RunningServer.Email, "not the password")]
    [InlineData("nobody@example.test", "not the password")]
    [InlineData("", "")]
    public async Task AWrongSignInSaysTheSame_WhetherOrNotTheAccountExists(string email, string password)
    {
        using var visitor = server.Visit();
        using var answer = await visitor.SignInAsync(email, password);
        var html = await answer.Content.ReadAsStringAsync(Cancelled);

        Assert.Contains("Email address and password do not belong together.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Enneo", visitor.Cookies.Keys);
    }

    [Theory]
    [InlineData("https://evil.test/")]
    [InlineData("//evil.test/")]
    [InlineData("/\\evil.test/")]
    [Trait("Check", "OA06")]
    public async Task SigningInLeadsNowhereElse(string returnUrl)
    {
        using var visitor = server.Visit();
        using var answer = await visitor.SignInAsync(RunningServer.Email, RunningServer.Password, $"sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}");

        Assert.Equal(server.Process.Address, new Uri(server.Process.Address, answer.Headers.Location!));
    }

    [Fact]
    public async Task AFormWithoutItsTokenIsRefused()
    {
        using var visitor = server.Visit();
        using var refused = await visitor.PostAsync("sign-in", [
            new("_handler", "sign-in"), new("Form.Email", RunningServer.Email), new("Form.Password", RunningServer.Password)]);

        using var signedIn = await server.SignedInAsync();
        using var kept = await signedIn.PostAsync("sign-out", []);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, kept.StatusCode);
    }

    [Fact]
    public async Task APasswordResetEndsEverySession()
    {
        await server.AddUserAsync("ben@example.test", "grüne Tische im Schnee", "agent");
        using var ben = await server.SignedInAsync("ben@example.test", "grüne Tische im Schnee");
        using (var before = await ben.GetAsync("inbox"))
        {
            Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        }

        var reset = await EnneoProcess.RunAsync(server.DataDirectory, ["user", "reset", "--email", "ben@example.test"], Cancelled, "rote Lampen im Wind\n");
        Assert.True(reset.ExitCode == 0, reset.Errors);

        using var after = await ben.GetAsync("inbox");
        Assert.Equal(HttpStatusCode.Redirect, after.StatusCode);
        using var again = await server.SignedInAsync("ben@example.test", "rote Lampen im Wind");
    }

    [Fact]
    public async Task AgentsDoNotConfigure()
    {
        await server.AddUserAsync("carl@example.test", "grüne Tische im Schnee", "agent");
        using var agent = await server.SignedInAsync("carl@example.test", "grüne Tische im Schnee");
        foreach (var path in (string[])["settings/people", "settings/email-accounts", "settings/security", "settings/audit-log", "settings/audit-log.csv"])
        {
            using var answer = await agent.GetAsync(path);

            Assert.True(answer.StatusCode is HttpStatusCode.Forbidden, path);
            Assert.Contains("Your account may not see this page.", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task WhoGuessesIsSlowedDown_AndLocksOutNobodyElse()
    {
        using var guesser = server.Visit();
        var refused = 0;
        for (var i = 0; i < 30; i++)
        {
            using var answer = await guesser.SignInAsync("carla@example.test", $"guess number {i}");
            refused += (await answer.Content.ReadAsStringAsync(Cancelled)).Contains("Too many tries failed.", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.InRange(refused, 15, 25);
        using var other = await server.SignedInAsync();
    }

    [Fact]
    public async Task HammeringFromOneAddress_KeepsTheOwnerOutOnlyThere()
    {
        const string password = "grüne Tische im Schnee";
        await server.AddUserAsync("dora@example.test", password, "agent");
        var refused = false;
        for (var i = 0; i < 10; i++)
        {
            using var guesser = From("203.0.113.50");
            using var guess = await guesser.SignInAsync("dora@example.test", $"guess number {i}");
            refused |= (await guess.Content.ReadAsStringAsync(Cancelled)).Contains("Too many tries failed.", StringComparison.Ordinal);
        }

        Assert.True(refused);
        using var there = From("203.0.113.50");
        using var right = await there.SignInAsync("dora@example.test", password);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode); // the form again: not even the right one is looked at
        using var owner = From("203.0.113.51");
        using var signedIn = await owner.SignInAsync("dora@example.test", password);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);

        WebVisitor From(string address)
        {
            var visitor = server.Visit().BehindHttpsProxy();
            visitor.Headers["X-Forwarded-For"] = address;
            visitor.Headers["Origin"] = "https://mail.example.test";
            return visitor;
        }
    }

    [Fact]
    public async Task TheSecondStepIsBoundToTheBrowserInWhichThePasswordWasRight()
    {
        using var visitor = server.Visit();
        using var page = await visitor.GetAsync("sign-in/code");

        Assert.Contains("Start again", await page.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACommandSignsSomebodyOutEverywhere_AndTakesALostSecondStepAway()
    {
        await server.AddUserAsync("emil@example.test", "grüne Tische im Schnee", "agent");
        using var emil = await server.SignedInAsync("emil@example.test", "grüne Tische im Schnee");
        var ended = await EnneoCommand.RunAsync(server.DataDirectory, ["user", "sign-out", "--email", "EMIL@example.test"], Cancelled);
        Assert.Equal((0, "EMIL@example.test is signed out everywhere (1)."), (ended.ExitCode, ended.Output.Trim()));
        using var after = await emil.GetAsync("inbox");
        Assert.Equal(HttpStatusCode.Redirect, after.StatusCode);

        var reset = await EnneoCommand.RunAsync(server.DataDirectory, ["user", "reset-factors", "--email", "emil@example.test"], Cancelled);
        Assert.True(reset.ExitCode == 0, reset.Errors);
        var nobody = await EnneoCommand.RunAsync(server.DataDirectory, ["user", "reset-factors", "--email", "nobody@example.test"], Cancelled);
        Assert.Equal((1, "There is no account with the address nobody@example.test."), (nobody.ExitCode, nobody.Errors.Trim()));
    }
}
