using Enneo.Core.Identity.Factors;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Identity.Account;

/// <summary>Sets up an authenticator app, confirmed by its first code.</summary>
public sealed partial class AuthenticatorPage(AccountOwner owner, AuthenticatorApps apps, NavigationManager navigation) : ComponentBase
{
    private AppSecret? _secret;
    private IReadOnlyList<string>? _codes;
    private bool _isWrong;

    [SupplyParameterFromForm]
    public CodeForm? Form { get; set; }

    protected override async Task OnInitializedAsync()
    {
        if (await owner.HasProvenAsync())
        {
            _secret = await apps.BeginAsync(owner.Id, owner.Email, owner.Context.RequestAborted);
        }
        else
        {
            navigation.NavigateTo(Urls.ProofFor(Urls.AccountApp));
        }
    }

    private async Task ConfirmAsync()
    {
        if (_secret is null)
        {
            return;
        }

        _codes = await apps.ConfirmAsync(owner.Id, Form?.Code ?? "", owner.Actor, AccountOwner.Origin, owner.Context.RequestAborted);
        _isWrong = _codes is null;
        if (_codes is { Count: 0 })
        {
            navigation.NavigateTo(Urls.AccountAfter(AccountPage.AppAdded));
        }
    }

    public sealed class CodeForm
    {
        public string? Code { get; set; }
    }
}
