using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Mailboxes;
using Enneo.Core.Net;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;

namespace Enneo.Web.Webhooks;

/// <summary>Settings → Webhooks: which other systems are told what happens, and how that goes.</summary>
public sealed partial class WebhooksPage(
    WebhookQueries queries,
    WebhookEditing editing,
    WebhookTrial trial,
    MailboxQueries mailboxes,
    ApiKeyQueries keys,
    BrowserTime time,
    NavigationManager navigation,
    IJSRuntime js,
    AuthenticationStateProvider authentication) : ComponentBase, IDisposable
{
    private const string NewWebhook = "new";

    private static readonly Dictionary<string, string[]> s_noProblems = [];

    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<WebhookView>? _webhooks;
    private IReadOnlyList<MailboxListing> _mailboxes = [];
    private IReadOnlyList<ApiKeyListing> _keys = [];
    private IReadOnlyDictionary<string, string[]> _problems = s_noProblems;
    private WebhookDraft? _draft;
    private PostedAnswer? _tried;
    private (long WebhookId, string Value)? _secret;
    private string? _said;
    private string? _shown;
    private bool _busy;

    /// <summary>The new one, until the browser shows it: a second click on a slow line is about the same.</summary>
    private long? _made;
    private int _edition;

    /// <summary>The id of the webhook that is open, or "new".</summary>
    [SupplyParameterFromQuery(Name = "webhook")]
    public string? Opened { get; set; }

    private bool IsPanelOpen => !string.IsNullOrEmpty(Opened);

    private WebhookInput? Saved => _webhooks?.FirstOrDefault(webhook => webhook.Id == OpenedId)?.Settings;

    private long? OpenedId => long.TryParse(Opened, CultureInfo.InvariantCulture, out var id) ? id : null;

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        var actor = await Admin.GetAsync(authentication);
        _mailboxes = await mailboxes.ListAsync(Reach.All, _closed.Token);
        _keys = await keys.ListAsync(actor, _closed.Token);
        _webhooks = await queries.ListAsync(actor, _closed.Token);
        Open();
    }

    protected override void OnParametersSet()
    {
        if (_shown != Opened && _webhooks is not null)
        {
            Open();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await time.AskAsync(js, _closed.Token);
            StateHasChanged();
        }
    }

    private void Open()
    {
        (_shown, _made, _problems, _tried, _said) = (Opened, null, s_noProblems, null, null);
        _edition++;
        _draft = Opened == NewWebhook ? new WebhookDraft()
            : Saved is { } settings ? WebhookDraft.Of(settings)
            : null;
    }

    private async Task LoadAsync() => _webhooks = await queries.ListAsync(await Admin.GetAsync(authentication), _closed.Token);

    private Task SaveAsync() => ChangeAsync(rotate: false);

    private Task RotateAsync() => ChangeAsync(rotate: true);

    private Task ChangeAsync(bool rotate) => DoAsync(async actor =>
    {
        if (_draft!.ToInput() is not { } input)
        {
            _problems = new Dictionary<string, string[]> { ["events"] = [WebhooksText.EventMissing] };
            return;
        }

        var isNew = OpenedId is null;
        var result = (OpenedId ?? _made) is { } id
            ? await editing.UpdateAsync(id, input, rotate, actor, Admin.Origin, _closed.Token)
            : await editing.AddAsync(input, actor, Admin.Origin, _closed.Token);
        _problems = result.Errors;
        if (result.WebhookId is { } saved)
        {
            (_made, _secret, _said) = (saved, result.Secret is { } secret ? (saved, secret) : _secret, WebhooksText.Saved);
            if (isNew)
            {
                await LoadAsync();
                navigation.NavigateTo(Urls.Webhook(saved));
            }
        }
    });

    private Task TryAsync(WebhookEvent happened) => DoAsync(async actor => _tried = await trial.RunAsync(OpenedId!.Value, happened, actor, _closed.Token));

    /// <summary>At once, apart from what else is being changed in the form, so that what waits for it goes.</summary>
    private Task TrustAsync(string fingerprint) => DoAsync(async actor =>
    {
        if (Saved is { } settings)
        {
            var result = await editing.UpdateAsync(OpenedId!.Value, settings with { TrustedCertificate = fingerprint }, rotate: false, actor, Admin.Origin, _closed.Token);
            _problems = result.Errors;
            if (result.Succeeded)
            {
                (_draft!.TrustedCertificate, _said) = (fingerprint, WebhooksText.CertificateTrusted);
            }
        }
    });

    private Task RemoveAsync() => DoAsync(async actor =>
    {
        await editing.RemoveAsync(OpenedId!.Value, actor, Admin.Origin, _closed.Token);
        _secret = null;
        navigation.NavigateTo(Urls.Webhooks);
    });

    private async Task DoAsync(Func<Actor, Task> act)
    {
        if (_busy)
        {
            return;
        }

        (_busy, _said, _tried, _problems) = (true, null, null, s_noProblems);
        try
        {
            await act(await Admin.GetAsync(authentication));
            await LoadAsync();
        }
        finally
        {
            _busy = false;
        }
    }
}
