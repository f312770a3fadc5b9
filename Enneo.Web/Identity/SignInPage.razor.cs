using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Identity;

public sealed partial class SignInPage(SignIn signIn, NavigationManager navigation) : ComponentBase
{
    private string? _problem;

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

    private async Task SubmitAsync()
    {
        _problem = await signIn.TryAsync(
            Form?.Email ?? "", Form?.Password ?? "", HttpContext.Connection.RemoteIpAddress, HttpContext.RequestAborted);
        if (_problem is null)
        {
            navigation.NavigateTo(Urls.LocalOrHome(ReturnUrl));
        }
    }

    public sealed class SignInForm
    {
        public string? Email { get; set; }
        public string? Password { get; set; }
    }
}
