using Enneo.Core.Microsoft365;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Identity;

public sealed partial class SignInPage(SignIn signIn, PeopleSignIn people, NavigationManager navigation) : ComponentBase
{
    private string? _problem;
    private bool _offersMicrosoft;

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromForm]
    public SignInForm? Form { get; set; }

    [SupplyParameterFromQuery(Name = "returnUrl")]
    public string? ReturnUrl { get; set; }

    protected override void OnInitialized()
    {
        if (HttpMethods.IsGet(HttpContext.Request.Method) && HttpContext.User.Identity?.IsAuthenticated is true)
        {
            navigation.NavigateTo(Urls.LocalOrHome(ReturnUrl));
        }
    }

    protected override async Task OnInitializedAsync() => _offersMicrosoft = (await people.SettingsAsync(HttpContext.RequestAborted)).IsOn;

    private async Task SubmitAsync()
    {
        var outcome = Form?.Credential is { Length: > 0 } credential
            ? await signIn.TryPasskeyAsync(credential, HttpContext)
            : await signIn.TryAsync(Form?.Email ?? "", Form?.Password ?? "", HttpContext);
        _problem = outcome.Problem;
        if (outcome.NeedsSecondStep)
        {
            navigation.NavigateTo(Urls.SignInCodeTo(ReturnUrl));
        }
        else if (_problem is null)
        {
            navigation.NavigateTo(Urls.LocalOrHome(ReturnUrl));
        }
    }

    public sealed class SignInForm
    {
        public string? Email { get; set; }
        public string? Password { get; set; }

        /// <summary>What the browser says about a passkey, as JSON; else empty.</summary>
        public string? Credential { get; set; }
    }
}
