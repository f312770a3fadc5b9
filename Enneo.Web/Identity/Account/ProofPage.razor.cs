using Enneo.Core.Identity;
using Enneo.Core.Identity.Factors;
using Enneo.Core.Microsoft365;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Identity.Account;

/// <summary>Asks a person who is signed in for a fresh proof, since a browser may stand open where others pass.</summary>
public sealed partial class ProofPage(AccountOwner owner, SignIn signIn, FactorQueries queries, PeopleSignIn people, PeopleLinks links, NavigationManager navigation) : ComponentBase
{
    private string? _problem;
    private bool _hasPasskey;
    private bool _hasMicrosoft;

    [SupplyParameterFromForm]
    public ProofForm? Form { get; set; }

    [SupplyParameterFromQuery(Name = "returnUrl")]
    public string? ReturnUrl { get; set; }

    protected override async Task OnInitializedAsync()
    {
        _hasPasskey = (await queries.OfAsync(owner.Id, owner.Context.RequestAborted)).Passkeys.Count > 0;
        _hasMicrosoft = (await people.SettingsAsync(owner.Context.RequestAborted)).IsOn && await links.OfAsync(owner.Id, owner.Context.RequestAborted) is not null;
    }

    private async Task SubmitAsync()
    {
        var outcome = Form?.Credential is { Length: > 0 } credential
            ? await signIn.ProveByPasskeyAsync(owner.Id, credential, owner.SessionId, owner.Context)
            : await signIn.ProveAsync(owner.Email, Form?.Password ?? "", owner.SessionId, owner.Context);
        _problem = outcome.Problem;
        if (_problem is null)
        {
            navigation.NavigateTo(Urls.LocalOrHome(ReturnUrl));
        }
    }

    public sealed class ProofForm
    {
        public string? Credential { get; set; }
        public string? Password { get; set; }
    }
}
