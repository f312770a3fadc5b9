using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Identity.Invitations;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sending;
using Enneo.Web.Inbox;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;

namespace Enneo.Web.Identity;

/// <summary>Settings → People: who is here or invited, what each may see, and one of them opened to change that.</summary>
public sealed partial class PeoplePage(
    Accounts accounts,
    InvitationQueries invitations,
    Inviting inviting,
    PeopleEditing editing,
    InvitationMail invitationMail,
    MailboxQueries mailboxes,
    LiveFeed feed,
    BrowserTime time,
    NavigationManager navigation,
    PublicAddress publicAddress,
    AuthenticationStateProvider authentication,
    IJSRuntime js) : ComponentBase, IDisposable
{
    private const string Origin = "web";
    private const string NewPerson = "new";
    private const string InvitedPrefix = "invited-";

    private readonly CancellationTokenSource _closed = new();
    private ElementReference _title;
    private IDisposable? _subscription;
    private IReadOnlyList<Person>? _people;
    private IReadOnlyList<InvitedPerson> _invited = [];
    private IReadOnlyList<MailboxListing> _mailboxes = [];
    private InvitationLink? _link;
    private OwnMailResult? _mail;
    private AccountResult? _problem;
    private string? _said;
    private string? _shown;
    private bool _busy;
    private bool _focus;
    private int _edition;

    /// <summary>The id of the person that is open, "invited-" and that of an invitation, or "new".</summary>
    [SupplyParameterFromQuery(Name = "person")]
    public string? Opened { get; set; }

    private bool IsPanelOpen => !string.IsNullOrEmpty(Opened);

    private bool IsNew => Opened == NewPerson;

    private Person? Person => _people?.FirstOrDefault(person => Opened == IdOf(person));

    private InvitedPerson? Invitation => _invited.FirstOrDefault(invited => Opened == IdOf(invited));

    private string PanelTitle => IsNew && _link is null ? IdentityText.Invite : _link?.DisplayName ?? Invitation?.DisplayName ?? Person?.DisplayName ?? IdentityText.PeopleTitle;

    private string Summary => string.Join(" · ", ((string?[])
    [
        Words(_people!.Count == 1 ? IdentityText.PeopleOne : IdentityText.PeopleMany, _people.Count),
        _invited.Count == 0 ? null : Words(IdentityText.InvitedCount, _invited.Count),
    ]).OfType<string>());

    /// <summary>As it stands in the address of the page.</summary>
    internal static string IdOf(Person person) => person.Id.ToString(CultureInfo.InvariantCulture);

    internal static string IdOf(InvitedPerson invited) => string.Create(CultureInfo.InvariantCulture, $"{InvitedPrefix}{invited.Id}");

    public void Dispose()
    {
        _subscription?.Dispose();
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        await LoadAsync();
        if (RendererInfo.IsInteractive)
        {
            _subscription = feed.Subscribe(entries =>
            {
                if (entries.Any(entry => entry.Kind is ActivityKind.UserAdded or ActivityKind.UserInvited or ActivityKind.InvitationWithdrawn or ActivityKind.UserRoleChanged
                    or ActivityKind.UserAccessChanged or ActivityKind.UserDisabled or ActivityKind.UserEnabled or ActivityKind.MailboxAdded or ActivityKind.MailboxRemoved))
                {
                    _ = InvokeAsync(RefreshAsync);
                }
            });
        }
    }

    protected override void OnParametersSet()
    {
        if (_shown != Opened)
        {
            (_shown, _link, _mail, _problem, _said, _focus) = (Opened, null, null, null, null, IsPanelOpen);
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await time.AskAsync(js, _closed.Token);
            StateHasChanged();
        }

        if (_focus && _people is not null)
        {
            _focus = false;
            await _title.FocusAsync(preventScroll: true);
        }
    }

    private async Task LoadAsync()
    {
        var actor = await MeAsync();
        _mailboxes = await mailboxes.ListAsync(Reach.All, _closed.Token);
        _invited = await invitations.ListAsync(actor, _closed.Token);
        _people = await accounts.ListAsync(_closed.Token);
    }

    private async Task RefreshAsync()
    {
        try
        {
            await LoadAsync();
            StateHasChanged();
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException && _closed.IsCancellationRequested)
        {
            // The page was left meanwhile.
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }

    private Task InviteAsync(NewInvitation wanted) => LinkAsync(async actor => await inviting.InviteAsync(wanted, actor, Origin, _closed.Token));

    private Task InviteAgainAsync(long invitationId) => LinkAsync(async actor => await inviting.InviteAgainAsync(invitationId, actor, Origin, _closed.Token));

    private Task LinkAsync(Func<Actor, Task<InvitationResult>> invite) => DoAsync(async actor =>
    {
        var result = await invite(actor);
        _link = result.Link;
        _mail = result.Link is { } link ? await invitationMail.SendAsync(link, AddressOf(link), _closed.Token) : null;
        return result.Link is null ? new AccountResult(null, result.Field, result.Problem) : null;
    });

    private Task WithdrawAsync(long invitationId) => DoAsync(async actor =>
    {
        if (await inviting.WithdrawAsync(invitationId, actor, Origin, _closed.Token) is { } problem)
        {
            return new AccountResult(null, AccountField.None, problem);
        }

        navigation.NavigateTo(Urls.People);
        return null;
    });

    private Task SaveAsync(Person person, PersonForm.Change change) => DoAsync(async actor =>
        Outcome(await editing.ChangeAsync(person.Id, change.Role, change.MailboxIds, actor, Origin, _closed.Token), IdentityText.PersonSaved));

    private Task EnableAsync(Person person, bool enable) => DoAsync(async actor => enable
        ? Outcome(await editing.EnableAsync(person.Id, actor, Origin, _closed.Token), IdentityText.PersonEnabled)
        : Outcome(await editing.DisableAsync(person.Id, actor, Origin, _closed.Token), IdentityText.PersonDisabled));

    private AccountResult? Outcome(AccountResult result, string said)
    {
        _said = result.Succeeded ? said : null;
        _edition += result.Succeeded ? 1 : 0;
        return result.Succeeded ? null : result;
    }

    private async Task DoAsync(Func<Actor, Task<AccountResult?>> act)
    {
        (_busy, _problem, _said) = (true, null, null);
        try
        {
            _problem = await act(await MeAsync());
            await LoadAsync();
        }
        finally
        {
            _busy = false;
        }
    }

    private Uri AddressOf(InvitationLink link) => new(publicAddress.Link(Urls.Invitation(link.Token), navigation.BaseUri));

    private string InvitedWords(InvitedPerson invited) => Words(
        invited.IsExpired ? IdentityText.InvitedExpired : IdentityText.InvitedUntil, invited.Email, time.ForThread(invited.InvitedAt), time.Full(invited.ExpiresAt));

    private async Task<Actor> MeAsync() => Actor.User(SessionClaims.UserIdOf((await authentication.GetAuthenticationStateAsync()).User));

    private static string Words(string format, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.CurrentCulture, format, values);
}
