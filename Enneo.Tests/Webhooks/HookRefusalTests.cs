using System.Globalization;
using System.Net;
using Enneo.Core.Activity;
using Enneo.Core.Integrations.Hooks;
using Enneo.Tests.Api;
using Enneo.Web.Api;
using Enneo.Web.Hooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Enneo.Tests.Webhooks;

/// <summary>What is not genuine, not new or not readable is refused by hooks of the running program, and their logs say why.</summary>
[Collection(ApiCollection.Name)]
public sealed class HookRefusalTests(ApiHouse house)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, HookProof, int> Refusals => new()
    {
        { "no signature", HookProof.StandardWebhooks, 401 },
        { "no time", HookProof.StandardWebhooks, 401 },
        { "no id", HookProof.StandardWebhooks, 401 },
        { "too old", HookProof.StandardWebhooks, 401 },
        { "too new", HookProof.StandardWebhooks, 401 },
        { "another id", HookProof.StandardWebhooks, 401 },
        { "another time", HookProof.StandardWebhooks, 401 },
        { "another body", HookProof.StandardWebhooks, 401 },
        { "another secret", HookProof.StandardWebhooks, 401 },
        { "nonsense", HookProof.StandardWebhooks, 401 },
        { "another body", HookProof.GitHub, 401 },
        { "another secret", HookProof.GitHub, 401 },
        { "nonsense", HookProof.GitHub, 401 },
        { "too old", HookProof.GitHub, 200 },
        { "an old time beside it", HookProof.GitHub, 401 },
        { "no signature", HookProof.Hmac, 401 },
        { "another body", HookProof.Hmac, 401 },
        { "nonsense", HookProof.Hmac, 401 },
        { "another secret", HookProof.Header, 401 },
        { "no signature", HookProof.Header, 401 },
        { "another secret", HookProof.Bearer, 401 },
        { "no signature", HookProof.Bearer, 401 },
        { "no JSON", HookProof.Bearer, 400 },
        { "nested too deep", HookProof.Bearer, 400 },
        { "too large", HookProof.Bearer, 413 },
        { "switched off", HookProof.Bearer, 404 },
    };

    [Theory]
    [Trait("Check", "AK08")]
    [MemberData(nameof(Refusals))]
    public async Task WhatIsNotGenuineIsRefusedAndTheLogSaysWhy(string what, HookProof proof, int status)
    {
        var sender = await HookSender.AddAsync(house, proof, input => input with { IsActive = what != "switched off" });
        var body = what switch
        {
            "no JSON" => "{'a':1}",
            "nested too deep" => new string('[', 100) + new string(']', 100),
            "too large" => $$"""{"text":"{{new string('x', 1_000_001)}}"}""",
            _ => HookSender.Issue("x", """ "title":"Refused","reporter":"mia@refused.example" """),
        };
        var before = await CountAsync();

        var answer = await sender.SendAsync(
            body, at: what switch { "too old" => TimeProvider.System.GetUtcNow().AddMinutes(-6), "too new" => TimeProvider.System.GetUtcNow().AddMinutes(6), _ => null },
            signedBody: what == "another body" ? body + " " : null, signedBy: what == "another secret" ? "ffffffffffffffffffffffffffffffff" : null, change: headers => Spoilt(what, headers));

        Assert.True(answer.Status == status, answer.Text);
        if (status == 200)
        {
            return;
        }

        answer.Problem(status);
        var call = (await house.Get<HookQueries>().CallsAsync(sender.HookId, true, null, 1, Actor.User(house.AdminId), Cancel)).Single();
        Assert.Equal((HookOutcome.Refused, status), (call.Outcome, call.Status));
        Assert.NotEmpty(call.Problem!);
        Assert.Equal(status == 400, call.Body is not null); // what strangers say is not kept
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task AMissingHookIsAnsweredAsOneThatIsOff()
    {
        var off = await (await HookSender.AddAsync(house, HookProof.Bearer, input => input with { IsActive = false })).SendAsync("{}");
        var missing = await new HookSender(house, 999_999, HookProof.Bearer, HookSender.SomeKey).SendAsync("{}");

        Assert.Equal(off.Problem(404).Json.GetProperty("detail").GetString(), missing.Problem(404).Json.GetProperty("detail").GetString());
    }

    [Fact]
    public void WhoCallsTooOftenIsRefused_AndNotedOnce()
    {
        using HookLimits limits = new(Options.Create(new ApiOptions { HookCallsPerMinute = 2 }));

        Assert.Equal([null, null, true, false], Enumerable.Range(0, 4).Select(_ => limits.Refuses(1, IPAddress.Loopback)));
        Assert.Null(limits.Refuses(1, IPAddress.Parse("192.0.2.1")));
        Assert.Null(limits.Refuses(2, IPAddress.Loopback));
    }

    private static Dictionary<string, string> Spoilt(string what, Dictionary<string, string> headers)
    {
        switch (what)
        {
            case "no signature":
                headers.Remove("webhook-signature");
                headers.Remove(HookSender.ChosenHeader);
                headers.Remove("Authorization");
                break;
            case "no time":
                headers.Remove("webhook-timestamp");
                break;
            case "no id":
                headers.Remove("webhook-id");
                break;
            case "another id":
                headers["webhook-id"] = "msg_other";
                break;
            case "another time":
                headers["webhook-timestamp"] = (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 1).ToString(CultureInfo.InvariantCulture);
                break;
            case "an old time beside it":
                headers["webhook-timestamp"] = "1614265330";
                break;
            case "nonsense":
                foreach (var name in new[] { "webhook-signature", HookProving.GitHubHeader, HookSender.ChosenHeader }.Where(headers.ContainsKey))
                {
                    headers[name] = "v1,sha256=%%%";
                }

                break;
        }

        return headers;
    }

    private Task<int> CountAsync() => house.ReadAsync(db => db.Messages.CountAsync(Cancel));
}
