using Enneo.Core.Activity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Enneo.Core.Microsoft365.Checks;
using Enneo.Core.OAuth;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Microsoft365;

/// <summary>The registration at Microsoft: what ties it to the mailboxes that are connected by it, and what its check finds.</summary>
public sealed class RegistrationTests(Office365 office) : IClassFixture<Office365>, IAsyncLifetime
{
    private static readonly string[] s_changes = ["imap", "smtp", "graph", "authority", "cloud"];

    private ConnectedStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Changes => [.. s_changes];

    private Microsoft365SettingsEditing Editing => _store.Get<Microsoft365SettingsEditing>();

    public async ValueTask InitializeAsync() => _store = await ConnectedStore.CreateAsync(office, Cancel);

    public async ValueTask DisposeAsync()
    {
        office.Entra.UnknownRedirects.Clear();
        (office.Entra.ApplicationMailbox, office.Entra.IsMultiTenant) = (null, false);
        office.Entra.TokenRefusals.Clear();
        office.Entra.Rights.InExchange.Clear();
        office.Entra.Rights.Roles["outlook.office.com"] = ["IMAP.AccessAsApp", "SMTP.SendAsApp"];
        office.Entra.Rights.Roles["/graph"] = ["Mail.Send", "Mail.ReadWrite"];
        await _store.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Changes))]
    [Trait("Check", "OA16")]
    public async Task No_address_leads_the_tokens_of_a_connected_mailbox_elsewhere(string field)
    {
        await _store.AddAsync("tied@example.test", Cancel);
        var before = office.Entra.TokenRequests.Count;

        var errors = await Editing.SaveAsync(Changed(field), Actor.Operator, "test", Cancel);

        Assert.Contains("tied@example.test", Assert.Single(errors["own"]), StringComparison.Ordinal);
        Assert.Equal((office.Registration.Own, before), ((await Editing.FindAsync(Cancel)).Settings.Own, office.Entra.TokenRequests.Count));
        Assert.Empty(await Editing.SaveAsync(office.Registration with { ExpiresAt = TimeProvider.System.GetUtcNow().AddYears(1) }, Actor.Operator, "test", Cancel));
    }

    [Fact]
    public async Task A_new_certificate_of_the_servers_is_trusted_knowingly_and_what_is_connected_stays_so()
    {
        var mailboxId = await _store.AddAsync("rotated@example.test", Cancel);
        var rotated = Changed("fingerprint");

        Assert.Equal(["certificateTrust"], (await Editing.SaveAsync(rotated, Actor.Operator, "test", Cancel)).Keys);
        Assert.Equal(["certificateTrust"], (await Editing.SaveAsync(rotated with { Secret = null }, Actor.Operator, "test", Cancel)).Keys);
        Assert.Equal(["own"], (await Editing.SaveAsync(Changed("imap") with { ComparedCertificate = Changed("imap").Own!.TrustedCertificate }, Actor.Operator, "test", Cancel)).Keys); // that it is trusted leads nowhere else
        Assert.Equal(["certificateTrust"], (await Editing.SaveAsync(rotated with { Secret = null, ComparedCertificate = new string('e', 64) }, Actor.Operator, "test", Cancel)).Keys); // that was another one
        Assert.Empty(await Editing.SaveAsync(rotated with { Secret = null, ComparedCertificate = rotated.Own!.TrustedCertificate!.ToLowerInvariant() }, Actor.Operator, "test", Cancel));

        var fingerprint = rotated.Own!.TrustedCertificate;
        var mailbox = await _store.Store.ReadAsync(db => db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == mailboxId, Cancel), Cancel);
        Assert.Equal((fingerprint, fingerprint), (mailbox.Imap.TrustedCertificate, mailbox.Smtp.TrustedCertificate));
        Assert.Equal(1, await _store.Store.ReadAsync(db => db.ConnectedAccounts.CountAsync(a => a.MailboxId == mailboxId, Cancel), Cancel));
        Assert.True((await Editing.FindAsync(Cancel)).IsUsable); // the secret is still there
        var kinds = await _store.Store.ReadAsync(db => db.Activity.Where(a => a.Changes.Contains(fingerprint!)).OrderBy(a => a.Sequence).Select(a => a.Kind).ToListAsync(Cancel), Cancel);
        Assert.Equal([ActivityKind.MailboxChanged, ActivityKind.Microsoft365SettingsChanged], kinds.Order());
    }

    [Fact]
    public async Task Who_came_back_with_an_administrators_consent_is_on_record_once()
    {
        var personId = await _store.Store.PersonIdAsync(Cancel);
        var link = await _store.Get<AccountConnecting>().ConsentLinkAsync(ConnectedStore.Redirect, Cancel);
        Callback back = new(QueryHelpers.ParseQuery(link!.Query)["state"].ToString(), null, null, null, "True", EntraServer.Tenant, null);
        foreach (var by in new[] { Actor.User(personId, "203.0.113.9"), Actor.User(personId, "203.0.113.9"), Actor.System with { Address = "198.51.100.7" }, Actor.System })
        {
            Assert.Equal(ConnectEnd.ConsentGiven, (await _store.Get<AccountConnecting>().FinishAsync(back with { By = by }, "", Cancel)).End);
        }

        await _store.Get<AccountConnecting>().FinishAsync(back with { AdminConsent = "False", By = Actor.System }, "", Cancel);
        var entries = await _store.Store.ReadAsync(db => db.Activity.Where(a => a.Kind == ActivityKind.Microsoft365Consented).OrderBy(a => a.Sequence).ToListAsync(Cancel), Cancel);
        Assert.Equal([(personId, "203.0.113.9"), (null, "198.51.100.7")], entries.Select(entry => (entry.ActorUserId, entry.Address)));
        Assert.Empty(await Editing.SaveAsync(office.Registration with { Tenant = "organizations" }, Actor.Operator, "test", Cancel));
        link = await _store.Get<AccountConnecting>().ConsentLinkAsync(ConnectedStore.Redirect, Cancel);
        back = back with { State = QueryHelpers.ParseQuery(link!.Query)["state"].ToString() };
        for (var i = 0; i < 40; i++)
        {
            await _store.Get<AccountConnecting>().FinishAsync(back with { Tenant = new Guid(1 + (i / 2), 0, 0, new byte[8]).ToString(), By = Actor.System }, "", Cancel); // by whoever has the address, of another tenant each
        }

        Assert.Equal(1 + 20, await _store.Store.ReadAsync(db => db.Activity.CountAsync(a => a.Kind == ActivityKind.Microsoft365Consented, Cancel), Cancel));
        Assert.All(entries, entry => Assert.Equal($$"""{"tenant":[null,"{{EntraServer.Tenant}}"],"clientId":[null,"{{EntraServer.ClientId}}"]}""", entry.Changes));
    }

    [Fact]
    public async Task Once_the_mailbox_is_removed_the_addresses_may_change_and_nothing_that_was_begun_before_is_shown_to_them()
    {
        var mailboxId = await _store.AddAsync("freed@example.test", Cancel);
        await _store.Get<MailboxRemoval>().RemoveAsync(mailboxId, erase: false, Actor.Operator, "test", Cancel);
        await _store.ConnectAsync("unsaved@example.test", Cancel);
        var begun = office.Entra.LogIn((await _store.StartAsync("begun@example.test", Cancel))!, "begun@example.test");

        Assert.Empty(await Editing.SaveAsync(Changed("imap"), Actor.Operator, "test", Cancel));

        Assert.Equal(0, await _store.Store.ReadAsync(db => db.ConnectedAccounts.CountAsync(Cancel), Cancel));
        Assert.Equal(ConnectEnd.NotExpected, (await _store.Get<AccountConnecting>().FinishAsync(begun, ConnectedStore.Session, Cancel)).End);
    }

    [Fact]
    public async Task The_check_names_what_is_well_and_what_nobody_can_tell_from_here()
    {
        var findings = await CheckAsync();

        Assert.Equal(
            [(CheckState.Good, CheckText.App), (CheckState.Good, CheckText.Redirect), (CheckState.Open, CheckText.ConsentOpen), (CheckState.Open, CheckText.EndOpen)],
            findings.Select(finding => (finding.State, finding.Text)));
        Assert.DoesNotContain(EntraServer.Secret, string.Concat(findings.Select(finding => finding.Text)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_check_finds_a_redirect_address_that_is_not_registered()
    {
        office.Entra.UnknownRedirects[ConnectedStore.Redirect] = 0;

        var finding = (await CheckAsync())[1];

        Assert.Equal((CheckState.Bad, "AADSTS50011"), (finding.State, finding.Cause?.Code));
    }

    [Fact]
    public async Task The_check_remembers_the_administrator_who_agreed_and_takes_a_mailbox_that_renews_for_proof()
    {
        await _store.AddAsync("proof@example.test", Cancel);
        Assert.Contains("proof@example.test", await ConsentAsync(CheckState.Good), StringComparison.Ordinal);

        var link = await _store.Get<AccountConnecting>().ConsentLinkAsync(ConnectedStore.Redirect, Cancel);
        await _store.Get<AccountConnecting>().FinishAsync(new Callback(QueryHelpers.ParseQuery(link!.Query)["state"].ToString(), null, null, null, "True", EntraServer.Tenant, null), "", Cancel);
        Assert.Contains("An administrator agreed for everybody", await ConsentAsync(CheckState.Good), StringComparison.Ordinal);

        await ChangeAsync(db => db.ConnectedAccounts.ExecuteUpdateAsync(set => set.SetProperty(a => a.Problem, "AADSTS65001"), Cancel));
        Assert.Contains("AADSTS65001", await ConsentAsync(CheckState.Bad), StringComparison.Ordinal);

        async Task<string> ConsentAsync(CheckState state) => (await CheckAsync())[2] is var finding && finding.State == state ? finding.Text : "";
    }

    [Fact]
    public async Task The_check_names_what_the_app_itself_lacks_and_what_it_was_given_too_widely()
    {
        const string Address = "app@example.test";
        var mailboxId = await _store.AddApplicationAsync(Address, Cancel);
        (office.Entra.Rights.Roles["outlook.office.com"], office.Entra.Rights.Roles["/graph"]) = (["IMAP.AccessAsApp"], ["Mail.Send"]);

        var findings = await CheckAsync();

        Assert.Contains(findings, finding => finding.State is CheckState.Bad && finding.Text.Contains("lacks SMTP.SendAsApp:", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.State is CheckState.Open && finding.Text.Contains("given Mail.Send of Microsoft Graph in Entra. That opens every mailbox", StringComparison.Ordinal));
        Assert.Equal(CheckState.Open, Graph(findings).State); // it sends through the mail server

        await ChangeAsync(db => db.Mailboxes.Where(m => m.Id == mailboxId).ExecuteUpdateAsync(set => set.SetProperty(m => m.SendsByGraph, true), Cancel));
        Assert.Equal(CheckState.Bad, Graph(await CheckAsync()).State);
    }

    [Fact]
    public async Task The_check_asks_Graph_about_the_mailbox_since_no_token_names_what_Exchange_gave_the_app()
    {
        const string Address = "scoped@example.test";
        await _store.AddApplicationAsync(Address, Cancel);
        office.Entra.Rights.Roles["/graph"] = [];
        (office.Entra.Rights.InExchange[$"Mail.Send {Address}"], office.Entra.Rights.InExchange[$"Mail.ReadWrite {Address}"]) = (0, 0);

        var findings = await CheckAsync();

        Assert.Equal(CheckState.Good, Graph(findings).State);
        Assert.DoesNotContain(findings, finding => finding.State is CheckState.Bad || finding.Text.Contains("every mailbox", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("organizations", 9001023, CheckState.Open)]
    [InlineData("common", 50194, CheckState.Open)]
    [InlineData("organizations", 700016, CheckState.Open)]
    [InlineData("organizations", 7000215, CheckState.Bad)]
    public async Task Where_no_directory_is_named_a_refusal_of_the_app_alone_is_no_fault_unless_it_is_of_the_secret(string tenant, int code, CheckState state)
    {
        office.Entra.IsMultiTenant = true;
        office.Entra.TokenRefusals["client_credentials"] = new EntraRefusal("invalid_request", code);
        Assert.Empty(await Editing.SaveAsync(office.Registration with { Tenant = tenant }, Actor.Operator, "test", Cancel));

        var findings = await CheckAsync();

        Assert.Equal(state, findings[0].State);
        if (state is CheckState.Open)
        {
            Assert.Contains(tenant, findings[0].Text, StringComparison.Ordinal);
            Assert.Equal((CheckState.Good, CheckText.Redirect), (findings[1].State, findings[1].Text)); // the login knows the app
            Assert.DoesNotContain(findings, finding => finding.State is CheckState.Bad);
        }
    }

    [Fact]
    public async Task Another_app_is_warned_of_first_and_then_named_at_each_mailbox_as_the_cause()
    {
        var accountId = await _store.Get<AccountTokens>().AccountOfAsync(await _store.AddAsync("first@example.test", Cancel), Cancel);
        await _store.AddAsync("second@example.test", Cancel);
        await _store.AddApplicationAsync("app@example.test", Cancel); // which nobody signs in for
        var other = office.Registration with { ClientId = Guid.NewGuid().ToString() };

        Assert.StartsWith("2 mailboxes are connected", Assert.Single((await Editing.SaveAsync(other, Actor.Operator, "test", Cancel))["signIns"]), StringComparison.Ordinal);
        Assert.Equal(EntraServer.ClientId, (await Editing.FindAsync(Cancel)).Settings.ClientId);
        Assert.Empty(await Editing.SaveAsync(other with { EndsSignIns = true }, Actor.Operator, "test", Cancel));
        Assert.Contains("Another app (client id)", await RefusalAsync(), StringComparison.Ordinal);
        Assert.Empty(await Editing.SaveAsync(other with { Secret = null, ExpiresAt = TimeProvider.System.GetUtcNow().AddYears(1) }, Actor.Operator, "test", Cancel));
        Assert.Contains("Another app (client id)", await RefusalAsync(), StringComparison.Ordinal); // it was asked again meanwhile

        Assert.Empty(await Editing.SaveAsync(office.Registration with { EndsSignIns = true }, Actor.Operator, "test", Cancel));
        await ChangeAsync(db => db.ConnectedAccounts.ExecuteUpdateAsync(set => set.SetProperty(a => a.ProblemAt, (DateTimeOffset?)null), Cancel));
        Assert.NotEmpty(await _store.Get<AccountTokens>().GetAsync(accountId, TokenFor.Mail, Cancel));

        async Task<string> RefusalAsync() => (await Assert.ThrowsAsync<Core.Connections.MailConnectionException>(() => _store.Get<AccountTokens>().GetAsync(accountId, TokenFor.Mail, Cancel))).Message;
    }

    [Theory]
    [InlineData(100, CheckState.Good, null)]
    [InlineData(20, CheckState.Bad, SecretUrgency.Month)]
    [InlineData(5, CheckState.Bad, SecretUrgency.Week)]
    [InlineData(0.5, CheckState.Bad, SecretUrgency.Day)]
    [InlineData(-1, CheckState.Bad, SecretUrgency.Ended)]
    public async Task How_soon_the_secret_ends_is_said_in_steps(double days, CheckState state, SecretUrgency? urgency)
    {
        var endsAt = TimeProvider.System.GetUtcNow().AddDays(days);
        Assert.Empty(await Editing.SaveAsync(office.Registration with { ExpiresAt = endsAt }, Actor.Operator, "test", Cancel));

        Assert.Equal(state, (await CheckAsync())[^1].State);
        Assert.Equal(urgency, (await _store.Get<SecretWarnings>().FindAsync(Cancel))?.Urgency);
    }

    [Fact]
    public async Task A_new_secret_wants_a_new_day_unless_a_person_says_that_it_ends_on_the_same()
    {
        var ends = office.Registration with { ExpiresAt = TimeProvider.System.GetUtcNow().AddDays(3) };
        Assert.Empty(await Editing.SaveAsync(ends, Actor.Operator, "test", Cancel));

        Assert.Equal(["expiresAt"], (await Editing.SaveAsync(ends, Actor.Operator, "test", Cancel)).Keys);
        Assert.Empty(await Editing.SaveAsync(ends with { EndsAlike = true }, Actor.Operator, "test", Cancel)); // its id had been pasted in place of its value
        Assert.Empty(await Editing.SaveAsync(ends with { ExpiresAt = ends.ExpiresAt!.Value.AddYears(2) }, Actor.Operator, "test", Cancel));
    }

    private static CheckFinding Graph(IEnumerable<CheckFinding> findings) => findings.Single(finding => finding.Text.StartsWith("Microsoft Graph ", StringComparison.Ordinal));

    private Task ChangeAsync(Func<Core.Data.EnneoDbContext, Task> change) => _store.Get<Core.Data.WriterLane>().RunAsync((db, _) => change(db), Cancel);

    private Task<IReadOnlyList<CheckFinding>> CheckAsync() => _store.Get<RegistrationCheck>().RunAsync(ConnectedStore.Redirect, Cancel);

    private Microsoft365Input Changed(string field)
    {
        var own = office.Registration.Own!;
        return field is "cloud" ? office.Registration with { Cloud = Cloud.Global, Own = null } : office.Registration with
        {
            Own = field switch
            {
                "imap" => own with { Imap = "evil.test:993" },
                "smtp" => own with { Smtp = "evil.test:587" },
                "graph" => own with { Graph = "https://evil.test" },
                "authority" => own with { Authority = "https://evil.test" },
                _ => own with { TrustedCertificate = new string('A', 64) },
            },
        };
    }
}
