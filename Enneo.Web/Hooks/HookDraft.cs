using Enneo.Core.Integrations.Conversations;
using Enneo.Core.Integrations.Hooks;

namespace Enneo.Web.Hooks;

/// <summary>A hook while it is being edited.</summary>
public sealed class HookDraft
{
    public string Name { get; set; } = "";
    public long MailboxId { get; set; }
    public long? KeyId { get; set; }
    public HookProof Proof { get; set; } = HookProof.StandardWebhooks;
    public string? ProofHeader { get; set; }
    public string? Secret { get; set; }
    public HookAction Action { get; set; } = HookAction.Upsert;
    public StoredKind Kind { get; set; } = StoredKind.Note;
    public string? WhenPath { get; set; }

    /// <summary>With commas between.</summary>
    public string? WhenValues { get; set; }

    /// <summary>By name; those of other actions are kept while one tries.</summary>
    public Dictionary<string, string> Fields { get; init; } = [];

    public IReadOnlyCollection<long> TagIds { get; set; } = [];
    public bool IsActive { get; set; } = true;

    public static HookDraft Of(HookInput input) => new()
    {
        Name = input.Name,
        MailboxId = input.MailboxId,
        KeyId = input.KeyId,
        Proof = input.Proof,
        ProofHeader = input.ProofHeader,
        Action = input.Action,
        Kind = input.Kind,
        WhenPath = input.WhenPath,
        WhenValues = string.Join(", ", input.WhenValues),
        Fields = new Dictionary<string, string>(input.Fields),
        TagIds = [.. input.TagIds],
        IsActive = input.IsActive,
    };

    public HookInput ToInput() => new()
    {
        Name = Name,
        MailboxId = MailboxId,
        KeyId = KeyId,
        Proof = Proof,
        ProofHeader = ProofHeader?.Trim(),
        Secret = string.IsNullOrWhiteSpace(Secret) ? null : Secret.Trim(),
        Action = Action,
        Kind = Kind,
        WhenPath = WhenPath,
        WhenValues = WhenValues?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
        Fields = Fields.Where(field => HookFields.Of(Action).Contains(field.Key) && !string.IsNullOrWhiteSpace(field.Value)).ToDictionary(),
        TagIds = [.. TagIds],
        IsActive = IsActive,
    };
}
