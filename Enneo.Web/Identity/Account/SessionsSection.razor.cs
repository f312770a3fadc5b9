using Enneo.Core.Identity;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;

namespace Enneo.Web.Identity.Account;

public sealed partial class SessionsSection(AccountOwner owner, Sessions sessions, NavigationManager navigation) : ComponentBase
{
    private const string ElsewhereOnly = "elsewhere";
    private const string HereToo = "here-too";

    private IReadOnlyList<Session>? _sessions;

    [SupplyParameterFromForm(FormName = "sessions")]
    public SessionsForm? Form { get; set; }

    protected override async Task OnInitializedAsync() => _sessions = await sessions.ListAsync(owner.Id, owner.Context.RequestAborted);

    /// <summary>Asks for no proof: whoever signs somebody out can do no harm that a new sign-in does not mend.</summary>
    private async Task EndAsync()
    {
        var cancellationToken = owner.Context.RequestAborted;
        switch (Form)
        {
            case { Everywhere: HereToo }:
                await sessions.EndAllAsync(owner.Id, null, owner.Actor, AccountOwner.Origin, cancellationToken);
                await owner.Context.SignOutAsync(IdentityConstants.ApplicationScheme);
                navigation.NavigateTo(Urls.SignIn);
                break;
            case { Everywhere: ElsewhereOnly }:
                await sessions.EndAllAsync(owner.Id, owner.SessionId, owner.Actor, AccountOwner.Origin, cancellationToken);
                navigation.NavigateTo(Urls.AccountAfter(AccountPage.SessionsEnded));
                break;
            case { Session: { } session }:
                await sessions.EndAsync(owner.Id, session, owner.Actor, AccountOwner.Origin, cancellationToken);
                navigation.NavigateTo(Urls.AccountAfter(AccountPage.SessionEnded));
                break;
        }
    }

    public sealed class SessionsForm
    {
        public string? Session { get; set; }
        public string? Everywhere { get; set; }
    }
}
