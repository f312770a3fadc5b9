using Enneo.Core.Identity.Factors;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Identity;

/// <summary>The second step of signing in.</summary>
public sealed partial class SignInCodePage(SignIn signIn, HalfSignedIn halfway, FactorQueries queries, NavigationManager navigation) : ComponentBase
{
    private FactorOverview? _factors;
    private string? _problem;

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromForm]
    public CodeForm? Form { get; set; }

    [SupplyParameterFromQuery(Name = "returnUrl")]
    public string? ReturnUrl { get; set; }

    protected override async Task OnInitializedAsync()
    {
        if (await halfway.FindAsync(HttpContext) is { } userId)
        {
            _factors = await queries.OfAsync(userId, HttpContext.RequestAborted);
        }
    }

    private async Task SubmitAsync()
    {
        var outcome = Form?.Credential is { Length: > 0 } credential
            ? await signIn.TryPasskeyAsync(credential, HttpContext)
            : await signIn.TryCodeAsync(Form?.Code ?? "", HttpContext);
        _problem = outcome.Problem;
        if (_problem is null)
        {
            navigation.NavigateTo(Urls.LocalOrHome(ReturnUrl));
        }
    }

    public sealed class CodeForm
    {
        public string? Credential { get; set; }
        public string? Code { get; set; }
    }
}
