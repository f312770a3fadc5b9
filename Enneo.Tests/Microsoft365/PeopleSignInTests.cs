using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Identity.Factors;
using Enneo.Core.Microsoft365;
using Enneo.Tests.Shell;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Microsoft365;

/// <summary>People sign in here by Microsoft: who is linked, and nobody else unless that was said.</summary>
public sealed class PeopleSignInTests : IAsyncLifetime
{
    private readonly PeopleHouse _house = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _house.InitializeAsync();

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task Who_linked_their_account_signs_in_by_it_and_an_address_alone_opens_nothing()
    {
        await _house.SaveAsync(new PeopleLogins(IsOn: true));
        EntraPerson anna = new("anna.entra@example.test", Guid.NewGuid());
        _house.Entra.Add(anna);

        using (WebVisitor stranger = new(_house.App.Address))
        {
            Assert.StartsWith("/microsoft365/done?end=Refused", await _house.ComeBackAsync(stranger, "/sign-in/microsoft", anna.Address), StringComparison.Ordinal);
            Assert.StartsWith("/microsoft365/done?end=Refused", await _house.ComeBackAsync(stranger, "/sign-in/microsoft", EnneoStore.PersonEmail), StringComparison.Ordinal); // another's address
            Assert.False(await PeopleHouse.IsInAsync(stranger));
        }

        using (var owner = await _house.SignedInAsync())
        {
            Assert.Equal("/account?done=microsoft", await _house.ComeBackAsync(owner, "/account/microsoft", anna.Address));
        }

        using WebVisitor visitor = new(_house.App.Address);
        using var page = await visitor.GetAsync("/sign-in");
        Assert.Contains("data-sign-in-microsoft", await page.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal("/settings/people", await _house.ComeBackAsync(visitor, "/sign-in/microsoft?returnUrl=%2Fsettings%2Fpeople", anna.Address));
        Assert.True(await PeopleHouse.IsInAsync(visitor));
        Assert.Contains(await ActivityAsync(ActivityKind.UserSignedIn), entry => entry.Changes.Contains("Microsoft", StringComparison.Ordinal));

        _house.Entra.Add(anna with { ObjectId = Guid.NewGuid() }); // the address belongs to somebody else now
        using WebVisitor heir = new(_house.App.Address);
        Assert.StartsWith("/microsoft365/done?end=Refused", await _house.ComeBackAsync(heir, "/sign-in/microsoft", anna.Address), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_counts_once_and_in_the_browser_that_asked()
    {
        await _house.SaveAsync(new PeopleLogins(IsOn: true, LetsTenantIn: true));
        using WebVisitor visitor = new(_house.App.Address);
        var answer = await _house.AnswerAsync(visitor, "/sign-in/microsoft?returnUrl=%2F%2Fevil.test", "carla@example.test");

        using WebVisitor other = new(_house.App.Address);
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
        await _house.SaveAsync(new PeopleLogins(IsOn: true, LetsTenantIn: true, AdminRole: "Enneo.Admin"));
        EntraPerson dora = new("dora@example.test", Guid.NewGuid());
        _house.Entra.Add(dora);
        using WebVisitor visitor = new(_house.App.Address);

        Assert.Equal("/", await _house.ComeBackAsync(visitor, "/sign-in/microsoft", dora.Address));
        Assert.Equal((Roles.Agent, 0), await RoleAsync());

        _house.Entra.Add(dora with { Roles = ["Enneo.Admin"] });
        Assert.Equal("/", await _house.ComeBackAsync(visitor, "/sign-in/microsoft", dora.Address));
        Assert.Equal((Roles.Admin, 0), await RoleAsync());

        _house.Entra.Add(dora);
        Assert.Equal("/", await _house.ComeBackAsync(visitor, "/sign-in/microsoft", dora.Address));
        Assert.Equal((Roles.Agent, 0), await RoleAsync());

        await _house.App.Get<PeopleEditing>().DisableAsync((await PersonAsync()).Id, Actor.Operator, "test", Cancel);
        Assert.StartsWith("/microsoft365/done?end=Refused", await _house.ComeBackAsync(visitor, "/sign-in/microsoft", dora.Address), StringComparison.Ordinal);
        _house.Entra.Add(new EntraPerson(EnneoStore.PersonEmail, Guid.NewGuid())); // who is here already links it, with their password
        Assert.StartsWith("/microsoft365/done?end=Refused", await _house.ComeBackAsync(visitor, "/sign-in/microsoft", EnneoStore.PersonEmail), StringComparison.Ordinal);

        async Task<Person> PersonAsync() => (await _house.App.Get<Accounts>().ListAsync(Cancel)).Single(person => person.Email == dora.Address);

        async Task<(string, int)> RoleAsync() => await PersonAsync() is var person ? (person.Role, person.MailboxIds.Count) : default;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reset_of_the_password_or_the_second_step_closes_this_door_too(bool isOfPassword)
    {
        await _house.SaveAsync(new PeopleLogins(IsOn: true));
        EntraPerson anna = new("anna.entra@example.test", Guid.NewGuid());
        _house.Entra.Add(anna);
        using (var owner = await _house.SignedInAsync())
        {
            await _house.ComeBackAsync(owner, "/account/microsoft", anna.Address);
        }

        var people = _house.App.Get<Accounts>();
        if (isOfPassword)
        {
            Assert.True((await people.ResetAsync(EnneoStore.PersonEmail, "rote Lampen im Wind", Actor.Operator, "test", Cancel)).Succeeded);
        }
        else
        {
            await _house.App.Get<FactorReset>().RunAsync((await people.FindAsync(EnneoStore.PersonEmail, Cancel))!.Value, Actor.Operator, "test", Cancel);
        }

        using WebVisitor visitor = new(_house.App.Address);
        Assert.StartsWith("/microsoft365/done?end=Refused", await _house.ComeBackAsync(visitor, "/sign-in/microsoft", anna.Address), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_an_admin_is_said_by_our_tenant_only_and_it_must_be_named_by_its_id()
    {
        PeopleLogins people = new(IsOn: true, AdminRole: "Enneo.Admin");
        var errors = await _house.App.Get<Microsoft365SettingsEditing>().SaveAsync(_house.Registration(people) with { Tenant = "organizations" }, Actor.Operator, "test", Cancel);
        Assert.Equal(["people"], errors.Keys);
        await _house.SaveAsync(people);

        Assert.Equal("Enneo.Admin", (await RightsAsync(EntraServer.Tenant)).AdminRole);
        Assert.Equal("", (await RightsAsync(Guid.NewGuid().ToString())).AdminRole);

        Task<PeopleLogins> RightsAsync(string tenant) =>
            _house.App.Get<PeopleSignIn>().SettingsForAsync(new MicrosoftPerson(tenant, Guid.NewGuid().ToString(), "eve@example.test", "Eve", ["Enneo.Admin"]), Cancel);
    }

    [Fact]
    public async Task Signing_in_by_Microsoft_is_no_proof_and_one_that_was_asked_for_is()
    {
        const string Connect = "/settings/microsoft365/connect?form=a&address=a%40example.test";
        const string Proof = "/account/confirm/microsoft?returnUrl=%2Fsettings%2Fpeople";
        await _house.SaveAsync(new PeopleLogins(IsOn: true));
        EntraPerson anna = new("anna.entra@example.test", Guid.NewGuid());
        _house.Entra.Add(anna);
        using (var owner = await _house.SignedInAsync())
        {
            await _house.ComeBackAsync(owner, "/account/microsoft", anna.Address);
        }

        using WebVisitor visitor = new(_house.App.Address);
        await _house.ComeBackAsync(visitor, "/sign-in/microsoft", anna.Address);
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
            _house.Entra.ProvedAt = provedAt;
            Assert.StartsWith("/microsoft365/done?end=Refused", await _house.ComeBackAsync(visitor, Proof, person), StringComparison.Ordinal);
            Assert.False(await IsProvenAsync());
        }

        foreach (var minutes in new[] { 0, -10, 10 }) // Microsoft's clock and ours need not agree
        {
            _house.Entra.Skew = TimeSpan.FromMinutes(minutes);
            _house.Entra.ProvedAt = TimeProvider.System.GetUtcNow() + _house.Entra.Skew;
            Assert.Equal("/settings/people", await _house.ComeBackAsync(visitor, Proof, anna.Address));
        }

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
        Assert.DoesNotContain(await _house.App.Get<Accounts>().ListAsync(Cancel), person => person.Email == dora.Address);

        await ChangeAsync("DROP TRIGGER no_logins");
        var id = (await LetInAsync())!.Value;

        Assert.Equal(("dora@example.test", true), (await _house.App.Get<FactorQueries>().OfAllAsync(Cancel))[id] is var factors ? (factors.MicrosoftAs, factors.HasMicrosoftOnly) : default);
        Assert.Null(await _house.App.Get<PasswordCheck>().FindAsync(dora.Address, "", Cancel));

        Task<long?> LetInAsync() => _house.App.Get<PeopleLinks>().FindAsync(dora, letsTenantIn: true, adminRole: "", "test", Cancel);

        Task ChangeAsync(string sql) => _house.App.Get<WriterLane>().RunAsync((db, token) => db.Database.ExecuteSqlRawAsync(sql, token), Cancel);
    }

    [Fact]
    public async Task Switched_off_it_leads_back_to_the_password()
    {
        await _house.SaveAsync(new PeopleLogins());
        using WebVisitor visitor = new(_house.App.Address);

        using var start = await visitor.GetAsync("/sign-in/microsoft");

        Assert.Equal("/sign-in", start.Headers.Location!.ToString());
    }

    private async Task<List<ActivityEntry>> ActivityAsync(ActivityKind kind)
    {
        await using var db = await _house.App.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        return await db.Activity.Where(entry => entry.Kind == kind).ToListAsync(Cancel);
    }
}
