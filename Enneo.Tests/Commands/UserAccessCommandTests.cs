using System.Text.RegularExpressions;
using Enneo.Core.Identity;
using Enneo.Core.Identity.Invitations;
using Enneo.Core.Sync;
using Enneo.Tests.Servers;

namespace Enneo.Tests.Commands;

/// <summary>Which mailboxes somebody sees, as commands say it.</summary>
public sealed partial class UserAccessCommandTests : IAsyncLifetime
{
    private const string Support = "support@example.test";
    private const string Sales = "sales@example.test";

    private readonly TemporaryFolder _folder = new();
    private EnneoStore _store = null!;
    private long _support;
    private long _sales;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await EnneoStore.CreateAsync(_folder["data"], Cancel);
        _support = await _store.Get<MailImport>().AddAsync(new ImportedMailbox("Support", Support, "Support", true), [], "test", Cancel);
        _sales = await _store.Get<MailImport>().AddAsync(new ImportedMailbox("Sales", Sales, "Sales", false), [], "test", Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task WhoIsAddedSeesTheMailboxesThatAreNamed()
    {
        Assert.Equal(0, (await AddAsync("ben@example.test", "--mailboxes", Support)).ExitCode);
        Assert.Equal(0, (await AddAsync("eva@example.test", "--mailboxes", $"{Support}, {Sales}")).ExitCode);
        Assert.Equal(0, (await AddAsync("all@example.test", "--mailboxes", "all")).ExitCode);
        Assert.Equal(0, (await AddAsync("unsaid@example.test")).ExitCode);
        Assert.Equal(0, (await AddAsync("none@example.test", "--mailboxes", "none")).ExitCode);

        Assert.Equal(Reach.Of(_support), await ReachAsync("ben@example.test"));
        Assert.Equal(Reach.Of(_support, _sales), await ReachAsync("eva@example.test"));
        Assert.Equal(Reach.Of(_support, _sales), await ReachAsync("all@example.test"));
        Assert.Equal(Reach.Of(_support, _sales), await ReachAsync("unsaid@example.test"));
        Assert.Equal(Reach.None, await ReachAsync("none@example.test"));
    }

    [Fact]
    public async Task WhatSomebodySeesIsChangedLater()
    {
        await AddAsync("ben@example.test", "--mailboxes", Support);

        var changed = await RunAsync("user", "access", "--email", "BEN@example.test", "--mailboxes", Sales);

        Assert.Equal((0, "ben@example.test sees these mailboxes from now on.\n"), (changed.ExitCode, changed.Output));
        Assert.Equal(Reach.Of(_sales), await ReachAsync("ben@example.test"));
        Assert.Equal(0, (await RunAsync("user", "access", "--email", "ben@example.test", "--mailboxes", "none")).ExitCode);
        Assert.Equal(Reach.None, await ReachAsync("ben@example.test"));
        Assert.Contains("is an admin and sees every mailbox", (await RunAsync("user", "access", "--email", EnneoStore.PersonEmail, "--mailboxes", Sales)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnInvitationSaysWhatIsSeenByWhoFollowsIt()
    {
        var invited = await RunAsync("user", "invite", "--email", "ben@example.test", "--role", "agent", "--name", "Ben", "--mailboxes", Support);

        Assert.Equal(0, invited.ExitCode);
        Assert.StartsWith("ben@example.test is invited until ", invited.Output, StringComparison.Ordinal);
        var token = Token().Match(invited.Output).Groups["token"].Value;
        var joined = await _store.Get<Inviting>().AcceptAsync(token, "", "four words of ben", "test", Cancel);
        Assert.Equal(Reach.Of(_support), await _store.Get<Reaches>().FindAsync(joined.UserId!.Value, Cancel));
    }

    [Theory]
    [InlineData("There is no mailbox nobody@example.test.", "user", "add", "--email", "ben@example.test", "--role", "agent", "--mailboxes", "nobody@example.test")]
    [InlineData("There is no mailbox nobody@example.test.", "user", "invite", "--email", "ben@example.test", "--role", "agent", "--mailboxes", Support + ",nobody@example.test")]
    [InlineData("There is no mailbox nobody@example.test.", "user", "access", "--email", EnneoStore.PersonEmail, "--mailboxes", "nobody@example.test")]
    [InlineData("There is no account with this email address.", "user", "access", "--email", "ben@example.test", "--mailboxes", Support)]
    public async Task WhatIsNotThereIsNamed(string sentence, params string[] command)
    {
        var refused = await RunAsync(command);

        Assert.Equal((1, "", sentence + "\n"), (refused.ExitCode, refused.Output, refused.Errors));
        Assert.Single(await _store.Get<Accounts>().ListAsync(Cancel));
    }

    private Task<CommandResult> AddAsync(string email, params string[] seen) => RunAsync(["user", "add", "--email", email, "--role", "agent", .. seen]);

    private Task<CommandResult> RunAsync(params string[] command) => EnneoCommand.RunAsync(_folder["data"], command, Cancel);

    private async Task<Reach> ReachAsync(string email) =>
        await _store.Get<Reaches>().FindAsync((await _store.Get<Accounts>().ListAsync(Cancel)).Single(person => person.Email == email).Id, Cancel);

    /// <summary>What the address of an invitation ends with.</summary>
    [GeneratedRegex("/(?<token>[A-Za-z0-9_-]{40,})\\s*$")]
    private static partial Regex Token();
}
