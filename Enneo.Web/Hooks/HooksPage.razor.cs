using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Integrations.Hooks;
using Enneo.Core.Mailboxes;
using Enneo.Core.Tags;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Enneo.Web.Shell;
using Enneo.Web.Webhooks;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;

namespace Enneo.Web.Hooks;

/// <summary>Settings → Incoming webhooks: which other systems may tell us something, and what is made of it.</summary>
public sealed partial class HooksPage(
    HookQueries queries,
    HookEditing editing,
    MailboxQueries mailboxes,
    ApiKeyQueries keys,
    TagQueries tags,
    PublicAddress publicAddress,
    BrowserTime time,
    NavigationManager navigation,
    IJSRuntime js,
    AuthenticationStateProvider authentication) : ComponentBase, IDisposable
{
    private const string NewHook = "new";

    private static readonly Dictionary<string, string[]> s_noProblems = [];

    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<HookView>? _hooks;
    private IReadOnlyList<HookCall> _received = [];
    private IReadOnlyList<MailboxListing> _mailboxes = [];
    private IReadOnlyList<ApiKeyListing> _keys = [];
    private IReadOnlyList<TagListing> _tags = [];
    private IReadOnlyDictionary<string, string[]> _problems = s_noProblems;
    private HookDraft? _draft;
    private string? _secret;
    private string? _said;
    private string? _shown;
    private bool _busy;

    /// <summary>The new one, until the browser shows it: a second click on a slow line is about the same.</summary>
    private long? _made;
    private int _edition;

    /// <summary>The id of the hook that is open, or "new".</summary>
    [SupplyParameterFromQuery(Name = "hook")]
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
        _keys = await keys.ListAsync(await Admin.GetAsync(authentication), _closed.Token);
        _tags = [.. (await tags.ListAsync(_closed.Token)).Where(tag => tag.IsOffered)];
        await LoadAsync();
        Open();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != Opened && _hooks is not null)
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

    private string? AddressOf(long? hookId) => hookId is { } id ? publicAddress.Link(Urls.HookAddress(id), navigation.BaseUri) : null;

    private void Open()
    {
        (_shown, _made, _problems, _said) = (Opened, null, s_noProblems, null);
        _edition++;
        _draft = Opened == NewHook ? new HookDraft { MailboxId = _mailboxes.Count > 0 ? _mailboxes[0].Id : 0 }
            : _hooks!.FirstOrDefault(hook => hook.Id == OpenedId) is { } hook ? HookDraft.Of(hook.Settings)
            : null;
    }

    private async Task LoadAsync()
    {
        var actor = await Admin.GetAsync(authentication);
        _received = OpenedId is { } opened ? await queries.BodiesAsync(opened, actor, _closed.Token) : [];
        _hooks = await queries.ListAsync(actor, _closed.Token);
    }

    private Task SaveAsync() => ChangeAsync(rotate: false);

    private Task RotateAsync() => ChangeAsync(rotate: true);

    private Task ChangeAsync(bool rotate) => DoAsync(async actor =>
    {
        var isNew = OpenedId is null;
        var input = _draft!.ToInput();
        var result = (OpenedId ?? _made) is { } id
            ? await editing.UpdateAsync(id, input, rotate, actor, Admin.Origin, _closed.Token)
            : await editing.AddAsync(input, actor, Admin.Origin, _closed.Token);
        _problems = result.Errors;
        if (result.HookId is { } saved)
        {
            (_made, _secret, _said, _draft.Secret) = (saved, result.Secret ?? _secret, WebhooksText.Saved, null);
            if (isNew)
            {
                navigation.NavigateTo(Urls.Hook(saved));
            }
        }
    });

    private Task RemoveAsync() => DoAsync(async actor =>
    {
        await editing.RemoveAsync(OpenedId!.Value, actor, Admin.Origin, _closed.Token);
        _secret = null;
        navigation.NavigateTo(Urls.Hooks);
    });

    private async Task DoAsync(Func<Actor, Task> act)
    {
        if (_busy)
        {
            return;
        }

        (_busy, _said, _problems) = (true, null, s_noProblems);
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
