using Enneo.Core.Integrations.Webhooks;

namespace Enneo.Web.Webhooks;

/// <summary>A webhook while it is being edited.</summary>
public sealed class WebhookDraft
{
    public string Url { get; set; } = "";
    public bool HasAllEvents { get; set; } = true;
    public HashSet<string> Events { get; init; } = [];
    public bool HasAllMailboxes { get; set; } = true;
    public IReadOnlyCollection<long> MailboxIds { get; set; } = [];
    public bool IsActive { get; set; } = true;
    public bool IsSynchronous { get; set; }
    public bool MayBePrivate { get; set; }
    public long? OwnKeyId { get; set; }

    /// <summary>Null for those that the machine trusts.</summary>
    public string? TrustedCertificate { get; set; }

    public static WebhookDraft Of(WebhookInput input) => new()
    {
        Url = input.Url,
        HasAllEvents = input.Events.Count == 0,
        Events = [.. input.Events],
        HasAllMailboxes = input.MailboxIds is null,
        MailboxIds = input.MailboxIds ?? [],
        IsActive = input.IsActive,
        IsSynchronous = input.IsSynchronous,
        MayBePrivate = input.MayBePrivate,
        OwnKeyId = input.OwnKeyId,
        TrustedCertificate = input.TrustedCertificate,
    };

    /// <returns>Null while events are to be chosen and none is.</returns>
    public WebhookInput? ToInput() => !HasAllEvents && Events.Count == 0 ? null : new WebhookInput
    {
        Url = Url,
        Events = HasAllEvents ? [] : [.. Enum.GetNames<WebhookEvent>().Where(Events.Contains)],
        MailboxIds = HasAllMailboxes ? null : [.. MailboxIds],
        IsActive = IsActive,
        IsSynchronous = IsSynchronous,
        MayBePrivate = MayBePrivate,
        OwnKeyId = OwnKeyId,
        TrustedCertificate = TrustedCertificate,
    };
}
