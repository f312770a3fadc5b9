using System.Globalization;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Options;

namespace Enneo.Web.Microsoft365;

/// <summary>
/// Connect Account: leads to a provider's login in another tab, and fills in what comes back. The tokens themselves
/// never leave the server: dots stand for them.
/// </summary>
public sealed partial class AccountConnection(
    AccountQueries accounts,
    AccountConnecting connecting,
    Microsoft365SettingsEditing settings,
    ProviderQueries providers,
    MailboxEditing editing,
    SendingRoadCheck roads,
    ReceivingRoadCheck receivingRoads,
    RedirectAddress redirect,
    BrowserTime time,
    TimeProvider clock,
    IOptions<AlertOptions> alerts,
    AuthenticationStateProvider authentication) : ComponentBase, IDisposable
{
    private const string Dots = "••••••••••••••••";

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _closed = new();
    private readonly string _form = Guid.NewGuid().ToString("N");
    private IReadOnlyList<ConnectionTarget>? _targets;
    private ConnectionTarget? _target;
    private AccountView? _stored;
    private ConnectProgress? _progress;
    private DateTimeOffset? _begunAt;
    private long? _knownId;
    private string _session = "";
    private string _clientId = "";
    private string? _consentLink;
    private string? _pasted;
    private string? _said;
    private SendingRoad? _road;
    private string? _imapProblem;
    private bool _isLooking;
    private bool _isShared;

    /// <summary>microsoft365 | google | oauth; it stays as long as this is shown.</summary>
    [Parameter]
    public string Method { get; set; } = "microsoft365";

    /// <summary>Of the mailbox, as it stands in the form.</summary>
    [Parameter, EditorRequired]
    public required string Address { get; set; }

    /// <summary>Null for a mailbox that is not there yet.</summary>
    [Parameter]
    public long? MailboxId { get; set; }

    /// <summary>What is wrong with the connection, says whoever saves.</summary>
    [Parameter]
    public IReadOnlyList<string> Errors { get; set; } = [];

    /// <summary>Told the id of an account that can be saved with the mailbox.</summary>
    [Parameter]
    public EventCallback<long> OnConnected { get; set; }

    /// <summary>Null while nobody has looked which road is open.</summary>
    [Parameter]
    public bool? SendsByGraph { get; set; }

    [Parameter]
    public EventCallback<bool?> SendsByGraphChanged { get; set; }

    /// <summary>Null while nobody has looked which road is open.</summary>
    [Parameter]
    public bool? ReceivesByGraph { get; set; }

    [Parameter]
    public EventCallback<bool?> ReceivesByGraphChanged { get; set; }

    private AccountView? Shown => _progress?.Account ?? _stored;

    private bool CanConnect => Address.Trim() is { Length: > 2 } address && address.IndexOf('@', StringComparison.Ordinal) is var at and > 0 && at < address.Length - 1;

    private string ConnectLink => string.Create(
        CultureInfo.InvariantCulture,
        $"{(IsMicrosoft ? Urls.Microsoft365Connect : Urls.ProviderConnect)}?form={_form}&address={Uri.EscapeDataString(Address.Trim())}{(MailboxId is { } id ? $"&account={id}" : "")}{(_target?.ProviderId is { } provider ? $"&provider={provider}" : "")}{(IsMicrosoft ? _isShared ? "&shared=true" : "&shared=false" : "")}");

    private bool IsMicrosoft => Method == "microsoft365";

    private string SetUpAddress => Method switch { "google" => Urls.NewGoogle, "oauth" => Urls.NewProvider, _ => Urls.Microsoft365 };

    private string NotSetUp => Method switch { "google" => ConnectText.NotSetUpGoogle, "oauth" => ConnectText.NotSetUpOther, _ => ConnectText.NotSetUp };

    private bool IsWaiting => _begunAt is not null && _progress is not { HasEnded: true };

    private bool IsLate => IsWaiting && clock.GetUtcNow() - _begunAt > alerts.Value.LoginUnfinishedFor;

    private string? Words => _said
        ?? _progress?.Cause?.Sentence
        ?? (IsWaiting ? ConnectText.Waiting : null)
        ?? Shown?.Cause?.Sentence;

    private string? RoadWords => _road switch
    {
        { IsGraph: true } => ConnectText.RoadChecked,
        { SmtpProblem: { } smtp } => string.Format(CultureInfo.CurrentCulture, ConnectText.RoadNone, smtp, _road.GraphProblem),
        _ => null,
    };

    protected override async Task OnInitializedAsync()
    {
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        _session = SessionClaims.FindSessionId(user) ?? "";
        _stored = MailboxId is { } id ? await accounts.FindAsync(id, _closed.Token) : null;
        _isShared = _stored is { IsShared: true };
        if (IsMicrosoft)
        {
            var view = await settings.FindAsync(_closed.Token);
            (_clientId, _target) = (view.Settings.ClientId, ConnectionTarget.Of(view));
            _consentLink = (await connecting.ConsentLinkAsync(redirect.Uri, _closed.Token))?.ToString();
            _targets = [];
            return;
        }

        _targets = [.. (await providers.ListAsync(_closed.Token)).Where(provider => provider.Settings.IsGoogle == (Method == "google")).Select(ConnectionTarget.Of)];
        _target = _targets.FirstOrDefault(target => target.ProviderId == _stored?.ProviderId) ?? (_targets.Count > 0 ? _targets[0] : null);
    }

    private void ChooseProvider(ChangeEventArgs chosen) =>
        _target = _targets?.FirstOrDefault(target => target.ProviderId?.ToString(CultureInfo.InvariantCulture) == chosen.Value as string) ?? _target;

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    private void Begin()
    {
        (_begunAt, _knownId, _progress, _said) = (clock.GetUtcNow(), Shown?.Id, null, null);
        if (!_isLooking)
        {
            _isLooking = true;
            _ = LookAsync();
        }
    }

    /// <summary>Until the other tab has come back; however long that takes.</summary>
    private async Task LookAsync()
    {
        try
        {
            using PeriodicTimer timer = new(s_look, clock);
            while (IsWaiting && await timer.WaitForNextTickAsync(_closed.Token))
            {
                await LookOnceAsync();
            }
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // The form was closed meanwhile.
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception); // the page's error boundary shows it
        }
        finally
        {
            _isLooking = false;
        }
    }

    private async Task LookOnceAsync()
    {
        if (_begunAt is { } begun && await accounts.ProgressAsync(_form, _session, begun - s_look, _knownId, _closed.Token) is { } progress)
        {
            _progress = progress;
            await TellAsync();
        }

        StateHasChanged();
    }

    private async Task TellAsync()
    {
        if (_progress?.Account is { IsUsable: true } account)
        {
            await OnConnected.InvokeAsync(account.Id);
            if (MailboxId is null && IsMicrosoft)
            {
                _road = await roads.FindAsync(account.Address, account.Id, _closed.Token);
                await SendsByGraphChanged.InvokeAsync(_road.IsGraph);
                var receiving = await receivingRoads.RunAsync(account.Address, account.Id, _closed.Token);
                _imapProblem = receiving.IsByGraph ? receiving.ImapProblem : null;
                await ReceivesByGraphChanged.InvokeAsync(receiving.IsByGraph);
            }
        }
    }

    private Task ChooseRoadAsync(ChangeEventArgs chosen)
    {
        _road = null;
        return SendsByGraphChanged.InvokeAsync(chosen.Value is "graph");
    }

    private Task ChooseReceivingRoadAsync(ChangeEventArgs chosen)
    {
        _imapProblem = null;
        return ReceivesByGraphChanged.InvokeAsync(chosen.Value is "graph");
    }

    private async Task ShareAsync()
    {
        if (Shown is not { } account)
        {
            return;
        }

        var actor = await Admin.GetAsync(authentication);
        await accounts.ShareAsync(account.Id, _closed.Token);
        _said = ConnectText.SharedAgain;
        _isShared = true;
        if (MailboxId is { } mailboxId)
        {
            _said = await editing.ReconnectAsync(mailboxId, account.Id, actor, Admin.Origin, _closed.Token) ?? _said;
            _stored = await accounts.FindAsync(mailboxId, _closed.Token);
        }

        _progress = _progress is { } progress ? progress with { Account = account with { IsShared = true } } : null;
        await TellAsync();
    }

    /// <summary>The app's own access ended so.</summary>
    private async Task EndedAsync(ConnectProgress progress)
    {
        (_progress, _said) = (progress, null);
        if (progress.Account is { } account && MailboxId is { } mailboxId)
        {
            _said = await editing.ReconnectAsync(mailboxId, account.Id, await Admin.GetAsync(authentication), Admin.Origin, _closed.Token);
        }

        await TellAsync();
    }

    private async Task PasteAsync()
    {
        var actor = await Admin.GetAsync(authentication);
        _said = ConnectText.PasteInvalid;
        if (CallbackQuery.OfPasted(_pasted) is { } callback)
        {
            var result = await connecting.FinishAsync(callback with { By = actor }, _session, _closed.Token);
            _said = result.End switch
            {
                ConnectEnd.NotExpected => ConnectText.DoneUnexpectedWords,
                ConnectEnd.ConsentGiven => ConnectText.DoneConsentWords,
                _ when result is { MailboxId: { } mailboxId, Account: { IsUsable: true } account } =>
                    await editing.ReconnectAsync(mailboxId, account.Id, actor, Admin.Origin, _closed.Token),
                _ => null,
            };
            if (result.End is ConnectEnd.Connected or ConnectEnd.Refused)
            {
                _progress = new ConnectProgress(HasEnded: true, result.Account, result.Cause);
                await TellAsync();
            }
        }

        _pasted = null; // a code belongs on no page
    }
}
