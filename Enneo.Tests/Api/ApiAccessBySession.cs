using Enneo.Core.Identity.ApiKeys;

namespace Enneo.Tests.Api;

/// <summary>The same for whoever calls from a browser in which they are signed in.</summary>
public sealed partial class ApiAccessTests
{
    [Fact]
    public async Task AnAgentWhoIsSignedInMayDoAllButAdminister_AndSeesNothingOfAnotherMailbox()
    {
        var agent = await house.SessionAsync(ApiHouse.AgentEmail, ApiHouse.AgentPassword);
        foreach (var (method, path, scope) in Guarded)
        {
            var answer = await AskAsync(agent, method, path, await SeedAsync(house.Support, path, agent));
            Assert.True(scope is ApiScopes.Admin ? answer.Status == 403 : answer.Status is >= 200 and < 300, $"{method} {path}: {answer.Status} {answer.Text}");

            if (scope is not ApiScopes.Admin && path.Contains("{id", StringComparison.Ordinal) && !path.StartsWith("tag/", StringComparison.Ordinal))
            {
                var withheld = await AskAsync(agent, method, path, await SeedAsync(house.Sales, path, house.Service));
                Assert.True(withheld.Status == 404, $"{method} {path}: {withheld.Status} {withheld.Text}");
                Assert.Equal(WithoutTrace(await AskAsync(agent, method, path, Ids.None)), WithoutTrace(withheld));
            }
        }
    }

    [Fact]
    [Trait("Check", "AK10")]
    public async Task AnAdminWhoIsSignedInMayDoAll_AndAPageOfSomebodyElseNothingInTheirName()
    {
        var (admin, foreign) = (await house.SessionAsync(EnneoStore.PersonEmail, EnneoStore.PersonPassword), await house.SessionAsync(EnneoStore.PersonEmail, EnneoStore.PersonPassword, withToken: false));
        foreach (var (method, path, _) in Guarded)
        {
            var ids = await SeedAsync(null, path, admin);
            if (method != "GET")
            {
                (await AskAsync(foreign, method, path, ids)).Problem(400);
            }

            var answer = await AskAsync(admin, method, path, ids);
            Assert.True(answer.Status is >= 200 and < 300, $"{method} {path}: {answer.Status} {answer.Text}");
        }
    }

    /// <summary>An address is written into logs and histories: a key in one opens nothing.</summary>
    [Fact]
    [Trait("Check", "AK03")]
    public async Task AKeyIsReadFromItsHeaderAlone()
    {
        var key = await house.SecretAsync(ApiScopes.Read | ApiScopes.Write);
        var nobody = house.ClientOf(null);
        Assert.Equal(200, (await nobody.GetAsync("tag", ("Authorization", $"Bearer {key}"))).Status);

        foreach (var name in new[] { "access_token", "token", "key", "api_key", "apikey", "bearer", "authorization", "Authorization" })
        {
            (await nobody.GetAsync($"tag?{name}={key}")).Problem(401);
            (await nobody.GetAsync($"tag?{name}=Bearer%20{key}")).Problem(401);
            (await nobody.GetAsync("tag", ("Cookie", $"{name}={key}"))).Problem(401);
            using FormUrlEncodedContent form = new([new(name, key)]);
            (await nobody.PostAsync("ticket/search", form)).Problem(401);
        }

        (await nobody.GetAsync("tag", ("X-Api-Key", key))).Problem(401);
        (await nobody.GetAsync("tag", ("Authorization", $"Basic {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{key}:"))}"))).Problem(401);
        (await nobody.AskAsync(HttpMethod.Get, $"docs/open-api?access_token={key}")).Problem(401);
    }
}
