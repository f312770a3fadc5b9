using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Tests.Shell;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Api;

/// <summary>Who gets in by a key, and how far.</summary>
[Collection(ApiCollection.Name)]
public sealed class ApiKeyTests(ApiHouse house)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ApiKeyEditing Editing => house.Get<ApiKeyEditing>();

    private Actor Chief => Actor.User(house.AdminId);

    [Theory]
    [Trait("Check", "AK03")]
    [InlineData(null)]
    [InlineData("Bearer ")]
    [InlineData("Bearer enneo_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Bearer 1")]
    [InlineData("Basic YW5uYTpwYXNzd29yZA==")]
    [InlineData("\"")]
    public async Task WithoutARightKeyNothingIsToldButHowToGetIn(string? header)
    {
        var client = house.ClientOf(null);
        (string, string)[] headers = header is null ? [] : [("Authorization", header), ("Accept", "text/html")];

        var answer = (await client.GetAsync("ticket/stats", headers)).Problem(401);

        Assert.Equal("Bearer", answer.Headers["WWW-Authenticate"]);
        Assert.Contains("Authorization: Bearer", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("bearer")]
    [InlineData("BEARER")]
    public async Task TheCaseOfTheSchemeDoesNotMatter(string scheme)
    {
        var made = await Editing.AddServiceAsync(new NewApiKey("Case", ApiScopes.Read), Chief, "test", Cancel);

        (await house.ClientOf(null).GetAsync("ticket/stats", ("Authorization", $"{scheme} {made.Secret}"))).Ok();
    }

    [Fact]
    [Trait("Check", "AK01")]
    public async Task TheKeyItselfIsKeptNowhere()
    {
        var made = await Editing.AddServiceAsync(new NewApiKey("Kept nowhere", ApiScopes.Read), Chief, "test", Cancel);

        var key = await house.ReadAsync(db => db.ApiKeys.SingleAsync(k => k.Id == made.KeyId, Cancel));
        Assert.StartsWith("enneo_", made.Secret, StringComparison.Ordinal);
        Assert.NotEqual(made.Secret, key.SecretHash);
        Assert.StartsWith(key.Start, made.Secret, StringComparison.Ordinal);
        Assert.Equal(12, key.Start.Length);
        Assert.DoesNotContain(await house.ReadAsync(db => db.Activity.Select(e => e.Changes).ToListAsync(Cancel)), changes => changes.Contains(made.Secret!, StringComparison.Ordinal));
        var rest = System.Text.Encoding.ASCII.GetBytes(made.Secret![key.Start.Length..]);
        Assert.Equal(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(made.Secret))), key.SecretHash);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(house.Get<Core.Data.DataDirectory>().Database)!, "enneo.db*"))
        {
            await using var stream = File.Open(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using MemoryStream bytes = new();
            await stream.CopyToAsync(bytes, Cancel);
            Assert.Equal(-1, bytes.GetBuffer().AsSpan(0, (int)bytes.Length).IndexOf(rest));
        }
    }

    /// <summary>It is looked up by its hash: how much of it is right shows in nothing. Both have the look of keys: what has not is not looked up, and in a key's last character two bits are always 0.</summary>
    [Fact]
    [Trait("Check", "AK04")]
    public async Task AKeyThatIsNearlyRightTakesAsLongAsOneThatIsAllWrong()
    {
        const int Tries = 5000;
        var made = (await Editing.AddServiceAsync(new NewApiKey("Guessed", ApiScopes.Read), Chief, "test", Cancel)).Secret!;
        string[] wrong = [made[..^1] + (made[^1] == 'A' ? 'E' : 'A'), made[..6] + new string('A', made.Length - 6)];
        var check = house.Get<ApiKeyCheck>();
        List<double>[] took = [[], []];
        for (var i = 0; i < 2 * Tries; i++)
        {
            var started = TimeProvider.System.GetTimestamp();
            Assert.Null(await check.UseAsync(wrong[i % 2], Cancel));
            took[i % 2].Add(TimeProvider.System.GetElapsedTime(started).TotalMicroseconds);
        }

        Assert.InRange(Median(took[0]) / Median(took[1]), 0.67, 1.5);

        static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
    }

    [Fact]
    [Trait("Check", "AK05")]
    public async Task ARevokedKeyIsGoneAtOnce()
    {
        var made = await Editing.AddServiceAsync(new NewApiKey("Short", ApiScopes.Read), Chief, "test", Cancel);
        var client = house.ClientOf(made.Secret);
        (await client.GetAsync("ticket/stats")).Ok();

        Assert.True(await Editing.RevokeAsync(made.KeyId!.Value, Chief, "test", Cancel));

        (await client.GetAsync("ticket/stats")).Problem(401);
        Assert.DoesNotContain(await house.Get<ApiKeyQueries>().ListAsync(Chief, Cancel), key => key.Id == made.KeyId);
    }

    [Fact]
    public async Task LastUseIsShown()
    {
        var made = await Editing.AddServiceAsync(new NewApiKey("Used", ApiScopes.Read), Chief, "test", Cancel);
        Assert.Null((await house.Get<ApiKeyQueries>().ListAsync(Chief, Cancel)).Single(key => key.Id == made.KeyId).LastUsedAt);

        (await house.ClientOf(made.Secret).GetAsync("ticket/stats")).Ok();

        Assert.NotNull((await house.Get<ApiKeyQueries>().ListAsync(Chief, Cancel)).Single(key => key.Id == made.KeyId).LastUsedAt);
    }

    [Fact]
    [Trait("Check", "AK05")]
    public async Task AKeyOfADisabledPersonIsWorthNothing()
    {
        var added = await house.Get<Accounts>().AddAsync(new NewAccount("leaver@example.test", "Leaver", Roles.Agent, "four words of leaver", [house.Support]), Actor.Operator, "test", Cancel);
        var client = await house.PersonAsync(added.UserId!.Value, ApiScopes.Read);
        (await client.GetAsync("ticket/stats")).Ok();

        await house.Get<PeopleEditing>().DisableAsync(added.UserId.Value, Chief, "test", Cancel);

        (await client.GetAsync("ticket/stats")).Problem(401);
    }

    [Fact]
    [Trait("Check", "AK02")]
    public async Task WhatTheKeyHasNoScopeForIsRefusedByName()
    {
        var reader = await house.ServiceAsync(ApiScopes.Read);
        var received = await house.ReceiveAsync("Scopes");

        var answer = (await reader.PatchAsync($"ticket/{received.TicketId}", new { status = "closed" })).Problem(403);

        Assert.Contains("write", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAgentsKeyNeverAdministers()
    {
        Assert.NotNull((await Editing.AddPersonalAsync(house.AgentId, new NewApiKey("Too much", ApiScopes.Admin), Actor.User(house.AgentId), "test", Cancel)).Problem);
        Assert.NotNull((await Editing.AddServiceAsync(new NewApiKey("Mine", ApiScopes.Read), Actor.User(house.AgentId), "test", Cancel)).Problem);
        Assert.NotNull((await Editing.AddPersonalAsync(house.AdminId, new NewApiKey("Theirs", ApiScopes.Read), Actor.User(house.AgentId), "test", Cancel)).Problem);
    }

    [Fact]
    public async Task AnAdminWhoIsOneNoMoreHasKeysThatAdministerNoMore()
    {
        var added = await house.Get<Accounts>().AddAsync(new NewAccount("former@example.test", "Former", Roles.Admin, "four words of former"), Actor.Operator, "test", Cancel);
        var client = await house.PersonAsync(added.UserId!.Value, ApiScopes.Read | ApiScopes.Admin);
        (await client.PostAsync("tag", new { name = "Made by a chief" })).Ok(201);

        await house.Get<PeopleEditing>().ChangeAsync(added.UserId.Value, Roles.Agent, [house.Support], Chief, "test", Cancel);

        (await client.PostAsync("tag", new { name = "Made by an agent" })).Problem(403);
        (await client.GetAsync("tag")).Ok();
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    public async Task AKeyHasAName(string name) =>
        Assert.NotNull((await Editing.AddServiceAsync(new NewApiKey(name, ApiScopes.Read), Chief, "test", Cancel)).Problem);

    [Fact]
    public async Task AKeyMayDoSomethingSomewhere()
    {
        Assert.NotNull((await Editing.AddServiceAsync(new NewApiKey("Nothing", ApiScopes.None), Chief, "test", Cancel)).Problem);
        Assert.NotNull((await Editing.AddServiceAsync(new NewApiKey("Nowhere", ApiScopes.Read, []), Chief, "test", Cancel)).Problem);
        Assert.NotNull((await Editing.AddServiceAsync(new NewApiKey("Unknown", ApiScopes.Read, [4711]), Chief, "test", Cancel)).Problem);
    }

    [Fact]
    public async Task AServiceIsNobodyWhoCouldSignInOrBeAssigned()
    {
        await Editing.AddServiceAsync(new NewApiKey("A very special program", ApiScopes.Read), Chief, "test", Cancel);

        Assert.DoesNotContain(await house.Get<Accounts>().ListAsync(Cancel), person => person.DisplayName == "A very special program");
    }

    [Fact]
    [Trait("Check", "AK10")]
    public async Task ABrowserSessionGetsInToo_AndChangesOnlyWithTheTokenOfAPage()
    {
        using var agent = await house.SignInAsync(ApiHouse.AgentEmail, ApiHouse.AgentPassword);
        var received = await house.ReceiveAsync("By session");

        Assert.Equal(200, await AskAsync(agent, HttpMethod.Get, $"ticket/{received.TicketId}"));
        Assert.Equal(400, await AskAsync(agent, HttpMethod.Patch, $"ticket/{received.TicketId}", """{"status":"closed"}"""));

        using var page = await agent.GetAsync("account");
        var html = await page.Content.ReadAsStringAsync(Cancel);
        var token = System.Text.RegularExpressions.Regex.Match(html, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;
        Assert.Equal(200, await AskAsync(agent, HttpMethod.Patch, $"ticket/{received.TicketId}", """{"status":"closed"}""", token));
        Assert.Equal(403, await AskAsync(agent, HttpMethod.Post, "tag", """{"name":"x"}""", token));
    }

    [Fact]
    public async Task WhoCallsTooOftenIsToldWhenToGoOn()
    {
        await using EnneoApp app = new() { Settings = new Dictionary<string, string> { ["Enneo:Api:RequestsPerMinute"] = "3" } };
        await app.InitializeAsync();
        var admin = (await app.Get<Accounts>().FindAsync(EnneoStore.PersonEmail, Cancel))!.Value;
        var made = await app.Get<ApiKeyEditing>().AddServiceAsync(new NewApiKey("Busy", ApiScopes.Read), Actor.User(admin), "test", Cancel);
        using ApiClient client = new(app.Address, made.Secret);

        List<ApiReply> answers = [];
        for (var i = 0; i < 12 && answers.TrueForAll(answer => answer.Status != 429); i++)
        {
            answers.Add(await client.GetAsync("tag"));
        }

        var refused = answers[^1].Problem(429);
        Assert.True(int.Parse(refused.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture) >= 1);
    }

    [Fact]
    [Trait("Check", "AK06")]
    public async Task WhoGuessesKeysIsHeldUp_AndKeepsNobodyOut()
    {
        await using EnneoApp app = new();
        await app.InitializeAsync();
        var admin = (await app.Get<Accounts>().FindAsync(EnneoStore.PersonEmail, Cancel))!.Value;
        var made = await app.Get<ApiKeyEditing>().AddServiceAsync(new NewApiKey("Right", ApiScopes.Read), Actor.User(admin), "test", Cancel);
        using ApiClient wrong = new(app.Address, "enneo_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        using ApiClient right = new(app.Address, made.Secret);

        List<int> answers = [];
        for (var i = 0; i < 60; i++)
        {
            answers.Add((await wrong.GetAsync("tag")).Status);
        }

        Assert.Equal(401, answers[0]);
        var held = (await wrong.GetAsync("tag")).Problem(429);
        Assert.True(int.Parse(held.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture) >= 1);
        Assert.True(answers.Count(status => status == 401) <= 35);
        (await right.GetAsync("tag")).Ok();
    }

    private static async Task<int> AskAsync(WebVisitor visitor, HttpMethod method, string path, string? json = null, string? token = null)
    {
        using HttpRequestMessage request = new(method, new Uri($"api/mind/{path}", UriKind.Relative));
        request.Content = json is null ? null : new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        if (token is not null)
        {
            request.Headers.Add("RequestVerificationToken", token);
        }

        using var answer = await visitor.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
