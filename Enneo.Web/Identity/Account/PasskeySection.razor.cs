using Enneo.Core.Identity.Factors;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Identity.Account;

public sealed partial class PasskeySection(AccountOwner owner, Passkeys passkeys, NavigationManager navigation) : ComponentBase
{
    private bool _isRefused;

    [Parameter]
    [EditorRequired]
    public required FactorOverview Factors { get; set; }

    [SupplyParameterFromForm]
    public PasskeyForm? Form { get; set; }

    private async Task ChangeAsync(PasskeyDetail passkey)
    {
        if (!await owner.HasProvenAsync())
        {
            navigation.NavigateTo(Urls.ProofFor(Urls.Account));
        }
        else if (Form is { Remove: true })
        {
            await RemoveAsync(passkey);
        }
        else
        {
            await RenameAsync(passkey, Form?.Name);
        }
    }

    private async Task RemoveAsync(PasskeyDetail passkey)
    {
        _isRefused = !await passkeys.RemoveAsync(owner.Id, passkey.CredentialId, owner.Actor, AccountOwner.Origin, owner.Context.RequestAborted);
        if (!_isRefused)
        {
            navigation.NavigateTo(Urls.AccountAfter(AccountPage.PasskeyRemoved));
        }
    }

    private async Task RenameAsync(PasskeyDetail passkey, string? name)
    {
        var tidy = PasskeyPage.TidyName(name, passkey.Name);
        await passkeys.RenameAsync(owner.Id, passkey.CredentialId, tidy, owner.Actor, AccountOwner.Origin, owner.Context.RequestAborted);
        navigation.NavigateTo(Urls.AccountAfter(AccountPage.PasskeyRenamed));
    }

    public sealed class PasskeyForm
    {
        public string? Name { get; set; }
        public bool Remove { get; set; }
    }
}
