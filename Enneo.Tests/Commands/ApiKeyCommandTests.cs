using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Sync;
using Enneo.Tests.Servers;

namespace Enneo.Tests.Commands;

/// <summary><c>apikey add</c>: a key for a program, by the person at the machine.</summary>
public sealed class ApiKeyCommandTests : IAsyncLifetime
{
    private const string Ben = "ben@example.test";

    private readonly TemporaryFolder _folder = new();
    private EnneoStore _store = null!;
    private long _support;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await EnneoStore.CreateAsync(_folder["data"], Cancel);
        _support = await _store.Get<MailImport>().AddAsync(new ImportedMailbox("Support", "support@example.test", "Support", true), [], "test", Cancel);
        Assert.Null((await _store.Get<Accounts>().AddAsync(new NewAccount(Ben, "Ben", Roles.Agent, "four words of ben", [_support]), Core.Activity.Actor.Operator, "test", Cancel)).Problem);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task TheKeyIsPrintedOnce_AndIsGoodForWhatWasSaid()
    {
        var added = await RunAsync("--email", Ben, "--name", "Ticket system", "--scopes", "read,write", "--mailboxes", "support@example.test");

        Assert.Equal((0, ""), (added.ExitCode, added.Errors));
        var secret = added.Output.Trim();
        Assert.Matches("^enneo_[A-Za-z0-9_-]{43}$", secret);
        var caller = await _store.Get<ApiKeyCheck>().UseAsync(secret, Cancel);
        Assert.Equal(("Ticket system", ApiScopes.Read | ApiScopes.Write, true), (caller!.Name, caller.Scopes, caller.IsLimited));
    }

    [Theory]
    [InlineData("There is no account with this email address.", "--email", "nobody@example.test", "--name", "x", "--scopes", "read")]
    [InlineData("--scopes takes read, write, send and admin, with commas between.", "--email", Ben, "--name", "x", "--scopes", "everything")]
    public async Task WhatCannotBeIsRefusedInOneSentence(string sentence, params string[] arguments)
    {
        var refused = await RunAsync(arguments);

        Assert.Equal((1, "", sentence + "\n"), (refused.ExitCode, refused.Output, refused.Errors));
    }

    [Fact]
    public async Task AnAgentsKeyNeverAdministers()
    {
        var refused = await RunAsync("--email", Ben, "--name", "x", "--scopes", "read,admin");

        Assert.Equal((1, "", PeopleText.OnlyAdmins + "\n"), (refused.ExitCode, refused.Output, refused.Errors));
    }

    private Task<CommandResult> RunAsync(params string[] arguments) => EnneoCommand.RunAsync(_folder["data"], ["apikey", "add", .. arguments], Cancel);
}
