using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Enneo.Core.Activity;
using Enneo.Core.Integrations.Hooks;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Tests.Api;

namespace Enneo.Tests.Webhooks;

/// <summary>Another system that posts to a hook, and signs as it was told.</summary>
internal sealed class HookSender(ApiHouse house, long hookId, HookProof proof, string secret)
{
    public const string ChosenHeader = "X-Desk-Signature";

    public const string SomeKey = "0123456789abcdef0123456789abcdef";

    /// <summary>What becomes of an <see cref="Issue"/>.</summary>
    public static readonly IReadOnlyDictionary<string, string> IssueFields = new Dictionary<string, string>
    {
        [HookFields.ExternalTicket] = "$.issue.id",
        [HookFields.From] = "$.issue.reporter",
        [HookFields.Subject] = "Issue: {{$.issue.title}}",
        [HookFields.Body] = "$.text",
        [HookFields.Priority] = "$.issue.priority",
        [HookFields.Status] = "$.issue.status",
    };

    private readonly ApiClient _nobody = house.ClientOf(null);

    public long HookId => hookId;

    public static async Task<HookSender> AddAsync(ApiHouse house, HookProof proof, Func<HookInput, HookInput>? change = null)
    {
        HookInput input = new()
        {
            Name = $"{proof} {Guid.NewGuid():N}",
            MailboxId = house.Support,
            Proof = proof,
            ProofHeader = ChosenHeader,
            Secret = proof is HookProof.StandardWebhooks ? null : SomeKey,
            Fields = IssueFields,
        };
        var added = await house.Get<HookEditing>().AddAsync(change?.Invoke(input) ?? input, Actor.User(house.AdminId), "test", TestContext.Current.CancellationToken);
        Assert.Empty(added.Errors);
        return new HookSender(house, added.HookId!.Value, proof, added.Secret!);
    }

    public static string Issue(string id, string rest, string beside = "") => $$"""{"issue":{"id":"{{id}}",{{rest}}},"text":"Since 09:14."{{beside}}}""";

    /// <param name="change">What goes wrong with its headers on the way.</param>
    public Task<ApiReply> SendAsync(string body, string? id = null, DateTimeOffset? at = null, string? signedBody = null, string? signedBy = null, Func<Dictionary<string, string>, Dictionary<string, string>>? change = null)
    {
        var headers = Signed(signedBody ?? body, signedBy ?? secret, id ?? $"msg_{Guid.NewGuid():N}", (at ?? TimeProvider.System.GetUtcNow()).ToUnixTimeSeconds());
        StringContent content = new(body, Encoding.UTF8, "application/json");
        return _nobody.AskAsync(HttpMethod.Post, string.Create(CultureInfo.InvariantCulture, $"hook/{hookId}"), content, [.. (change?.Invoke(headers) ?? headers).Select(header => (header.Key, header.Value))]);
    }

    private Dictionary<string, string> Signed(string body, string key, string id, long time)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var hmac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), bytes);
        return proof switch
        {
            HookProof.StandardWebhooks => new()
            {
                ["webhook-id"] = id,
                ["webhook-timestamp"] = time.ToString(CultureInfo.InvariantCulture),
                ["webhook-signature"] = WebhookSigning.Sign(key, id, time, bytes),
            },
            HookProof.GitHub => new() { ["X-GitHub-Delivery"] = id, [HookProving.GitHubHeader] = $"sha256={Convert.ToHexStringLower(hmac)}" },
            HookProof.Hmac => new() { [ChosenHeader] = Convert.ToBase64String(hmac) },
            HookProof.Header => new() { ["webhook-id"] = id, [ChosenHeader] = key },
            _ => new() { ["Idempotency-Key"] = id, ["Authorization"] = $"Bearer {key}" },
        };
    }
}
