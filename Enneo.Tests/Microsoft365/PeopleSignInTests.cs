using System.Net;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Identity.Factors;
using Enneo.Core.Microsoft365;
using Enneo.Tests.Servers;
using Enneo.Tests.Shell;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Microsoft365;

/// <summary>People sign in here by Microsoft: who is linked, and nobody else unless that was said.</summary>
public sealed class PeopleSignInTests : IAsyncLifetime
{
    private readonly TestCertificate _certificate = new();
    private readonly EnneoApp _app = new();
    private readonly EntraServer _entra;

    public PeopleSignInTests() => _entra = new EntraServer(_certificate);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _entra.StartAsync();
        await _app.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _entra.DisposeAsync();
        _certificate.Dispose();
    }

    [Fact]
    public async Task Who_linked_their_account_signs_in_by_it_and_an_address_alone_opens_nothing()
    {
        await SaveAsync(new PeopleLogins(IsOn: true));
        EntraPerson anna = new("anna.entra@example.test", Guid.NewGuid());
        _entra.Add(anna);

        using (WebVisitor stranger = new(_app.Address))
        {
            Assert.StartsWith("/microsoft365/done?end=Refused", await ComeBackAsync(stranger, "/sign-in/microsoft", anna.Address), StringComparison.Ordinal);
            Assert.StartsWith("/microsoft365/done?end=Refused", await ComeBackAsync(stranger, "/sign-in/microsoft", EnneoStore.PersonEmail), StringComparison.Ordinal); // another's address
            Assert.False(await IsInAsync(stranger));
        }

        using (var owner = await SignedInAsync())
        {
            Assert.Equal("/account?done=microsoft", await ComeBackAsync(owner, "/account/microsoft", anna.Address));
        }

        using WebVisitor visitor = new(_app.Address);
        using var page = await visitor.GetAsync("/sign-in");
        Assert.Contains("data-sign-in-microsoft", await page.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal("/settings/people", await ComeBackAsync(visitor, "/sign-in/microsoft?returnUrl=%2Fsettings%2Fpeople", anna.Address));
        Assert.True(await IsInAsync(visitor));
        Assert.Contains(await ActivityAsync(ActivityKind.UserSignedIn), entry => entry.Changes.Contains("Microsoft", StringComparison.Ordinal));

        _entra.Add(anna with { ObjectId = Guid.NewGuid() }); // the address belongs to somebody else now
        using WebVisitor heir = new(_app.Address);
        Assert.StartsWith("/microsoft365/done?end=Refused", await ComeBackAsync(heir, "/sign-in/microsoft", anna.Address), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_counts_once_and_in_the_browser_that_asked()
    {
        await SaveAsync(new PeopleLogins(IsOn: true, LetsTenantIn: true));
        using WebVisitor visitor = new(_app.Address);
        var answer = await AnswerAsync(visitor, "/sign-in/microsoft?returnUrl=%2F%2Fevil.test", "carla@example.test");

        using WebVisitor other = new(_app.Address);
        using var elsewhere = await other.GetAsync(answer);
        Assert.StartsWith("/microsoft365/done?end=NotExpected", elsewhere.Headers.Location!.ToString(), StringComparison.Ordinal);
        using var first = await visitor.GetAsync(answer);
        Assert.Equal("/", first.Headers.Location!.ToString());
        using var second = await visitor.GetAsync(answer);
        Assert.StartsWith("/microsoft365/done?end=NotExpected", second.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_tenant_is_let_in_a_newcomer_sees_no_mailbox_and_the_role_is_what_Microsoft_says()
    {
        await SaveAsync(new PeopleLogins(IsOn: true, LetsTenantIn: true, AdminRole: "Enneo.Admin"));
        EntraPerson dora = new("dora@example.test", Guid.NewGuid());
        _entra.Add(dora);
        using WebVisitor visitor = new(_app.Address);

        Assert.Equal("/", await ComeBackAsync(visitor, "/sign-in/microsoft", dora.Address));
        Assert.Equal((Roles.Agent, 0), await RoleAsync());

        _entra.Add(dora with { Roles = ["Enneo.Admin"] });
        Assert.Equal("/", await ComeBackAsync(visitor, "/sign-in/microsoft", dora.Address));
        Assert.Equal((Roles.Admin, 0), await RoleAsync());

        _entra.Add(dora);
        Assert.Equal("/", await ComeBackAsync(visitor, "/sign-in/microsoft", dora.Address));
        Assert.Equal((Roles.Agent, 0), await RoleAsync());

        await _app.Get<PeopleEditing>().DisableAsync((await PersonAsync()).Id, Actor.Operator, "test", Cancel);
        Assert.StartsWith("/microsoft365/done?end=Refused", await ComeBackAsync(visitor, "/sign-in/microsoft", dora.Address), StringComparison.Ordinal);
        _entra.Add(new EntraPerson(EnneoStore.PersonEmail, Guid.NewGuid())); // who is here already links it, with their password
        Assert.StartsWith("/microsoft365/done?end=Refused", await ComeBackAsync(visitor, "/sign-in/microsoft", EnneoStore.PersonEmail), StringComparison.Ordinal);

        async Task<Person> PersonAsync() => (await _app.Get<Accounts>().ListAsync(Cancel)).Single(person => person.Email == dora.Address);

        async Task<(string, int)> RoleAsync() => await PersonAsync() is var person ? (person.Role, person.MailboxIds.Count) : default;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reset_of_the_password_or_the_second_step_closes_this_door_too(bool isOfPassword)
    {
        await SaveAsync(new PeopleLogins(IsOn: true));
        EntraPerson anna = new("anna.entra@example.test", Guid.NewGuid());
        _entra.Add(anna);
        using (var owner = await SignedInAsync())
        {
            await ComeBackAsync(owner, "/account/microsoft", anna.Address);
        }

        var people = _app.Get<Accounts>();
        if (isOfPassword)
        {
            Assert.True((await people.ResetAsync(EnneoStore.PersonEmail, "rote Lampen im Wind", Actor.Operator, "test", Cancel)).Succeeded);
        }
        else
        {
            await _app.Get<FactorReset>().RunAsync((await people.FindAsync(EnneoStore.PersonEmail, Cancel))!.Value, Actor.Operator, "test", Cancel);
        }

        using WebVisitor visitor = new(_app.Address);
        Assert.StartsWith("/microsoft365/done?end=Refused", await ComeBackAsync(visitor, "/sign-in/microsoft", anna.Address), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_an_admin_is_said_by_our_tenant_only_and_it_must_be_named_by_its_id()
    {
        PeopleLogins people = new(IsOn: true, AdminRole: "Enneo.Admin");
        var errors = await _app.Get<Microsoft365SettingsEditing>().SaveAsync(Registration(people) with { Tenant = "organizations" }, Actor.Operator, "test", Cancel);
        Assert.Equal(["people"], errors.Keys);
        await SaveAsync(people);

        Assert.Equal("Enneo.Admin", (await RightsAsync(EntraServer.Tenant)).AdminRole);
        Assert.Equal("", (await RightsAsync(Guid.NewGuid().ToString())).AdminRole);

        Task<PeopleLogins> RightsAsync(string tenant) =>
            _app.Get<PeopleSignIn>().SettingsForAsync(new MicrosoftPerson(tenant, Guid.NewGuid().ToString(), "eve@example.test", "Eve", ["Enneo.Admin"]), Cancel);
    }

    [Fact]
    public async Task Signing_in_by_Microsoft_is_no_proof_and_one_that_was_asked_for_is()
    {
        const string Connect = "/settings/microsoft365/connect?form=a&address=a%40example.test";
        const string Proof = "/account/confirm/microsoft?returnUrl=%2Fsettings%2Fpeople";
        await SaveAsync(new PeopleLogins(IsOn: true));
        EntraPerson anna = new("anna.entra@example.test", Guid.NewGuid());
        _entra.Add(anna);
        using (var owner = await SignedInAsync())
        {
            await ComeBackAsync(owner, "/account/microsoft", anna.Address);
        }

        using WebVisitor visitor = new(_app.Address);
        await ComeBackAsync(visitor, "/sign-in/microsoft", anna.Address);
        Assert.False(await IsProvenAsync());
        using (var page = await visitor.GetAsync("/account/confirm"))
        {
            Assert.Contains("data-proof-microsoft", await page.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }

        using (var login = await visitor.GetAsync(Proof))
        {
            var asked = QueryHelpers.ParseQuery(login.Headers.Location!.Query);
            Assert.Equal(("login", "0"), (asked["prompt"].ToString(), asked["max_age"].ToString()));
        }

        foreach (var (person, provedAt) in new (string, DateTimeOffset?)[] { (anna.Address, null), (anna.Address, TimeProvider.System.GetUtcNow().AddHours(-1)), ("eve@example.test", TimeProvider.System.GetUtcNow()) })
        {
            _entra.ProvedAt = provedAt;
            Assert.StartsWith("/microsoft365/done?end=Refused", await ComeBackAsync(visitor, Proof, person), StringComparison.Ordinal);
            Assert.False(await IsProvenAsync());
        }

        _entra.ProvedAt = TimeProvider.System.GetUtcNow();
        Assert.Equal("/settings/people", await ComeBackAsync(visitor, Proof, anna.Address));
        Assert.True(await IsProvenAsync());

        async Task<bool> IsProvenAsync()
        {
            using var answer = await visitor.GetAsync(Connect);
            return !answer.Headers.Location!.ToString().StartsWith("/account/confirm", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Somebody_who_cannot_be_linked_is_not_let_in_by_half_and_who_is_let_in_has_no_password()
    {
        MicrosoftPerson dora = new(EntraServer.Tenant, Guid.NewGuid().ToString(), "dora@example.test", "Dora", []);
        await ChangeAsync("CREATE TRIGGER no_logins BEFORE INSERT ON AspNetUserLogins BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END");
        await Assert.ThrowsAnyAsync<Exception>(() => LetInAsync());
        Assert.DoesNotContain(await _app.Get<Accounts>().ListAsync(Cancel), person => person.Email == dora.Address);

        await ChangeAsync("DROP TRIGGER no_logins");
        var id = (await LetInAsync())!.Value;

        Assert.Equal(("dora@example.test", true), (await _app.Get<FactorQueries>().OfAllAsync(Cancel))[id] is var factors ? (factors.MicrosoftAs, factors.HasMicrosoftOnly) : default);
        Assert.Null(await _app.Get<PasswordCheck>().FindAsync(dora.Address, "", Cancel));

        Task<long?> LetInAsync() => _app.Get<PeopleLinks>().FindAsync(dora, letsTenantIn: true, adminRole: "", "test", Cancel);

        Task ChangeAsync(string sql) => _app.Get<WriterLane>().RunAsync((db, token) => db.Database.ExecuteSqlRawAsync(sql, token), Cancel);
    }

    [Fact]
    public async Task Switched_off_it_leads_back_to_the_password()
    {
        await SaveAsync(new PeopleLogins());
        using WebVisitor visitor = new(_app.Address);

        using var start = await visitor.GetAsync("/sign-in/microsoft");

        Assert.Equal("/sign-in", start.Headers.Location!.ToString());
    }

    private Microsoft365Input Registration(PeopleLogins people) => new()
    {
        Tenant = EntraServer.Tenant,
        ClientId = EntraServer.ClientId,
        Secret = EntraServer.Secret,
        Cloud = Cloud.Own,
        Own = new CloudAddresses(_entra.Address, $"{_entra.Address}/graph", "https://outlook.office.com", "https://outlook.office365.com", "localhost:993", "localhost:587", _certificate.Fingerprint),
        People = people,
    };

    private async Task SaveAsync(PeopleLogins people) =>
        Assert.Empty(await _app.Get<Microsoft365SettingsEditing>().SaveAsync(Registration(people), Actor.Operator, "test", Cancel));

    private async Task<WebVisitor> SignedInAsync()
    {
        WebVisitor visitor = new(_app.Address);
        using var answer = await visitor.SignInAsync(EnneoStore.PersonEmail, EnneoStore.PersonPassword);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return visitor;
    }

    /// <returns>Where Microsoft sends somebody who signs in there.</returns>
    private async Task<string> AnswerAsync(WebVisitor visitor, string start, string person)
    {
        using var login = await visitor.GetAsync(start);
        Assert.StartsWith(_entra.Address, login.Headers.Location!.ToString(), StringComparison.Ordinal);
        var query = QueryHelpers.ParseQuery(login.Headers.Location.Query);
        return new Uri(_entra.Back(query["redirect_uri"].ToString(), query["state"].ToString(), query["code_challenge"].ToString(), person)).PathAndQuery;
    }

    /// <returns>Where we send them on.</returns>
    private async Task<string> ComeBackAsync(WebVisitor visitor, string start, string person)
    {
        using var back = await visitor.GetAsync(await AnswerAsync(visitor, start, person));
        return back.Headers.Location!.ToString();
    }

    private static async Task<bool> IsInAsync(WebVisitor visitor)
    {
        using var page = await visitor.GetAsync("/account");
        return page.StatusCode is HttpStatusCode.OK;
    }

    private async Task<List<ActivityEntry>> ActivityAsync(ActivityKind kind)
    {
        await using var db = await _app.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        return await db.Activity.Where(entry => entry.Kind == kind).ToListAsync(Cancel);
    }
}
