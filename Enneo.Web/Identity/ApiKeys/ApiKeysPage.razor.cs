using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Mailboxes;
using Enneo.Web.Inbox;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;

namespace Enneo.Web.Identity.ApiKeys;

/// <summary>Settings → API keys: the keys of programs, and everybody's, so that any can be taken away.</summary>
public sealed partial class ApiKeysPage(
    ApiKeyQueries queries,
    ApiKeyEditing editing,
    MailboxQueries mailboxes,
    Sessions sessions,
    BrowserTime time,
    AuthenticationStateProvider authentication,
    NavigationManager navigation,
    IJSRuntime js) : ComponentBase, IDisposable
{
    private const string Module = "./js/copy.js";

    private readonly CancellationTokenSource _closed = new();
    private ElementReference _title;
    private ElementReference _copy;
    private IReadOnlyList<ApiKeyListing>? _keys;
    private IReadOnlyList<MailboxListing> _mailboxes = [];
    private IReadOnlyCollection<long> _chosen = [];
    private ApiScopes _scopes = ApiScopes.Read;
    private string _name = "";
    private string? _problem;
    private string? _secret;
    private long? _asked;
    private bool _isLimited;
    private bool _isNew;
    private bool _busy;

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        _mailboxes = await mailboxes.ListAsync(Reach.All, _closed.Token);
        await LoadAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_isNew)
        {
            _isNew = false;
            await _title.FocusAsync();
            await using var module = await js.InvokeAsync<IJSObjectReference>("import", Module);
            await module.InvokeVoidAsync("watch", _copy);
        }
    }

    private async Task LoadAsync() => _keys = await queries.ListAsync(await Admin.GetAsync(authentication), _closed.Token);

    private async Task MakeAsync()
    {
        if (await Admin.ProvenAsync(authentication, sessions, _closed.Token) is not { } actor)
        {
            navigation.NavigateTo(Urls.ProofFor(Urls.ApiKeys), forceLoad: true);
            return;
        }

        if (_busy || _secret is not null)
        {
            return; // a second click: the key is made, and shown once
        }

        _busy = true;
        var made = await editing.AddServiceAsync(new NewApiKey(_name, _scopes, _isLimited ? _chosen : null), actor, Admin.Origin, _closed.Token);
        (_busy, _problem) = (false, made.Problem);
        if (made.Succeeded)
        {
            (_secret, _isNew) = (made.Secret, true);
            (_name, _scopes, _isLimited, _chosen) = ("", ApiScopes.Read, false, []);
            await LoadAsync();
        }
    }

    private async Task RevokeAsync(long keyId)
    {
        await editing.RevokeAsync(keyId, await Admin.GetAsync(authentication), Admin.Origin, _closed.Token);
        _asked = null;
        await LoadAsync();
    }
}
