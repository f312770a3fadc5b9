using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Identity.Factors;
using Enneo.Core.Identity.Invitations;
using Enneo.Core.Microsoft365;
using Enneo.Tests.Shell;

namespace Enneo.Tests.Microsoft365;

/// <summary>People come in by Microsoft for the first time, with an invitation or as their tenant says.</summary>
public sealed class PeopleJoinTests(PeopleHouse house) : IClassFixture<PeopleHouse>
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

        Assert.Equal("/", await house.ComeBackAsync(visitor, $"{page}/microsoft", hugo.Address));
        Assert.True(await PeopleHouse.IsInAsync(visitor));
        var person = (await house.App.Get<Accounts>().ListAsync(Cancel)).Single(someone => someone.Email == "hugo@example.test");
        Assert.Equal(("Hugo", true), (person.DisplayName, (await house.App.Get<FactorQueries>().OfAllAsync(Cancel))[person.Id].HasMicrosoftOnly));

        using WebVisitor again = new(house.App.Address);
        using var used = await again.GetAsync($"{page}/microsoft");
        Assert.Equal(page, used.Headers.Location!.ToString());
        Assert.Equal("/", await house.ComeBackAsync(again, "/sign-in/microsoft", hugo.Address));
        var second = await house.App.Get<Inviting>().InviteAsync(new NewInvitation("ida@example.test", "Ida", Roles.Agent, []), admin, "test", Cancel);
        using WebVisitor third = new(house.App.Address);
        Assert.StartsWith("/microsoft365/done?end=Refused", await house.ComeBackAsync(third, $"/invitation/{second.Link!.Token}/microsoft", hugo.Address), StringComparison.Ordinal); // who is somebody here already
        house.Entra.Add(hugo with { ObjectId = Guid.NewGuid() });
        Assert.StartsWith("/microsoft365/done?end=Refused", await house.ComeBackAsync(again, "/sign-in/microsoft", hugo.Address), StringComparison.Ordinal);
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
        Assert.StartsWith("/microsoft365/done?end=Refused&code=groups_unknown", await house.ComeBackAsync(visitor, "/sign-in/microsoft", greta.Address), StringComparison.Ordinal);
        Assert.Equal(Roles.Admin, await RoleAsync());

        house.Entra.Graph.HidesGroups = false;
        house.Entra.Add(greta with { Groups = ["another"] });
        Assert.Equal("/", await house.ComeBackAsync(visitor, "/sign-in/microsoft", greta.Address));
        Assert.Equal(Roles.Agent, await RoleAsync());

        async Task<string> RoleAsync() => (await house.App.Get<Accounts>().ListAsync(Cancel)).Single(person => person.Email == greta.Address).Role;
    }
}
