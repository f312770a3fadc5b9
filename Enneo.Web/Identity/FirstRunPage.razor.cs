using Enneo.Core.Identity;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Identity;

public sealed partial class FirstRunPage(Accounts accounts, SignIn signIn, FirstRunCode code, NavigationManager navigation)
    : ComponentBase
{
    private AccountResult? _problem;

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromForm]
    public FirstRunForm? Form { get; set; }

    private bool IsLocal => Security.IsLocal(HttpContext);

    protected override async Task OnInitializedAsync()
    {
        if (!await accounts.IsFirstRunOpenAsync(HttpContext.RequestAborted))
        {
            navigation.NavigateTo(Urls.SignIn);
        }
    }

    private async Task SubmitAsync()
    {
        if (!IsLocal && !code.Matches(Form?.Code))
        {
            _problem = new AccountResult(null, AccountField.None, IdentityText.FirstRunCodeWrong);
            return;
        }

        var added = await accounts.AddFirstAdminAsync(
            new NewAccount(Form?.Email ?? "", Form?.Name ?? "", Roles.Admin, Form?.Password ?? ""), "web", HttpContext.RequestAborted);
        if (added.UserId is not { } userId)
        {
            _problem = added;
            return;
        }

        await signIn.StartSessionAsync(userId, SignInMethod.Password, HttpContext);
        navigation.NavigateTo(Urls.EmailAccounts);
    }

    public sealed class FirstRunForm
    {
        public string? Code { get; set; }
        public string? Name { get; set; }
        public string? Email { get; set; }
        public string? Password { get; set; }
    }
}
