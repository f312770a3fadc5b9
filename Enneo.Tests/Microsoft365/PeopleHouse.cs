using System.Net;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;
using Enneo.Tests.Servers;
using Enneo.Tests.Shell;
using Microsoft.AspNetCore.WebUtilities;

namespace Enneo.Tests.Microsoft365;

/// <summary>All that are of this house share one program.</summary>
[CollectionDefinition(Name)]
public sealed class PeopleCollection : ICollectionFixture<PeopleHouse>
{
    public const string Name = "people at Microsoft";
}

/// <summary>A running program and an authority by which people may sign in to it.</summary>
public sealed class PeopleHouse : IAsyncLifetime
{
    private readonly TestCertificate _certificate = new();
    private int _people;

    public PeopleHouse() => Entra = new EntraServer(_certificate);

    public EnneoApp App { get; } = new();

    internal EntraServer Entra { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await Entra.StartAsync();
        await App.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Entra.DisposeAsync();
        _certificate.Dispose();
    }

    public Microsoft365Input Registration(PeopleLogins people) => new()
    {
        Tenant = EntraServer.Tenant,
        ClientId = EntraServer.ClientId,
        Secret = EntraServer.Secret,
        Cloud = Cloud.Own,
        Own = new CloudAddresses(Entra.Address, $"{Entra.Address}/graph", "https://outlook.office.com", "https://outlook.office365.com", "localhost:993", "localhost:587", _certificate.Fingerprint),
        People = people,
    };

    public async Task SaveAsync(PeopleLogins people) =>
        Assert.Empty(await App.Get<Microsoft365SettingsEditing>().SaveAsync(Registration(people), Actor.Operator, "test", Cancel));

    /// <summary>An admin of ours, who is somebody at Microsoft too and has not said so yet; nobody that another test knows.</summary>
    internal async Task<(long Id, string Email, EntraPerson AtMicrosoft)> AddPersonAsync()
    {
        var name = $"anna{_people++}";
        EntraPerson person = new($"{name}.entra@example.test", Guid.NewGuid());
        Entra.Add(person);
        return (await App.AddPersonAsync($"{name}@example.test", EnneoStore.PersonPassword, Roles.Admin, Cancel), $"{name}@example.test", person);
    }

    /// <summary>The same, who then linked their Microsoft account.</summary>
    internal async Task<(long Id, string Email, EntraPerson AtMicrosoft)> LinkedPersonAsync()
    {
        var anna = await AddPersonAsync();
        using var owner = await SignedInAsync(anna.Email);
        Assert.Equal("/account?done=microsoft", await ComeBackAsync(owner, "/account/microsoft", anna.AtMicrosoft.Address));
        return anna;
    }

    public async Task<WebVisitor> SignedInAsync(string email)
    {
        WebVisitor visitor = new(App.Address);
        using var answer = await visitor.SignInAsync(email, EnneoStore.PersonPassword);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return visitor;
    }

    /// <returns>Where Microsoft sends somebody who signs in there.</returns>
    public async Task<string> AnswerAsync(WebVisitor visitor, string start, string person)
    {
        using var login = await visitor.GetAsync(start);
        Assert.StartsWith(Entra.Address, login.Headers.Location!.ToString(), StringComparison.Ordinal);
        var query = QueryHelpers.ParseQuery(login.Headers.Location.Query);
        return new Uri(Entra.Back(query["redirect_uri"].ToString(), query["state"].ToString(), query["code_challenge"].ToString(), query["scope"].ToString(), person)).PathAndQuery;
    }

    /// <returns>Where we send them on.</returns>
    public async Task<string> ComeBackAsync(WebVisitor visitor, string start, string person)
    {
        using var back = await visitor.GetAsync(await AnswerAsync(visitor, start, person));
        return back.Headers.Location!.ToString();
    }

    /// <summary>Somebody was sent on to a page which says what was wrong, with what to do about it.</summary>
    public async Task ShowsAsync(WebVisitor visitor, string address, string code)
    {
        Assert.StartsWith($"/microsoft365/done?end=Refused&code={code}", address, StringComparison.Ordinal);
        using var page = await visitor.GetAsync(address);
        Assert.Contains(Causes.Of(code).Sentence, WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync(Cancel)), StringComparison.Ordinal);
    }

    public static async Task<bool> IsInAsync(WebVisitor visitor)
    {
        using var page = await visitor.GetAsync("/account");
        return page.StatusCode is HttpStatusCode.OK;
    }
}
