using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.OAuth;
using Enneo.Web.Identity;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Enneo.Web.OAuth;

/// <summary>Settings → Google and others: who besides Microsoft signs people in for their mailboxes.</summary>
public sealed partial class ProvidersPage(
    ProviderQueries queries, ProviderEditing editing, Sessions sessions, NavigationManager navigation, AuthenticationStateProvider authentication) : ComponentBase, IDisposable
{
    /// <summary>In place of an id, as in <see cref="Urls.NewGoogle"/> and <see cref="Urls.NewProvider"/>.</summary>
    private const string Google = "google";
    private const string New = "new";

    private static readonly Dictionary<string, string[]> s_noProblems = [];

    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<ProviderView>? _providers;
    private IReadOnlyDictionary<string, string[]> _problems = s_noProblems;
    private ProviderDraft? _draft;
    private string? _said;
    private string? _removed;
    private string? _shown;
    private long? _justSaved;
    private bool _hasSecret;
    private bool _busy;
    private int _edition;

    /// <summary>The id of the provider that is open, "google" or "new".</summary>
    [SupplyParameterFromQuery(Name = "provider")]
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
        await LoadAsync();
        Open();
    }

    protected override void OnParametersSet()
    {
        if (_shown != Opened && _providers is not null)
        {
            Open();
        }
    }

    private void Open()
    {
        (_shown, _problems) = (Opened, s_noProblems);
        _justSaved = OpenedId is null || OpenedId == _justSaved ? _justSaved : null;
        _said = OpenedId is not null && _justSaved is not null ? ProvidersText.Saved : null;
        _edition++;
        var stored = _providers!.FirstOrDefault(provider => provider.Id == OpenedId || (Opened == Google && provider.Settings.IsGoogle));
        _hasSecret = stored?.HasSecret is true;
        _draft = stored is not null ? new ProviderDraft(stored.Settings)
            : Opened == Google ? new ProviderDraft(ProviderInput.Google)
            : Opened == New ? new ProviderDraft(new ProviderInput())
            : null;
    }

    private async Task LoadAsync() => _providers = await queries.ListAsync(_closed.Token);

    private Task SaveAsync() => DoAsync(async actor =>
    {
        var result = await editing.SaveAsync(OpenedId, _draft!.ToInput(), actor, Admin.Origin, _closed.Token);
        _problems = result.Errors;
        _draft.TrustsNew &= _problems.ContainsKey(ProviderEditing.TrustField); // what was said counts for what was asked
        if (result.ProviderId is not { } saved)
        {
            return;
        }

        _justSaved = saved;
        await LoadAsync();
        if (OpenedId is null)
        {
            navigation.NavigateTo(Urls.Provider(saved), replace: true); // which opens it
        }
        else
        {
            Open();
        }
    });

    private async Task CheckAsync()
    {
        (_busy, _said) = (true, null);
        _said = OpenedId is { } id && await editing.CheckAsync(id, _closed.Token) is { } cause ? cause.Sentence : ProvidersText.CheckedWell;
        _busy = false;
    }

    private Task RemoveAsync() => DoAsync(async actor =>
    {
        if (OpenedId is not { } id)
        {
            return;
        }

        _said = await editing.RemoveAsync(id, actor, Admin.Origin, _closed.Token);
        if (_said is null)
        {
            _removed = string.Format(CultureInfo.CurrentCulture, ProvidersText.Removed, _draft?.Name);
            await LoadAsync();
            navigation.NavigateTo(Urls.Providers);
        }
    });

    /// <summary>For who gave a proof a moment ago, since a browser may stand open where others pass.</summary>
    private async Task DoAsync(Func<Actor, Task> act)
    {
        if (await Admin.ProvenAsync(authentication, sessions, _closed.Token) is not { } actor)
        {
            navigation.NavigateTo(Urls.ProofFor(new Uri(navigation.Uri).PathAndQuery), forceLoad: true);
            return;
        }

        (_busy, _said, _removed, _justSaved, _problems) = (true, null, null, null, s_noProblems);
        try
        {
            await act(actor);
        }
        finally
        {
            _busy = false;
        }
    }
}
