using System.Globalization;
using System.Text.Json;
using Enneo.Core.Integrations.Conversations;
using FluentValidation;

namespace Enneo.Core.Integrations.Hooks;

/// <summary>All that an admin says about a hook.</summary>
public sealed record HookInput
{
    public string Name { get; init; } = "";

    /// <summary>Whose tickets it opens and changes; stays as it was made.</summary>
    public long MailboxId { get; init; }

    /// <summary>The key by which its system calls the API too: they share the names of tickets. Null for none; stays as it was made.</summary>
    public long? KeyId { get; init; }

    public HookProof Proof { get; init; }

    /// <summary>Where its name can be chosen.</summary>
    public string? ProofHeader { get; init; }

    /// <summary>One that the other system has made; null for one of ours, or to keep what there is.</summary>
    public string? Secret { get; init; }

    public HookAction Action { get; init; }
    public StoredKind Kind { get; init; }
    public string? WhenPath { get; init; }
    public IReadOnlyList<string> WhenValues { get; init; } = [];

    /// <summary>By name, see <see cref="HookFields"/> and <see cref="HookTemplate"/>.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<long> TagIds { get; init; } = [];
    public bool IsActive { get; init; } = true;

    internal bool NamesHeader => Proof is HookProof.Hmac or HookProof.Header;

    /// <summary>The fields that its action reads and that say something, as JSON.</summary>
    internal string FieldsJson => JsonSerializer.Serialize(Fields.Where(said => HookFields.Of(Action).Contains(said.Key) && !string.IsNullOrWhiteSpace(said.Value)).ToDictionary(said => said.Key, said => said.Value.Trim()));

    internal static HookInput Of(IncomingHook hook) => new()
    {
        Name = hook.Name,
        MailboxId = hook.MailboxId,
        KeyId = hook.HasOwnKey ? null : hook.KeyId,
        Proof = hook.Proof,
        ProofHeader = hook.ProofHeader,
        Action = hook.Action,
        Kind = hook.Kind,
        WhenPath = hook.WhenPath,
        WhenValues = hook.WhenValues,
        Fields = JsonSerializer.Deserialize<Dictionary<string, string>>(hook.Fields) ?? [],
        TagIds = hook.TagIds,
        IsActive = hook.IsActive,
    };
}

/// <summary>What became of a change.</summary>
/// <param name="Secret">The new secret, shown this once; null where there is none.</param>
/// <param name="Errors">By field; empty when it was done.</param>
public sealed record HookResult(long? HookId, string? Secret, IReadOnlyDictionary<string, string[]> Errors)
{
    internal static readonly HookResult Missing = new(null, null, new Dictionary<string, string[]>());

    internal static HookResult Refused(string field, string problem) => new(null, null, new Dictionary<string, string[]> { [field] = [problem] });
}

/// <summary>The rules of a hook.</summary>
public sealed class HookInputValidator : AbstractValidator<HookInput>
{
    private const int MaxName = 100;
    private const int MaxHeader = 100;
    private const int MinSecret = 16;
    private const int MaxSecret = 200;
    private const int MaxValues = 20;

    public HookInputValidator()
    {
        RuleLevelCascadeMode = CascadeMode.Stop;
        RuleFor(h => h.Name).Must(name => name.Trim() is { Length: > 0 and <= MaxName } && !name.Any(char.IsControl)).WithMessage(_ => HookText.NameMissing);
        RuleFor(h => h.ProofHeader).Must(IsHeader).When(h => h.NamesHeader).WithMessage(_ => HookText.HeaderWrong);
        RuleFor(h => h.Secret)
            .Must(secret => secret is null || (secret.Length is >= MinSecret and <= MaxSecret && !secret.Any(char.IsControl))).WithMessage(_ => Say(HookText.SecretWrong, MinSecret, MaxSecret))
            .Must((h, secret) => secret is null || h.Proof is not HookProof.StandardWebhooks || IsStandard(secret)).WithMessage(_ => HookText.SecretNotStandard);
        RuleFor(h => h.WhenPath).Must(path => string.IsNullOrWhiteSpace(path) || (path.Length <= HookTemplate.MaxLength && HookTemplate.IsPath(path) && HookPayload.IsPath(path.Trim()))).WithMessage(_ => HookText.PathWrong);
        RuleFor(h => h.WhenValues).Must((h, values) => string.IsNullOrWhiteSpace(h.WhenPath) || values.Count is > 0 and <= MaxValues).WithMessage(_ => Say(HookText.ValuesMissing, MaxValues));
        RuleFor(h => h.TagIds).Must((h, tags) => h.Action is not HookAction.Tag || tags.Count > 0 || h.Fields.ContainsKey(HookFields.Tags)).WithMessage(_ => HookText.TagsMissing);
        RuleFor(h => h.Fields).Custom((fields, context) =>
        {
            foreach (var (name, template) in fields)
            {
                if (template.Length > HookTemplate.MaxLength || HookTemplate.WrongPath(template) is not null)
                {
                    context.AddFailure(name, Say(HookText.TemplateWrong, HookTemplate.MaxLength));
                }
            }
        });
    }

    /// <summary>A token (RFC 9110, section 5.6.2), and none that means something else.</summary>
    private static bool IsHeader(string? name) => name is { Length: > 0 and <= MaxHeader }
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        && !name.Equals("Cookie", StringComparison.OrdinalIgnoreCase) && !name.Equals("Host", StringComparison.OrdinalIgnoreCase);

    private static bool IsStandard(string secret)
    {
        try
        {
            return Webhooks.WebhookSigning.Sign(secret, "", 0, []).Length > 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static string Say(string text, params object?[] values) => string.Format(CultureInfo.CurrentCulture, text, values);
}
