using Enneo.Core.Identity;
using Enneo.Core.Identity.Invitations;
using Enneo.Core.Microsoft365;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Identity;

/// <summary>Where an invited person chooses a password and is in. Looking at it uses nothing up; joining does.</summary>
public sealed partial class InvitationPage(InvitationQueries invitations, Inviting inviting, PeopleSignIn people, SignIn signIn, NavigationManager navigation) : ComponentBase
{
    private InvitationOffer? _offer;
    private AccountResult? _problem;
    private bool _offersMicrosoft;

    [Parameter]
    public string Token { get; set; } = "";

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromForm]
    public InvitationForm? Form { get; set; }

    private string ClosedWords => _offer?.State switch
    {
        InvitationState.Expired => IdentityText.InvitationExpired,
        InvitationState.Used => IdentityText.InvitationUsed,
        InvitationState.Withdrawn => IdentityText.InvitationWithdrawn,
        _ => IdentityText.InvitationUnknown,
    };

    protected override async Task OnInitializedAsync()
    {
        _offer = await invitations.FindAsync(Token, HttpContext.RequestAborted);
        _offersMicrosoft = (await people.SettingsAsync(HttpContext.RequestAborted)).IsOn;
    }

    private async Task SubmitAsync()
    {
        var joined = await inviting.AcceptAsync(Token, Form?.Name ?? "", Form?.Password ?? "", "web", HttpContext.RequestAborted);
        if (joined.UserId is not { } userId)
        {
            _problem = joined;
            _offer = await invitations.FindAsync(Token, HttpContext.RequestAborted);
            return;
        }

        await signIn.StartSessionAsync(userId, SignInMethod.Password, HttpContext);
        navigation.NavigateTo(Urls.Home);
    }

    public sealed class InvitationForm
    {
        public string? Name { get; set; }
        public string? Password { get; set; }
    }
}
