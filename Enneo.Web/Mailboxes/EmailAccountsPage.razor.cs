using System.Globalization;
using System.Security.Claims;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;

namespace Enneo.Web.Mailboxes;

/// <summary>Settings → Email Accounts: how every mailbox is doing, and one of them opened to edit.</summary>
public sealed partial class EmailAccountsPage(
    MailboxReports reports,
    MailboxEditing editing,
    MailboxQueries queries,
    MailboxRemoval removal,
    GoingLive goingLive,
    WaitingChangeDecisions decisions,
    FolderEditing folderEditing,
    ConnectionTest connectionTest,
    ServerProposals proposals,
    Accounts accounts,
    LiveFeed feed,
    TimeProvider clock,
    BrowserTime time,
    NavigationManager navigation,
    AuthenticationStateProvider authentication,
    IJSRuntime script) : ComponentBase, IDisposable
{
    private const string Origin = "web";

    /// <summary>In place of an id, as in <see cref="Urls.NewEmailAccount"/>.</summary>
    private const string NewAccount = "new";

    private readonly CancellationTokenSource _closed = new();
    private AccountRefresh? _refresh;
    private IReadOnlyList<MailboxReport>? _reports;
    private IReadOnlyList<FailedMail> _failed = [];
    private IReadOnlyList<FolderDetail> _folders = [];
    private IReadOnlyList<Person> _people = [];
    private IReadOnlyList<string> _notices = [];
    private string? _removed;
    private MailboxInput? _input;
    private bool? _isAdmin;
    private bool _isMissing;
    private string? _opened;
    private string _recipient = "";
    private int _edition;

    /// <summary>The id of the mailbox that is open, or "new".</summary>
    [SupplyParameterFromQuery]
    public string? Account { get; set; }

    private bool IsPanelOpen => !string.IsNullOrEmpty(Account);

    private long? Selected => long.TryParse(Account, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    protected override async Task OnInitializedAsync()
    {
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        _isAdmin = user.IsInRole(Roles.Admin);
        if (_isAdmin is false)
        {
            return;
        }

        _recipient = user.FindFirstValue(ClaimTypes.Email) ?? user.Identity?.Name ?? "";
        await LoadAsync();
        if (RendererInfo.IsInteractive)
        {
            _refresh = new AccountRefresh(feed, clock, () => InvokeAsync(RefreshAsync));
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_isAdmin is true && _opened != Account)
        {
            _notices = [];
            await OpenAsync();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await time.AskAsync(script, _closed.Token);
            StateHasChanged();
        }
    }

    public void Dispose()
    {
        _refresh?.Dispose();
        _closed.Cancel();
        _closed.Dispose();
    }

    private async Task LoadAsync()
    {
        _reports = await reports.ListAsync(_closed.Token);
        var failed = _reports.FirstOrDefault(report => report.Mailbox.Id == Selected)?.Ledger.Failed ?? 0;
        _folders = Selected is { } opened ? await queries.FolderDetailsAsync(Reach.All, opened, _closed.Token) : [];
        _failed = failed > 0 && Selected is { } id ? await reports.FailedAsync(id, _closed.Token) : [];
    }

    private async Task OpenAsync()
    {
        _opened = Account;
        _removed = IsPanelOpen ? null : _removed;
        _edition++;
        _input = Account == NewAccount ? new MailboxInput()
            : Selected is { } id ? await editing.FindAsync(id, _closed.Token)
            : null;
        _people = IsPanelOpen ? await accounts.ListAsync(_closed.Token) : [];
        _isMissing = IsPanelOpen && _input is null;
        await LoadAsync();
    }

    private async Task RefreshAsync()
    {
        try
        {
            await LoadAsync();
            StateHasChanged();
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // The page was left meanwhile.
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception); // the page's error boundary shows it
        }
    }

    private async Task<MailboxEditResult> SaveAsync(MailboxInput input)
    {
        var actor = await AdminAsync();
        var result = Selected is { } id
            ? await editing.UpdateAsync(id, input, actor, Origin, _closed.Token)
            : await editing.AddAsync(input, actor, Origin, _closed.Token);
        if (result.MailboxId is { } saved)
        {
            _notices = [Selected is not null ? AccountsText.Saved : input.Data.Method == "api" ? AccountsText.AddedWithoutServer : AccountsText.Added, .. result.Notes];
            await ShowAsync(saved);
        }

        return result;
    }

    private async Task EnableAsync(bool enable)
    {
        if (Selected is { } id)
        {
            var actor = await AdminAsync();
            var found = enable
                ? await editing.EnableAsync(id, actor, Origin, _closed.Token)
                : await editing.PauseAsync(id, actor, Origin, _closed.Token);
            _notices = found && enable ? [AccountsText.Resumed] : [];
            await ShowAsync(id);
        }
    }

    private async Task SyncNowAsync(long mailboxId) => await removal.RequestSyncAsync(mailboxId, await AdminAsync(), Origin, _closed.Token);

    private int AnswersOf(long mailboxId) => _reports?.FirstOrDefault(report => report.Mailbox.Id == mailboxId)?.WaitingAnswers ?? 0;

    private async Task GoLiveAsync(long mailboxId, bool apply)
    {
        var live = await goingLive.RunAsync(mailboxId, apply, await AdminAsync(), Origin, _closed.Token);
        _notices = live ? [AccountsText.IsLive] : [];
        await ShowAsync(mailboxId);
    }

    private async Task TryAgainAsync(IReadOnlyCollection<long> changeIds) =>
        await decisions.TryAgainAsync(changeIds, await AdminAsync(), Origin, _closed.Token);

    private async Task UndoAsync(IReadOnlyCollection<long> changeIds) =>
        await decisions.UndoAsync(changeIds, await AdminAsync(), Origin, _closed.Token);

    private async Task SetRoleAsync((long FolderId, FolderRole Role) change)
    {
        await folderEditing.SetRoleAsync(change.FolderId, change.Role, await AdminAsync(), Origin, _closed.Token);
        await LoadAsync();
    }

    private async Task SetSyncedAsync((long FolderId, bool IsSynced) change)
    {
        await folderEditing.SetSyncedAsync(change.FolderId, change.IsSynced, await AdminAsync(), Origin, _closed.Token);
        await LoadAsync();
    }

    private async Task RemoveAsync(long mailboxId, bool erase)
    {
        var name = _input?.Name ?? "";
        await removal.RemoveAsync(mailboxId, erase, await AdminAsync(), Origin, _closed.Token);
        _removed = AccountWords.Text(erase ? AccountsText.RemovedErasing : AccountsText.Removed, name);
        Account = null;
        navigation.NavigateTo(Urls.EmailAccounts, replace: true);
        await OpenAsync();
        StateHasChanged();
    }

    private async Task<int> RetryAsync(long mailboxId)
    {
        await AdminAsync();
        var readable = await reports.RetryFailedAsync(mailboxId, _closed.Token);
        await LoadAsync();
        return readable;
    }

    private IAsyncEnumerable<TestStep> TestAsync(MailboxInput input, CancellationToken cancellationToken) =>
        connectionTest.RunAsync(input, Selected, cancellationToken);

    private IAsyncEnumerable<TestStep> SendAsync(MailboxInput input, string recipient, CancellationToken cancellationToken) =>
        connectionTest.SendAsync(input, Selected, recipient, cancellationToken);

    /// <summary>Opens the mailbox as it is stored now.</summary>
    private async Task ShowAsync(long mailboxId)
    {
        var link = Urls.EmailAccount(mailboxId);
        if (Selected != mailboxId)
        {
            Account = mailboxId.ToString(CultureInfo.InvariantCulture);
            navigation.NavigateTo(link, replace: true);
        }

        await OpenAsync();
        StateHasChanged();
    }

    /// <summary>Who acts: asked again each time, since a session may outlive its rights.</summary>
    /// <exception cref="UnauthorizedAccessException">No admin (any more).</exception>
    private async Task<Actor> AdminAsync()
    {
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        return user.IsInRole(Roles.Admin)
            ? SessionClaims.ActorOf(user)
            : throw new UnauthorizedAccessException("Only admins change email accounts.");
    }
}
