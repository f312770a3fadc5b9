using Enneo.Core.Identity.Factors;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Identity.Account;

/// <summary>A new set of recovery codes, shown this once.</summary>
public sealed partial class RecoveryCodesPage(AccountOwner owner, FactorQueries queries, RecoveryCodes recoveryCodes, NavigationManager navigation) : ComponentBase
{
    private FactorOverview? _factors;
    private IReadOnlyList<string>? _codes;

    protected override async Task OnInitializedAsync()
    {
        if (!await owner.HasProvenAsync())
        {
            navigation.NavigateTo(Urls.ProofFor(Urls.AccountCodes));
            return;
        }

        var factors = await queries.OfAsync(owner.Id, owner.Context.RequestAborted);
        if (factors.HasAny)
        {
            _factors = factors;
        }
        else
        {
            navigation.NavigateTo(Urls.Account);
        }
    }

    private async Task MakeAsync()
    {
        if (_factors is not null)
        {
            _codes = await recoveryCodes.MakeAsync(owner.Id, owner.Actor, AccountOwner.Origin, owner.Context.RequestAborted);
        }
    }
}
