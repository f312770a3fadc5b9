using System.Net;
using System.Text.Json;
using Enneo.Tests.Servers;
using Enneo.Tests.Shell;

namespace Enneo.Tests.Commands;

public sealed class CommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task UserAdd_TakesThePasswordFromStandardInput()
    {
        var result = await RunAsync("blaue Stühle im Regen\n", "user", "add", "--email", "anna@example.test", "--role", "admin");

        Assert.Equal((0, "Added anna@example.test as admin.\n", ""), (result.ExitCode, result.Output, result.Errors));
    }

    [Fact]
    public async Task UserAdd_WithoutOne_MakesAPasswordAndPrintsItOnce()
    {
        var result = await RunAsync("", "user", "add", "--email=ben@example.test", "--role=agent", "--name", "Ben");

        Assert.Equal(0, result.ExitCode);
        Assert.Matches("^Added ben@example.test as agent.\nPassword: [A-Za-z2-9]{20}\n$", result.Output);
        Assert.Empty(result.Errors);
    }

    [Theory]
    [InlineData("short", "ben@example.test", "agent", "This password is too short. It needs at least 8 characters.")]
    [InlineData("password123", "ben@example.test", "agent", "This password is among the first that anybody would try. Choose another one.")]
    [InlineData("long enough to be one", "ben", "agent", "This is not an email address. It looks like anna@example.com.")]
    [InlineData("long enough to be one", "ben@example.test", "boss", "The role is either admin or agent.")]
    public async Task UserAdd_RefusesInOneSentence(string password, string email, string role, string sentence)
    {
        await EnneoStore.CopyFirstAsync(_folder["data"]);
        var result = await RunAsync(password, "user", "add", "--email", email, "--role", role);

        Assert.Equal((1, "", sentence + "\n"), (result.ExitCode, result.Output, result.Errors));
    }

    [Fact]
    public async Task UserAdd_RefusesAnAddressTwice_WhateverItsCase()
    {
        await RunAsync("", "user", "add", "--email", "ben@example.test", "--role", "agent");
        var again = await RunAsync("", "user", "add", "--email", "BEN@example.test", "--role", "agent");

        Assert.Equal((1, "There is already an account with this email address.\n"), (again.ExitCode, again.Errors));
    }

    [Theory]
    [InlineData("There is no command \"user remove\". See --help.", "user", "remove")]
    [InlineData("There is no option --colour here. See --help.", "user", "add", "--colour", "blue")]
    [InlineData("There is no option --json here. See --help.", "--json")]
    [InlineData("user add needs --email. See --help.", "user", "add")]
    [InlineData("--email needs a value. See --help.", "user", "reset", "--email")]
    public async Task WhatIsNotUnderstoodIsSaidInOneSentence(string sentence, params string[] arguments)
    {
        var result = await RunAsync("", arguments);

        Assert.Equal((2, "", sentence + "\n"), (result.ExitCode, result.Output, result.Errors));
        Assert.False(Directory.Exists(_folder["data"]));
    }

    [Fact]
    public async Task HelpNamesEveryCommand()
    {
        var result = await RunAsync("", "--help");

        Assert.Equal(0, result.ExitCode);
        Assert.All(["user add", "user reset", "mailbox add", "mailbox test", "mailbox status", "--demo"],
            name => Assert.Contains(name, result.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task UserReset_OfNobody_IsRefused()
    {
        var result = await RunAsync("", "user", "reset", "--email", "nobody@example.test");

        Assert.Equal((1, "", "There is no account with this email address.\n"), (result.ExitCode, result.Output, result.Errors));
    }

    [Fact]
    public async Task MailboxStatus_Json_IsAnArray()
    {
        var result = await RunAsync("", "mailbox", "status", "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Equal(0, JsonDocument.Parse(result.Output).RootElement.GetArrayLength());
    }

    [Fact]
    public async Task MailboxAdd_ThenStatus_ShowsTheMailboxWithoutItsPasswords()
    {
        await File.WriteAllTextAsync(_folder["mailbox.json"], """
            { "channel": "email", "name": "Support", "isDefault": true,
              "data": { "method": "imap", "address": "support@example.test", "folders": ["INBOX", "Sent", "Junk"],
                "imap": { "host": "localhost", "port": 1, "security": "tls", "user": "support", "password": "very secret" },
                "smtp": { "host": "localhost", "port": 1, "security": "starttls", "user": "support", "password": "very secret" },
                "spam": { "headers": true } } }
            """, Cancelled);

        var added = await RunAsync("", "mailbox", "add", "--file", _folder["mailbox.json"]);
        Assert.True(added.ExitCode == 0, added.Errors);
        Assert.StartsWith("Added support@example.test as mailbox 1.\n", added.Output, StringComparison.Ordinal);

        var status = await RunAsync("", "mailbox", "status", "--json");
        var mailbox = JsonDocument.Parse(status.Output).RootElement.EnumerateArray().Single();
        Assert.Equal("Support", mailbox.GetProperty("name").GetString());
        Assert.Equal("starttls", mailbox.GetProperty("data").GetProperty("smtp").GetProperty("security").GetString());
        Assert.Equal(0, mailbox.GetProperty("status").GetProperty("ledger").GetProperty("difference").GetInt32());
        Assert.DoesNotContain("secret", status.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("assword", status.Output, StringComparison.Ordinal);

        Assert.Equal(1, (await RunAsync("", "mailbox", "remove", "--address", "support@example.test")).ExitCode);
        Assert.Equal("[]", (await RunAsync("", "mailbox", "folders", "--address", "support@example.test", "--json")).Output.Trim());
        Assert.Equal(0, (await RunAsync("", "mailbox", "sync", "--address", "support@example.test")).ExitCode);

        Assert.Equal(0, (await RunAsync("", "mailbox", "shadow", "--address", "support@example.test")).ExitCode);
        var shadow = JsonDocument.Parse((await RunAsync("", "mailbox", "status", "--json")).Output).RootElement[0].GetProperty("data").GetProperty("shadow");
        Assert.True(shadow.GetBoolean());
        Assert.Equal((1, "Say what becomes of what was done here: --undo or --apply.\n"), Answer(await RunAsync("", "mailbox", "live", "--address", "support@example.test")));
        Assert.Equal(0, (await RunAsync("", "mailbox", "live", "--address", "support@example.test", "--undo")).ExitCode);
        Assert.Equal((1, "support@example.test is not in shadow mode.\n"), Answer(await RunAsync("", "mailbox", "live", "--address", "support@example.test", "--undo")));

        var table = await RunAsync("", "mailbox", "status");
        Assert.Contains("support@example.test", table.Output, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync("", "mailbox", "remove", "--address", "support@example.test", "--keep")).ExitCode);
        Assert.Equal("[]", (await RunAsync("", "mailbox", "status", "--json")).Output.Trim());
    }

    [Theory]
    [InlineData("{ \"data\": { \"imap\": { \"password\": secret123 } } }")]
    [InlineData("null")]
    [InlineData("")]
    public async Task MailboxAdd_OfWhatIsNoMailbox_IsRefusedWithoutQuotingIt(string json)
    {
        await File.WriteAllTextAsync(_folder["mailbox.json"], json, Cancelled);
        var result = await RunAsync("", "mailbox", "add", "--file", _folder["mailbox.json"]);

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith($"{_folder["mailbox.json"]} is not a mailbox: ", Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.DoesNotContain("secret123", result.Errors + result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MailboxAdd_NamesEachWrongField()
    {
        await File.WriteAllTextAsync(_folder["mailbox.json"], """{ "name": "", "data": { "address": "no address" } }""", Cancelled);
        var result = await RunAsync("", "mailbox", "add", "--file", _folder["mailbox.json"]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("data.address: ", result.Errors, StringComparison.Ordinal);
        Assert.Contains("data.imap.host: ", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MailboxTest_OfAMailboxThatIsNotThere_IsRefused()
    {
        var result = await RunAsync("", "mailbox", "test", "--address", "nobody@example.test");

        Assert.Equal((1, "There is no mailbox nobody@example.test.\n"), (result.ExitCode, result.Errors));
    }

    [Fact]
    public async Task CommandsWorkBesideARunningServer_WhichNotices()
    {
        await using var server = await EnneoProcess.StartAsync(_folder["data"], Cancelled);
        using WebVisitor visitor = new(server.Address);
        using (var before = await visitor.GetAsync("sign-in"))
        {
            Assert.Equal("/first-run", before.Headers.Location?.ToString());
        }

        await RunAsync("blaue Stühle im Regen", "user", "add", "--email", "anna@example.test", "--role", "admin");

        using var signedIn = await visitor.SignInAsync("anna@example.test", "blaue Stühle im Regen");
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        using var firstRun = await visitor.GetAsync("first-run");
        Assert.Equal("/sign-in", new Uri(server.Address, firstRun.Headers.Location!).AbsolutePath);
    }

    private static (int ExitCode, string Errors) Answer(CommandResult result) => (result.ExitCode, result.Errors);

    private Task<CommandResult> RunAsync(string standardInput, params string[] arguments) => standardInput.Length == 0
        ? EnneoCommand.RunAsync(_folder["data"], arguments, Cancelled)
        : EnneoProcess.RunAsync(_folder["data"], arguments, Cancelled, standardInput);
}
