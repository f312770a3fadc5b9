using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Integrations.Connected;
using Enneo.Core.Mailboxes;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Enneo.Web.Shell;
using Enneo.Web.Webhooks;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;

namespace Enneo.Web.Integrations;

/// <summary>Settings → Integrations: which other ticket systems are kept in step, how they are doing, and what they do not agree on.</summary>
public sealed partial class IntegrationsPage(
    IntegrationQueries queries,
    IntegrationEditing editing,
    ConflictDeciding deciding,
    TicketRetrying retrying,
    WebhookThere webhookThere,
    MailboxQueries mailboxes,
    PublicAddress publicAddress,
    BrowserTime time,
    NavigationManager navigation,
    IJSRuntime js,
    AuthenticationStateProvider authentication) : ComponentBase, IDisposable
{
    private const string New = "new";

    private static readonly Dictionary<string, string[]> s_noProblems = [];

    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<IntegrationView>? _integrations;
    private IReadOnlyList<ConflictView> _conflicts = [];
    private IReadOnlyList<MessageDifferenceView> _differences = [];
    private IReadOnlyList<MailboxListing> _mailboxes = [];
    private IReadOnlyDictionary<string, string[]> _problems = s_noProblems;
    private IntegrationDraft? _draft;
    private string? _secret;
    private string? _said;
    private string? _left;
    private string? _unmade;
    private string? _shown;
    private bool _busy;
    private int _edition;

    /// <summary>The id of the integration that is open, or "new".</summary>
    [SupplyParameterFromQuery(Name = "integration")]
    public string? Opened { get; set; }

    private bool IsPanelOpen => !string.IsNullOrEmpty(Opened);

    private long? OpenedId => long.TryParse(Opened, CultureInfo.InvariantCulture, out var id) ? id : null;

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        _mailboxes = await mailboxes.ListAsync(Reach.All, _closed.Token);
        await LoadAsync();
        Open();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != Opened && _integrations is not null)
        {
            await LoadAsync();
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

    private string? AddressOf() =>
        _integrations?.FirstOrDefault(one => one.Id == OpenedId)?.HookId is { } hookId ? publicAddress.Link(Urls.HookAddress(hookId), navigation.BaseUri) : null;

    private string? TheirWebhookId => _integrations?.FirstOrDefault(one => one.Id == OpenedId)?.TheirWebhookId;

    private void Open()
    {
        (_shown, _problems, _said) = (Opened, _unmade is { } problem ? ProblemOf("webhook", problem) : s_noProblems, null);
        _unmade = null;
        _edition++;
        _draft = Opened == New ? IntegrationDraft.Fresh(_mailboxes.Count > 0 ? _mailboxes[0].Id : 0)
            : _integrations!.FirstOrDefault(one => one.Id == OpenedId) is { } opened ? IntegrationDraft.Of(opened.Settings)
            : null;
    }

    private async Task LoadAsync()
    {
        var actor = await Admin.GetAsync(authentication);
        _integrations = await queries.ListAsync(actor, _closed.Token);
        (_conflicts, _differences) = OpenedId is { } opened
            ? (await queries.ConflictsAsync(opened, actor, _closed.Token), await queries.DifferencesAsync(opened, actor, _closed.Token))
            : ([], []);
    }

    /// <summary>What somebody does meanwhile reads for itself in the end.</summary>
    private Task LookAsync() => _busy ? Task.CompletedTask : LoadAsync();

    private Task SaveAsync() => DoAsync(async actor =>
    {
        var (input, problems) = _draft!.ToInput();
        _problems = problems;
        if (problems.Count > 0)
        {
            return;
        }

        var isNew = OpenedId is null;
        var (result, left) = OpenedId is { } id
            ? await webhookThere.UpdateAsync(id, input, AddressOf(), actor, Admin.Origin, _closed.Token)
            : (await editing.AddAsync(input, actor, Admin.Origin, _closed.Token), null);
        _problems = left is null ? result.Errors : ProblemOf("webhook", left);
        if (result.IntegrationId is { } saved)
        {
            (_secret, _said, _draft.Credential, _draft.TheirSecret) = (result.Secret ?? _secret, WebhooksText.Saved, "", "");
            if (isNew)
            {
                _secret = _draft.Kind is OtherKind.Enneo ? null : result.Secret; // another Enneo makes the secret itself
                _unmade = await MakeWebhookAsync(saved, actor); // said where the new one is opened
                navigation.NavigateTo(Urls.Integration(saved));
            }
        }
    });

    private Task MakeWebhookAsync() => DoAsync(async actor =>
    {
        if (await MakeWebhookAsync(OpenedId!.Value, actor) is { } problem)
        {
            _problems = ProblemOf("webhook", problem);
        }
    });

    /// <returns>Why another Enneo has none of ours, in words; its admin can make it by hand.</returns>
    private async Task<string?> MakeWebhookAsync(long integrationId, Actor actor)
    {
        var view = (await queries.ListAsync(actor, _closed.Token)).FirstOrDefault(one => one.Id == integrationId);
        return view is { Settings.Kind: OtherKind.Enneo, HookId: { } hookId }
            ? (await webhookThere.MakeAsync(integrationId, publicAddress.Link(Urls.HookAddress(hookId), navigation.BaseUri), actor, Admin.Origin, _closed.Token)).Problem
            : null;
    }

    /// <summary>Where the webhook that was made there stays, the list says so: nothing here knows of it any more.</summary>
    private Task RemoveAsync() => DoAsync(async actor =>
    {
        var id = OpenedId!.Value;
        if (await editing.FindRemovalProblemAsync(id, actor, _closed.Token) is { } problem)
        {
            _problems = ProblemOf("", problem);
            return;
        }

        var left = await webhookThere.RemoveAsync(id, actor, _closed.Token);
        var result = await editing.RemoveAsync(id, actor, Admin.Origin, _closed.Token);
        _problems = result.Errors;
        if (result.Errors.Count > 0)
        {
            return;
        }

        _left = left;
        _secret = null;
        navigation.NavigateTo(Urls.Integrations);
    });

    private Task ChooseAsync((ConflictView Conflict, ConflictChoice Choice) chosen) => DoAsync(
        actor => deciding.RunAsync(OpenedId!.Value, chosen.Conflict.ExternalTicketId, chosen.Conflict.Field, chosen.Choice, actor, Admin.Origin, _closed.Token));

    private Task DecideAsync((MessageDifferenceView Difference, ConflictChoice Choice) chosen) => DoAsync(
        actor => deciding.RunAsync(OpenedId!.Value, chosen.Difference.ExternalId, chosen.Choice, actor, Admin.Origin, _closed.Token));

    private Task RetryAsync(StuckTicket stuck) => DoAsync(actor => retrying.RunAsync(OpenedId!.Value, stuck, actor, Admin.Origin, _closed.Token));

    private static Dictionary<string, string[]> ProblemOf(string field, string words) => new() { [field] = [words] };

    private async Task DoAsync(Func<Actor, Task> act)
    {
        if (_busy)
        {
            return; // a second click came before the first was shown
        }

        (_busy, _said, _left, _problems) = (true, null, null, s_noProblems);
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
