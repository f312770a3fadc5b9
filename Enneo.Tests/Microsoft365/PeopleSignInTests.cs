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
[Collection(PeopleCollection.Name)]
public sealed class PeopleSignInTests(PeopleHouse house) : IDisposable
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => (house.Entra.ProvedAt, house.Entra.Skew) = (null, TimeSpan.Zero);

    [Fact]
    [Trait("Check", "OA17")]
    public async Task Who_linked_their_account_signs_in_by_it_and_an_address_alone_opens_nothing()
    {
        await house.SaveAsync(new PeopleLogins(IsOn: true));
        var (_, email, anna) = await house.AddPersonAsync();

        using (WebVisitor stranger = new(house.App.Address))
        {
            Assert.StartsWith("/microsoft365/done?end=Refused", await house.ComeBackAsync(stranger, "/sign-in/microsoft", anna.Address), StringComparison.Ordinal);
            Assert.StartsWith("/microsoft365/done?end=Refused", await house.ComeBackAsync(stranger, "/sign-in/microsoft", email), StringComparison.Ordinal); // another's address
            Assert.False(await PeopleHouse.IsInAsync(stranger));
        }

        using (var owner = await house.SignedInAsync(email))
        {
            Assert.Equal("/account?done=microsoft", await house.ComeBackAsync(owner, "/account/microsoft", anna.Address));
        }

        using WebVisitor visitor = new(house.App.Address);
        using var page = await visitor.GetAsync("/sign-in");
        Assert.Contains("data-sign-in-microsoft", await page.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal("/settings/people", await house.ComeBackAsync(visitor, "/sign-in/microsoft?returnUrl=%2Fsettings%2Fpeople", anna.Address));
        Assert.True(await PeopleHouse.IsInAsync(visitor));
        Assert.Contains(await ActivityAsync(ActivityKind.UserSignedIn), entry => entry.Changes.Contains("Microsoft", StringComparison.Ordinal));

        house.Entra.Add(anna with { ObjectId = Guid.NewGuid() }); // the address belongs to somebody else now
        using WebVisitor heir = new(house.App.Address);
        Assert.StartsWith("/microsoft365/done?end=Refused", await house.ComeBackAsync(heir, "/sign-in/microsoft", anna.Address), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Check", "OA01")]
    [Trait("Check", "OA06")]
    public async Task An_answer_counts_once_and_in_the_browser_that_asked()
    {
        await house.SaveAsync(new PeopleLogins(IsOn: true, LetsTenantIn: true));
        using WebVisitor visitor = new(house.App.Address);
        var answer = await house.AnswerAsync(visitor, "/sign-in/microsoft?returnUrl=%2F%2Fevil.test", "carla@example.test");

        using WebVisitor other = new(house.App.Address);
        using var elsewhere = await other.GetAsync(answer);
        Assert.StartsWith("/microsoft365/done?end=NotExpected", elsewhere.Headers.Location!.ToString(), StringComparison.Ordinal);
        using var first = await visitor.GetAsync(answer);
        Assert.Equal("/", first.Headers.Location!.ToString());
        using var second = await visitor.GetAsync(answer);
        Assert.StartsWith("/microsoft365/done?end=NotExpected", second.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Check", "OA02")]
    [Trait("Check", "OA04")]
    public async Task A_code_of_another_login_and_an_answer_of_another_authority_let_nobody_in()
    {
        await house.SaveAsync(new PeopleLogins(IsOn: true, LetsTenantIn: true));
        using WebVisitor visitor = new(house.App.Address);
        using WebVisitor other = new(house.App.Address);
        var mine = await house.AnswerAsync(visitor, "/sign-in/microsoft", "gustav@example.test");
        var theirs = await house.AnswerAsync(other, "/sign-in/microsoft", "heidi@example.test");
        Assert.StartsWith("/microsoft365/done?end=Refused", await BackAsync(mine.Replace(CodeIn(mine), CodeIn(theirs), StringComparison.Ordinal)), StringComparison.Ordinal);

        var answer = await house.AnswerAsync(visitor, "/sign-in/microsoft", "gustav@example.test");
        var before = house.Entra.TokenRequests.Count;
        Assert.StartsWith("/microsoft365/done?end=Refused", await BackAsync($"{answer}&iss=https%3A%2F%2Fevil.test%2Fv2.0"), StringComparison.Ordinal);
        Assert.Equal(before, house.Entra.TokenRequests.Count);
        Assert.False(await PeopleHouse.IsInAsync(visitor));

        static string CodeIn(string address) => QueryHelpers.ParseQuery(address[address.IndexOf('?', StringComparison.Ordinal)..])["code"].ToString();

        async Task<string> BackAsync(string address)
        {
            using var back = await visitor.GetAsync(address);
            return back.Headers.Location!.ToString();
        }
    }

    [Fact]
    public async Task Where_the_tenant_is_let_in_a_newcomer_sees_no_mailbox_and_the_role_is_what_Microsoft_says()
    {
        await house.SaveAsync(new PeopleLogins(IsOn: true, LetsTenantIn: true, AdminRole: "Enneo.Admin"));
        EntraPerson dora = new("dora@example.test", Guid.NewGuid());
        house.Entra.Add(dora);
        using WebVisitor visitor = new(house.App.Address);

        Assert.Equal("/", await house.ComeBackAsync(visitor, "/sign-in/microsoft", dora.Address));
        Assert.Equal((Roles.Agent, 0), await RoleAsync());

        house.Entra.Add(dora with { Roles = ["Enneo.Admin"] });
        Assert.Equal("/", await house.ComeBackAsync(visitor, "/sign-in/microsoft", dora.Address));
        Assert.Equal((Roles.Admin, 0), await RoleAsync());

        house.Entra.Add(dora);
        Assert.Equal("/", await house.ComeBackAsync(visitor, "/sign-in/microsoft", dora.Address));
        Assert.Equal((Roles.Agent, 0), await RoleAsync());

        await house.App.Get<PeopleEditing>().DisableAsync((await PersonAsync()).Id, Actor.Operator, "test", Cancel);
        Assert.StartsWith("/microsoft365/done?end=Refused", await house.ComeBackAsync(visitor, "/sign-in/microsoft", dora.Address), StringComparison.Ordinal);
        house.Entra.Add(new EntraPerson(EnneoStore.PersonEmail, Guid.NewGuid())); // who is here already links it, with their password
        Assert.StartsWith("/microsoft365/done?end=Refused", await house.ComeBackAsync(visitor, "/sign-in/microsoft", EnneoStore.PersonEmail), StringComparison.Ordinal);

        async Task<Person> PersonAsync() => (await house.App.Get<Accounts>().ListAsync(Cancel)).Single(person => person.Email == dora.Address);

        async Task<(string, int)> RoleAsync() => await PersonAsync() is var person ? (person.Role, person.MailboxIds.Count) : default;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reset_of_the_password_or_the_second_step_closes_this_door_too(bool isOfPassword)
    {
        await house.SaveAsync(new PeopleLogins(IsOn: true));
        var (id, email, anna) = await house.LinkedPersonAsync();

        var people = house.App.Get<Accounts>();
        if (isOfPassword)
        {
            Assert.True((await people.ResetAsync(email, "rote Lampen im Wind", Actor.Operator, "test", Cancel)).Succeeded);
        }
        else
        {
            await house.App.Get<FactorReset>().RunAsync(id, Actor.Operator, "test", Cancel);
        }

        using WebVisitor visitor = new(house.App.Address);
        Assert.StartsWith("/microsoft365/done?end=Refused", await house.ComeBackAsync(visitor, "/sign-in/microsoft", anna.Address), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_an_admin_is_said_by_our_tenant_only_and_it_must_be_named_by_its_id()
    {
        PeopleLogins people = new(IsOn: true, AdminRole: "Enneo.Admin");
        var errors = await house.App.Get<Microsoft365SettingsEditing>().SaveAsync(house.Registration(people) with { Tenant = "organizations" }, Actor.Operator, "test", Cancel);
        Assert.Equal(["people"], errors.Keys);
        await house.SaveAsync(people);

        Assert.Equal("Enneo.Admin", (await RightsAsync(EntraServer.Tenant)).AdminRole);
        Assert.Equal("", (await RightsAsync(Guid.NewGuid().ToString())).AdminRole);

        Task<PeopleLogins> RightsAsync(string tenant) =>
            house.App.Get<PeopleSignIn>().SettingsForAsync(new MicrosoftPerson(tenant, Guid.NewGuid().ToString(), "eve@example.test", "Eve", ["Enneo.Admin"]), Cancel);
    }

    [Fact]
    public async Task Signing_in_by_Microsoft_is_no_proof_and_one_that_was_asked_for_is()
    {
        const string Connect = "/settings/microsoft365/connect?form=a&address=a%40example.test";
        const string Proof = "/account/confirm/microsoft?returnUrl=%2Fsettings%2Fpeople";
        await house.SaveAsync(new PeopleLogins(IsOn: true));
        var (_, _, anna) = await house.LinkedPersonAsync();

        using WebVisitor visitor = new(house.App.Address);
        await house.ComeBackAsync(visitor, "/sign-in/microsoft", anna.Address);
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
            house.Entra.ProvedAt = provedAt;
            Assert.StartsWith("/microsoft365/done?end=Refused", await house.ComeBackAsync(visitor, Proof, person), StringComparison.Ordinal);
            Assert.False(await IsProvenAsync());
        }

        foreach (var minutes in new[] { 0, -10, 10 }) // Microsoft's clock and ours need not agree
        {
            house.Entra.Skew = TimeSpan.FromMinutes(minutes);
            house.Entra.ProvedAt = TimeProvider.System.GetUtcNow() + house.Entra.Skew;
            Assert.Equal("/settings/people", await house.ComeBackAsync(visitor, Proof, anna.Address));
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
        MicrosoftPerson frida = new(EntraServer.Tenant, Guid.NewGuid().ToString(), "frida@example.test", "Frida", []);
        await ChangeAsync("CREATE TRIGGER no_logins BEFORE INSERT ON AspNetUserLogins BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END");
        await Assert.ThrowsAnyAsync<Exception>(() => LetInAsync());
        Assert.DoesNotContain(await house.App.Get<Accounts>().ListAsync(Cancel), person => person.Email == frida.Address);

        await ChangeAsync("DROP TRIGGER no_logins");
        var id = (await LetInAsync())!.Value;

        Assert.Equal(("frida@example.test", true), (await house.App.Get<FactorQueries>().OfAllAsync(Cancel))[id] is var factors ? (factors.MicrosoftAs, factors.HasMicrosoftOnly) : default);
        Assert.Null(await house.App.Get<PasswordCheck>().FindAsync(frida.Address, "", Cancel));

        Task<long?> LetInAsync() => house.App.Get<PeopleLinks>().FindAsync(frida, letsTenantIn: true, adminRole: "", "test", Cancel);

        Task ChangeAsync(string sql) => house.App.Get<WriterLane>().RunAsync((db, token) => db.Database.ExecuteSqlRawAsync(sql, token), Cancel);
    }

    [Fact]
    public async Task Where_the_keys_of_the_secret_are_lost_a_page_says_so()
    {
        await house.SaveAsync(new PeopleLogins(IsOn: true));
        await house.App.Get<WriterLane>().RunAsync(
            async (db, token) =>
            {
                var setting = await db.Settings.AsTracking().SingleAsync(s => s.Name == "microsoft365", token);
                var value = System.Text.Json.Nodes.JsonNode.Parse(setting.Value)!;
                value["ProtectedSecret"] = "bm90IG91cnM";
                setting.Value = value.ToJsonString();
                await db.SaveChangesAsync(token);
            },
            Cancel);
        using WebVisitor visitor = new(house.App.Address);

        using var start = await visitor.GetAsync("/sign-in/microsoft");

        await house.ShowsAsync(visitor, start.Headers.Location!.ToString(), "keys_lost");
    }

    [Fact]
    public async Task Switched_off_it_leads_back_to_the_password()
    {
        await house.SaveAsync(new PeopleLogins());
        using WebVisitor visitor = new(house.App.Address);

        using var start = await visitor.GetAsync("/sign-in/microsoft");

        Assert.Equal("/sign-in", start.Headers.Location!.ToString());
    }

    private async Task<List<ActivityEntry>> ActivityAsync(ActivityKind kind)
    {
        await using var db = await house.App.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        return await db.Activity.Where(entry => entry.Kind == kind).ToListAsync(Cancel);
    }
}
