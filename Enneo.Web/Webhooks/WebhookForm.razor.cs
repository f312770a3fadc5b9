using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Mailboxes;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Webhooks;

/// <summary>Who is told what.</summary>
public sealed partial class WebhookForm : ComponentBase
{
    private WebhookEvent _sample = WebhookEvent.TicketCreated;
    private bool _asked;

    [Parameter, EditorRequired]
    public required WebhookDraft Draft { get; set; }

    [Parameter]
    public bool IsNew { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<MailboxListing> Mailboxes { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<ApiKeyListing> Keys { get; set; }

    /// <summary>By field.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyDictionary<string, string[]> Problems { get; set; }

    [Parameter]
    public string? Said { get; set; }

    [Parameter]
    public bool Busy { get; set; }

    [Parameter]
    public EventCallback OnSave { get; set; }

    [Parameter]
    public EventCallback OnRotate { get; set; }

    [Parameter]
    public EventCallback<WebhookEvent> OnTry { get; set; }

    [Parameter]
    public EventCallback OnRemove { get; set; }

    private string[]? Problem(string field) =>
        Problems.Where(problem => problem.Key.StartsWith(field, StringComparison.OrdinalIgnoreCase)).Select(problem => problem.Value).FirstOrDefault();

    private void Choose(string name, bool isWanted) => _ = isWanted ? Draft.Events.Add(name) : Draft.Events.Remove(name);

    private void Choose(long mailboxId, bool isWanted) =>
        Draft.MailboxIds = isWanted ? [.. Draft.MailboxIds, mailboxId] : [.. Draft.MailboxIds.Where(id => id != mailboxId)];
}
