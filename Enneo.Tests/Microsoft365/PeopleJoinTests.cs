using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Identity.Factors;
using Enneo.Core.Identity.Invitations;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;
using Enneo.Tests.Shell;

namespace Enneo.Tests.Microsoft365;

/// <summary>People come in by Microsoft for the first time, with an invitation or as their tenant says.</summary>
[Collection(PeopleCollection.Name)]
public sealed class PeopleJoinTests(PeopleHouse house)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_is_invited_joins_by_Microsoft_without_a_password_and_the_link_is_used_up_by_it()
    {
        await house.SaveAsync(new PeopleLogins(IsOn: true));
        var admin = Actor.User((await house.App.Get<Accounts>().FindAsync(EnneoStore.PersonEmail, Cancel))!.Value);
        var invited = await house.App.Get<Inviting>().InviteAsync(new NewInvitation("hugo@example.test", "Hugo", Roles.Agent, []), admin, "test", Cancel);
        var page = $"/invitation/{invited.Link!.Token}";
        EntraPerson hugo = new("h.b@other.example.test", Guid.NewGuid()); // another address than the invited one: the link counts, and the object id from then on
        house.Entra.Add(hugo);

        using WebVisitor visitor = new(house.App.Address);
        using (var shown = await visitor.GetAsync(page))
        {
            Assert.Contains($"{page}/microsoft", await shown.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }

        await AskedAsync(visitor, page, hugo.Address);
        using (var asked = await visitor.GetAsync($"{page}/microsoft/join"))
        {
            var words = await asked.Content.ReadAsStringAsync(Cancel);
            Assert.All(["h.b@other.example.test", EntraServer.Tenant, "Hugo", "hugo@example.test", "Agent", "No mailboxes"], word => Assert.Contains(word, words, StringComparison.Ordinal));
        }

        Assert.False(await PeopleHouse.IsInAsync(visitor)); // nobody is bound or let in by having looked
        Assert.DoesNotContain(await house.App.Get<Accounts>().ListAsync(Cancel), someone => someone.Email == "hugo@example.test");
        using (WebVisitor other = new(house.App.Address))
        {
            using var elsewhere = await other.GetAsync($"{page}/microsoft/join"); // whoever has the link, without having been at Microsoft
            Assert.Equal(page, elsewhere.Headers.Location!.AbsolutePath);
        }

        Assert.Equal("/", await JoinAsync(visitor, page));
        Assert.True(await PeopleHouse.IsInAsync(visitor));
        var person = (await house.App.Get<Accounts>().ListAsync(Cancel)).Single(someone => someone.Email == "hugo@example.test");
        Assert.Equal(("Hugo", true), (person.DisplayName, (await house.App.Get<FactorQueries>().OfAllAsync(Cancel))[person.Id].HasMicrosoftOnly));

        using WebVisitor again = new(house.App.Address);
        using var used = await again.GetAsync($"{page}/microsoft");
        Assert.Equal(page, used.Headers.Location!.ToString());
        Assert.Equal("/", await house.ComeBackAsync(again, "/sign-in/microsoft", hugo.Address));
        var second = await house.App.Get<Inviting>().InviteAsync(new NewInvitation("ida@example.test", "Ida", Roles.Agent, []), admin, "test", Cancel);
        using WebVisitor third = new(house.App.Address);
        await AskedAsync(third, $"/invitation/{second.Link!.Token}", hugo.Address);
        Assert.StartsWith("/microsoft365/done?end=Refused", await JoinAsync(third, $"/invitation/{second.Link.Token}"), StringComparison.Ordinal); // who is somebody here already
        house.Entra.Add(hugo with { ObjectId = Guid.NewGuid() });
        Assert.StartsWith("/microsoft365/done?end=Refused", await house.ComeBackAsync(again, "/sign-in/microsoft", hugo.Address), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_was_disabled_here_joins_anew_by_the_same_Microsoft_account_when_they_are_invited_and_only_then()
    {
        await house.SaveAsync(new PeopleLogins(IsOn: true, LetsTenantIn: true));
        var former = await house.LinkedPersonAsync();
        await house.App.Get<PeopleEditing>().DisableAsync(former.Id, Actor.Operator, "test", Cancel);
        using WebVisitor visitor = new(house.App.Address);
        Assert.StartsWith("/microsoft365/done?end=Refused", await house.ComeBackAsync(visitor, "/sign-in/microsoft", former.AtMicrosoft.Address), StringComparison.Ordinal);

        var admin = Actor.User((await house.App.Get<Accounts>().FindAsync(EnneoStore.PersonEmail, Cancel))!.Value);
        var invited = await house.App.Get<Inviting>().InviteAsync(new NewInvitation("anna.again@example.test", "Anna", Roles.Agent, []), admin, "test", Cancel);
        var page = $"/invitation/{invited.Link!.Token}";
        await AskedAsync(visitor, page, former.AtMicrosoft.Address);

        Assert.Equal("/", await JoinAsync(visitor, page));
        var factors = await house.App.Get<FactorQueries>().OfAllAsync(Cancel);
        var again = (await house.App.Get<Accounts>().ListAsync(Cancel)).Single(person => person.Email == "anna.again@example.test");
        Assert.Equal(former.AtMicrosoft.Address, factors[again.Id].MicrosoftAs);
        Assert.Null(factors.GetValueOrDefault(former.Id)?.MicrosoftAs); // one person at Microsoft opens one account here
    }

    [Fact]
    public async Task What_somebody_will_be_is_said_by_Microsoft_where_it_says_who_is_an_admin()
    {
        await house.SaveAsync(new PeopleLogins(IsOn: true, AdminRole: "Enneo.Admin"));
        var admin = Actor.User((await house.App.Get<Accounts>().FindAsync(EnneoStore.PersonEmail, Cancel))!.Value);
        var invited = await house.App.Get<Inviting>().InviteAsync(new NewInvitation("kira@example.test", "Kira", Roles.Agent, []), admin, "test", Cancel);
        house.Entra.Add(new EntraPerson("kira@example.test", Guid.NewGuid()) { Roles = ["Enneo.Admin"] });
        using WebVisitor visitor = new(house.App.Address);
        await AskedAsync(visitor, $"/invitation/{invited.Link!.Token}", "kira@example.test");

        using (var asked = await visitor.GetAsync($"/invitation/{invited.Link.Token}/microsoft/join"))
        {
            var words = await asked.Content.ReadAsStringAsync(Cancel);
            Assert.Contains("Admin", words, StringComparison.Ordinal);
            Assert.Contains("All mailboxes", words, StringComparison.Ordinal);
        }

        await JoinAsync(visitor, $"/invitation/{invited.Link.Token}");
        Assert.Equal(Roles.Admin, (await house.App.Get<Accounts>().ListAsync(Cancel)).Single(person => person.Email == "kira@example.test").Role);
    }

    [Fact]
    public async Task Of_somebody_in_more_groups_than_a_token_names_Graph_is_asked_and_where_it_does_not_say_nobody_is_let_in()
    {
        var admins = Guid.NewGuid().ToString();
        await house.SaveAsync(new PeopleLogins(IsOn: true, LetsTenantIn: true, AdminRole: admins));
        EntraPerson greta = new("greta@example.test", Guid.NewGuid()) { Groups = ["another", admins] };
        house.Entra.Add(greta);
        using WebVisitor visitor = new(house.App.Address);

        Assert.Equal("/", await house.ComeBackAsync(visitor, "/sign-in/microsoft", greta.Address));
        Assert.Equal(Roles.Admin, await RoleAsync());

        house.Entra.Graph.HidesGroups = true;
        await house.ShowsAsync(visitor, await house.ComeBackAsync(visitor, "/sign-in/microsoft", greta.Address), Causes.GroupsUnknown);
        Assert.Equal(Roles.Admin, await RoleAsync());

        house.Entra.Graph.HidesGroups = false;
        house.Entra.Add(greta with { Groups = ["another"] });
        Assert.Equal("/", await house.ComeBackAsync(visitor, "/sign-in/microsoft", greta.Address));
        Assert.Equal(Roles.Agent, await RoleAsync());

        async Task<string> RoleAsync() => (await house.App.Get<Accounts>().ListAsync(Cancel)).Single(person => person.Email == greta.Address).Role;
    }

    [Fact]
    public async Task Who_joins_is_whom_the_page_showed_and_as_what_it_said_whatever_another_tab_did_meanwhile()
    {
        await house.SaveAsync(new PeopleLogins(IsOn: true, AdminRole: "Enneo.Admin"));
        var page = await InviteAsync("lena@example.test");
        EntraPerson lena = new("lena.entra@example.test", Guid.NewGuid()) { Roles = ["Enneo.Admin"] };
        EntraPerson other = new("other.entra@example.test", Guid.NewGuid()) { Roles = ["Enneo.Admin"] };
        house.Entra.Add(lena);
        house.Entra.Add(other);
        using WebVisitor visitor = new(house.App.Address);
        await AskedAsync(visitor, page, lena.Address);
        var firstTab = await visitor.HiddenFieldsAsync($"{page}/microsoft/join");
        await AskedAsync(visitor, page, other.Address); // in a second tab

        await AskedAgainAsync(visitor, page, firstTab, other.Address);

        var secondTab = await visitor.HiddenFieldsAsync($"{page}/microsoft/join");
        await house.SaveAsync(new PeopleLogins(IsOn: true)); // Microsoft does not say any more who is an admin
        await AskedAgainAsync(visitor, page, secondTab, other.Address);
        await AskedAgainAsync(visitor, page, [.. secondTab.Where(field => field.Key != "Shown")], other.Address);
        Assert.False(await PeopleHouse.IsInAsync(visitor));
        Assert.DoesNotContain(await house.App.Get<Accounts>().ListAsync(Cancel), someone => someone.Email == "lena@example.test");

        await AskedAsync(visitor, page, lena.Address);
        Assert.Equal("/", await JoinAsync(visitor, page));
        var joined = (await house.App.Get<Accounts>().ListAsync(Cancel)).Single(someone => someone.Email == "lena@example.test");
        Assert.Equal((Roles.Agent, lena.Address), (joined.Role, (await house.App.Get<FactorQueries>().OfAllAsync(Cancel))[joined.Id].MicrosoftAs));
    }

    [Fact]
    public async Task Who_came_back_while_people_signed_in_by_Microsoft_joins_no_more_once_that_is_switched_off_or_the_tenant_is_another()
    {
        PeopleLogins people = new(IsOn: true);
        await house.SaveAsync(people);
        var page = await InviteAsync("mona@example.test");
        house.Entra.Add(new EntraPerson("mona@example.test", Guid.NewGuid()));
        using WebVisitor visitor = new(house.App.Address);
        await AskedAsync(visitor, page, "mona@example.test");
        var shown = await visitor.HiddenFieldsAsync($"{page}/microsoft/join");

        foreach (var changed in new[] { house.Registration(people with { IsOn = false }), house.Registration(people) with { Tenant = Guid.NewGuid().ToString() } })
        {
            Assert.Empty(await house.App.Get<Microsoft365SettingsEditing>().SaveAsync(changed, Actor.Operator, "test", Cancel));
            using var refused = await visitor.PostAsync($"{page}/microsoft/join", shown);
            Assert.Equal(page, refused.Headers.Location!.IsAbsoluteUri ? refused.Headers.Location.AbsolutePath : refused.Headers.Location.ToString());
        }

        Assert.DoesNotContain(await house.App.Get<Accounts>().ListAsync(Cancel), someone => someone.Email == "mona@example.test");
        await house.SaveAsync(people);
        Assert.Equal("/", await JoinAsync(visitor, page));
    }

    [Fact]
    public async Task A_guest_of_the_organisation_is_not_let_in_as_one_who_belongs_to_it_and_joins_when_they_are_invited()
    {
        await house.SaveAsync(new PeopleLogins(IsOn: true, LetsTenantIn: true));
        EntraPerson[] guests =
        [
            new("acct.guest@other.example.test", Guid.NewGuid()) { Claims = new Dictionary<string, object> { ["acct"] = 1 } },
            new("idp.guest@other.example.test", Guid.NewGuid()) { Claims = new Dictionary<string, object> { ["idp"] = $"https://sts.windows.net/{Guid.NewGuid()}/" } },
            new("ext.guest_other.example.test#EXT#@example.test", Guid.NewGuid()),
        ];
        using WebVisitor visitor = new(house.App.Address);
        foreach (var guest in guests)
        {
            house.Entra.Add(guest);
            Assert.StartsWith("/microsoft365/done?end=Refused", await house.ComeBackAsync(visitor, "/sign-in/microsoft", guest.Address), StringComparison.Ordinal);
        }

        Assert.False(await PeopleHouse.IsInAsync(visitor));
        Assert.DoesNotContain(await house.App.Get<Accounts>().ListAsync(Cancel), person => person.Email.Contains("guest", StringComparison.Ordinal));

        var page = await InviteAsync("guest@example.test");
        await AskedAsync(visitor, page, guests[0].Address);
        Assert.Equal("/", await JoinAsync(visitor, page));

        foreach (var (name, claims) in new (string, Dictionary<string, object>)[] { ("member", new() { ["acct"] = 0 }), ("colleague", new() { ["idp"] = $"https://sts.windows.net/{EntraServer.Tenant}/" }) })
        {
            house.Entra.Add(new EntraPerson($"{name}@example.test", Guid.NewGuid()) { Claims = claims });
            using WebVisitor member = new(house.App.Address);
            Assert.Equal("/", await house.ComeBackAsync(member, "/sign-in/microsoft", $"{name}@example.test"));
        }
    }

    /// <returns>The invitation's page.</returns>
    private async Task<string> InviteAsync(string email)
    {
        var admin = Actor.User((await house.App.Get<Accounts>().FindAsync(EnneoStore.PersonEmail, Cancel))!.Value);
        var invited = await house.App.Get<Inviting>().InviteAsync(new NewInvitation(email, email.Split('@')[0], Roles.Agent, []), admin, "test", Cancel);
        return $"/invitation/{invited.Link!.Token}";
    }

    /// <summary>The page is sent, and shows who it is now in place of letting anybody in.</summary>
    private static async Task AskedAgainAsync(WebVisitor visitor, string invitation, IEnumerable<KeyValuePair<string, string>> sent, string person)
    {
        using var answer = await visitor.PostAsync($"{invitation}/microsoft/join", sent);
        var words = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("data-join-changed", words, StringComparison.Ordinal);
        Assert.Contains(person, words, StringComparison.Ordinal);
    }

    /// <summary>Somebody follows an invitation to Microsoft and back, where they are asked whether that is them.</summary>
    private async Task AskedAsync(WebVisitor visitor, string invitation, string person) =>
        Assert.Equal($"{invitation}/microsoft/join", await house.ComeBackAsync(visitor, $"{invitation}/microsoft", person));

    /// <returns>Where it leads.</returns>
    private static async Task<string> JoinAsync(WebVisitor visitor, string invitation)
    {
        using var joined = await visitor.SubmitAsync($"{invitation}/microsoft/join");
        return joined.Headers.Location!.PathAndQuery;
    }
}
