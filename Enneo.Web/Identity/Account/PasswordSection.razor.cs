using Enneo.Core.Identity;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Identity.Account;

public sealed partial class PasswordSection(AccountOwner owner, SignIn signIn, Accounts accounts, NavigationManager navigation) : ComponentBase
{
    private string? _wrong;
    private string? _problem;

    [SupplyParameterFromForm(FormName = "password")]
    public PasswordForm? Form { get; set; }

    private async Task SubmitAsync()
    {
        _wrong = (await signIn.ProveAsync(owner.Email, Form?.Present ?? "", owner.SessionId, owner.Context)).Problem;
        if (_wrong is not null)
        {
            return;
        }

        var changed = await accounts.ChangePasswordAsync(
            owner.Id, owner.Email, Form?.New ?? "", owner.SessionId, owner.Actor, AccountOwner.Origin, owner.Context.RequestAborted);
        _problem = changed.Problem;
        if (changed.Succeeded)
        {
            navigation.NavigateTo(Urls.AccountAfter(AccountPage.PasswordChanged));
        }
    }

    public sealed class PasswordForm
    {
        public string? Present { get; set; }
        public string? New { get; set; }
    }
}
