using Enneo.Core.Identity;
using Enneo.Core.Identity.Invitations;
using Enneo.Web.Identity;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Microsoft365;

/// <summary>Where who was invited sees as whom they came back from Microsoft, and what they may do here, before that account is bound.</summary>
public sealed partial class JoinPage(PeopleJoining joining, PeopleDoor door, InvitationQueries invitations, NavigationManager navigation) : ComponentBase
{
    private MicrosoftPerson? _person;
    private InvitationRights? _rights;
    private InvitationOffer? _offer;
    private bool _isOther;

    [Parameter]
    public string Token { get; set; } = "";

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    /// <summary>Whom the page showed that was sent.</summary>
    [SupplyParameterFromForm(FormName = "join")]
    public string? Shown { get; set; }

    private string Sees => _rights is { Role: Roles.Admin } ? IdentityText.AllMailboxes
        : _rights is { Mailboxes: { Count: > 0 } names } ? string.Join(", ", names)
        : IdentityText.NoMailboxes;

    protected override async Task OnInitializedAsync()
    {
        if (joining.Find(HttpContext, Token) is { } person && await joining.RightsAsync(Token, person, HttpContext.RequestAborted) is { } rights)
        {
            (_person, _rights) = (person, rights);
            _offer = await invitations.FindAsync(Token, HttpContext.RequestAborted);
        }
        else
        {
            navigation.NavigateTo(Urls.Invitation(Token)); // which says what became of it, or begins anew
        }
    }

    private async Task JoinAsync()
    {
        if (_person is not { } person || _rights is not { } rights)
        {
            return;
        }

        _isOther = !joining.IsShown(Shown, Token, person, rights);
        if (!_isOther)
        {
            navigation.NavigateTo((await door.JoinAsync(HttpContext, Token, person)).Url);
        }
    }
}
