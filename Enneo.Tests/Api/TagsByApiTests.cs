using Enneo.Core.Identity.ApiKeys;

namespace Enneo.Tests.Api;

/// <summary>Tags by the API: who sees what of them, and whose change stands.</summary>
[Collection(ApiCollection.Name)]
public sealed class TagsByApiTests(ApiHouse house)
{
    private ApiClient Api => house.Service;

    [Fact]
    public async Task AKeyOfSomeMailboxesSeesWhatConcernsThese()
    {
        var word = $"{Guid.NewGuid():N}";
        var condition = new { mode = "conditions", conditions = new { tests = new[] { new { field = "subject", @operator = "contains", values = new[] { $"secret {word}" } } } } };
        var everywhere = await AddAsync(new { name = $"Everywhere {word}", detectionDetails = condition });
        var withheld = await AddAsync(new { name = $"Withheld {word}", subchannels = new[] { house.Support } });
        await AddAsync(new { name = $"Under {word}", parent = withheld });
        await AddAsync(new { name = $"Both {word}", subchannels = new[] { house.Support, house.Sales } });
        var own = await AddAsync(new { name = $"Own {word}", subchannels = new[] { house.Sales }, detectionDetails = condition });
        var limited = await house.ServiceAsync(ApiScopes.Read, house.Sales);

        var seen = (await limited.GetAsync("tag")).Ok().Json.GetProperty("tags").EnumerateArray().Where(tag => tag.GetProperty("name").GetString()!.EndsWith(word, StringComparison.Ordinal)).ToList();

        Assert.Equal([$"Both {word}", $"Everywhere {word}", $"Own {word}", $"Under {word}"], seen.Select(tag => tag.GetProperty("fullName").GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal([house.Sales], seen.Single(tag => tag.GetProperty("name").GetString() == $"Both {word}").GetProperty("subchannels").EnumerateArray().Select(id => id.GetInt64()));
        Assert.Equal([own], seen.Where(tag => tag.GetRawText().Contains($"secret {word}", StringComparison.Ordinal)).Select(tag => tag.GetProperty("id").GetInt64()));
        Assert.DoesNotContain($"Withheld {word}", (await limited.GetAsync("tag/tree")).Ok().Text, StringComparison.Ordinal);
        (await limited.GetAsync($"tag/{withheld}")).Problem(404);
        Assert.Contains($"secret {word}", (await Api.GetAsync($"tag/{everywhere}")).Ok().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PeopleStandInATagForThoseWhoSeeAMailboxWithThem()
    {
        var admin = await house.PersonAsync(house.AdminId, ApiScopes.Read | ApiScopes.Admin);
        var tag = (await admin.PostAsync("tag", new { name = $"People {Guid.NewGuid():N}", assignment = new[] { house.AgentId, house.AdminId } })).Ok(201).Json.GetProperty("tag").GetProperty("id").GetInt64();
        var (support, sales) = (await house.ServiceAsync(ApiScopes.Read, house.Support), await house.ServiceAsync(ApiScopes.Read, house.Sales));

        foreach (var client in new[] { Api, support, await house.PersonAsync(house.AgentId, ApiScopes.Read) })
        {
            Assert.Equal((Sorted(house.AgentId, house.AdminId), house.AdminId), await PeopleAsync(client, tag));
        }

        Assert.Equal((Sorted(house.AdminId), house.AdminId), await PeopleAsync(sales, tag)); // the agent does not see that mailbox
    }

    [Fact]
    public async Task IfMatchKeepsWhatSomebodyElseDidMeanwhile()
    {
        var tag = await AddAsync(new { name = $"Matched {Guid.NewGuid():N}" });
        var seen = (await Api.GetAsync($"tag/{tag}")).Ok().ETag!;
        (await Api.PutAsync($"tag/{tag}", new { name = $"Changed {tag}" }, ("If-Match", seen))).Ok();

        (await Api.PutAsync($"tag/{tag}", new { name = $"Again {tag}" }, ("If-Match", seen))).Problem(412);
        (await Api.DeleteAsync($"tag/{tag}", ("If-Match", seen))).Problem(412);
        (await Api.DeleteAsync($"tag/{tag}", ("If-Match", (await Api.GetAsync($"tag/{tag}")).Ok().ETag!))).Ok();
    }

    /// <summary>As the list and the tag itself say.</summary>
    private static async Task<(string Assignment, long? ModifiedBy)> PeopleAsync(ApiClient client, long tag)
    {
        var one = (await client.GetAsync($"tag/{tag}")).Ok().Json.GetProperty("tag");
        var listed = (await client.GetAsync("tag")).Ok().Json.GetProperty("tags").EnumerateArray().Single(row => row.GetProperty("id").GetInt64() == tag);
        Assert.Equal(one.GetRawText(), listed.GetRawText());
        var by = one.GetProperty("modifiedBy");
        return (Sorted([.. one.GetProperty("assignment").EnumerateArray().Select(person => person.GetInt64())]), by.ValueKind is System.Text.Json.JsonValueKind.Null ? null : by.GetInt64());
    }

    private static string Sorted(params long[] people) => string.Join(',', people.Order());

    private async Task<long> AddAsync(object tag) => (await Api.PostAsync("tag", tag)).Ok(201).Json.GetProperty("tag").GetProperty("id").GetInt64();
}
