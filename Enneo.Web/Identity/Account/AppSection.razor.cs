using Enneo.Core.Identity.Factors;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Identity.Account;

public sealed partial class AppSection(AccountOwner owner, AuthenticatorApps apps, NavigationManager navigation) : ComponentBase
{
    private bool _isRefused;

    [Parameter]
    [EditorRequired]
    public required FactorOverview Factors { get; set; }

    private async Task RemoveAsync()
    {
        if (!await owner.HasProvenAsync())
        {
            navigation.NavigateTo(Urls.ProofFor(Urls.Account));
            return;
        }

        _isRefused = !await apps.RemoveAsync(owner.Id, owner.Actor, AccountOwner.Origin, owner.Context.RequestAborted);
        if (!_isRefused)
        {
            navigation.NavigateTo(Urls.AccountAfter(AccountPage.AppRemoved));
        }
    }
}
