using Enneo.Core.Activity;
using Enneo.Core.Connections;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;

namespace Enneo.Tests.Microsoft365;

/// <summary>Another directory (tenant) in the registration, while mailboxes are connected in the one before.</summary>
public sealed class TenantChangeTests(Office365 office) : IClassFixture<Office365>, IAsyncLifetime
{
    private const string Field = "tenantSignIns";

    private static readonly string s_other = Guid.NewGuid().ToString();

    private ConnectedStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await ConnectedStore.CreateAsync(office, Cancel);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task It_is_warned_of_first_and_then_named_at_each_mailbox_as_the_cause_and_the_one_before_works_again()
    {
        var accountId = await _store.Get<AccountTokens>().AccountOfAsync(await _store.AddAsync("first@example.test", Cancel), Cancel);
        await _store.AddAsync("second@example.test", Cancel);
        await _store.AddApplicationAsync("app@example.test", Cancel);
        var other = office.Registration with { Tenant = s_other };

        Assert.StartsWith("3 mailboxes are connected in another directory", await WarningAsync(other), StringComparison.Ordinal);
        Assert.Equal(EntraServer.Tenant, (await _store.Get<Microsoft365SettingsEditing>().FindAsync(Cancel)).Settings.Tenant);
        Assert.Empty(await SaveAsync(other with { LeavesTenant = true }));
        var before = office.Entra.TokenRequests.Count;
        var refused = await Assert.ThrowsAsync<MailConnectionException>(() => _store.Get<AccountTokens>().GetAsync(accountId, TokenFor.Mail, Cancel));
        Assert.Equal((ConnectionProblem.SignInRefused, Causes.Of(Causes.TenantChanged).Sentence, before), (refused.Problem, refused.Message, office.Entra.TokenRequests.Count)); // nothing of theirs is shown to the other

        Assert.Empty(await SaveAsync(office.Registration)); // where they all belong
        Assert.NotEmpty(await _store.Get<AccountTokens>().GetAsync(accountId, TokenFor.Mail, Cancel));
    }

    [Fact]
    [Trait("Check", "OA17")]
    public async Task Who_has_the_address_in_the_new_one_connects_the_mailbox_again_and_is_the_only_one_from_then_on()
    {
        var mailboxId = await _store.AddAsync("moves@example.test", Cancel);
        office.Entra.OtherTenants.Add(s_other);
        Assert.Empty(await SaveAsync(office.Registration with { Tenant = s_other, LeavesTenant = true }));
        var tokens = _store.Get<AccountTokens>();

        office.Entra.Add(new EntraPerson("moves@example.test", Guid.NewGuid()) { Tenant = s_other });
        var connected = (await _store.ConnectAsync("moves@example.test", Cancel, mailboxId: mailboxId)).Account!;
        Assert.False(connected.IsOther);
        Assert.Null(await _store.Get<MailboxEditing>().ReconnectAsync(mailboxId, connected.Id, Actor.Operator, "test", Cancel));
        Assert.NotEmpty(await tokens.GetAsync(await tokens.AccountOfAsync(mailboxId, Cancel), TokenFor.Mail, Cancel));

        office.Entra.Add(new EntraPerson("moves@example.test", Guid.NewGuid()) { Tenant = s_other });
        Assert.True((await _store.ConnectAsync("moves@example.test", Cancel, mailboxId: mailboxId)).Account!.IsOther);
    }

    [Theory]
    [InlineData("11111111-2222-3333-4444-555555555555", null)]
    [InlineData("contoso.example", "Connected mailboxes: 2. From its name alone")]
    [InlineData("organizations", "Mailboxes that are opened by the app itself: 1.")]
    public async Task What_it_ends_depends_on_how_it_is_named(string tenant, string? words)
    {
        await _store.AddAsync("person@example.test", Cancel);
        await _store.AddApplicationAsync("app@example.test", Cancel);
        var wanted = office.Registration with { Tenant = tenant };

        if (words is null)
        {
            Assert.Empty(await SaveAsync(wanted));
            return;
        }

        Assert.StartsWith(words, await WarningAsync(wanted), StringComparison.Ordinal);
        Assert.Empty(await SaveAsync(wanted with { LeavesTenant = true }));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_one_that_is_named_by_a_domain_Microsoft_is_asked_whether_it_is_another(bool isTheirs)
    {
        await _store.AddAsync("person@example.test", Cancel);
        await _store.AddApplicationAsync("app@example.test", Cancel);
        var wanted = office.Registration with { Tenant = "contoso.onmicrosoft.com" };
        office.Entra.Domains[wanted.Tenant] = isTheirs ? EntraServer.Tenant : s_other;

        if (isTheirs)
        {
            Assert.Empty(await SaveAsync(wanted));
            return;
        }

        var warning = await WarningAsync(wanted);
        Assert.StartsWith("Mailboxes that are connected in another directory (tenant) than the one that this name means: 2.", warning, StringComparison.Ordinal);
        Assert.Contains(s_other, warning, StringComparison.Ordinal); // by which it knows who may take the place of the person before
    }

    [Fact]
    public async Task With_another_app_at_once_each_mailbox_is_counted_once()
    {
        await _store.AddAsync("person@example.test", Cancel);
        var other = office.Registration with { Tenant = s_other, ClientId = Guid.NewGuid().ToString() };

        Assert.Equal(["signIns"], (await SaveAsync(other)).Keys);
        Assert.Empty(await SaveAsync(other with { EndsSignIns = true }));
    }

    private async Task<string> WarningAsync(Microsoft365Input wanted) => Assert.Single((await SaveAsync(wanted))[Field]);

    private Task<IReadOnlyDictionary<string, string[]>> SaveAsync(Microsoft365Input wanted) => _store.Get<Microsoft365SettingsEditing>().SaveAsync(wanted, Actor.Operator, "test", Cancel);
}
