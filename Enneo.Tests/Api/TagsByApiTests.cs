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
    public async Task IfMatchKeepsWhatSomebodyElseDidMeanwhile()
    {
        var tag = await AddAsync(new { name = $"Matched {Guid.NewGuid():N}" });
        var seen = (await Api.GetAsync($"tag/{tag}")).Ok().ETag!;
        (await Api.PutAsync($"tag/{tag}", new { name = $"Changed {tag}" }, ("If-Match", seen))).Ok();

        (await Api.PutAsync($"tag/{tag}", new { name = $"Again {tag}" }, ("If-Match", seen))).Problem(412);
        (await Api.DeleteAsync($"tag/{tag}", ("If-Match", seen))).Problem(412);
        (await Api.DeleteAsync($"tag/{tag}", ("If-Match", (await Api.GetAsync($"tag/{tag}")).Ok().ETag!))).Ok();
    }

    private async Task<long> AddAsync(object tag) => (await Api.PostAsync("tag", tag)).Ok(201).Json.GetProperty("tag").GetProperty("id").GetInt64();
}
