using Enneo.Core.Identity.Factors;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Identity.Account;

/// <summary>Adds a passkey: the browser makes it, the page's script hands it in.</summary>
public sealed partial class PasskeyPage(AccountOwner owner, PasskeyCeremony ceremony, Passkeys passkeys, NavigationManager navigation) : ComponentBase
{
    public const int MaxNameLength = Passkeys.MaxNameLength;

    private IReadOnlyList<string>? _codes;
    private string? _problem;
    private bool _isOpen;

    [SupplyParameterFromForm]
    public PasskeyForm? Form { get; set; }

    /// <summary>Without line breaks and of bounded length; the other one where nothing is left.</summary>
    internal static string TidyName(string? typed, string otherwise)
    {
        var name = string.Concat((typed ?? "").Where(c => !char.IsControl(c))).Trim();
        return name.Length == 0 ? otherwise : name.Length > Passkeys.MaxNameLength ? name[..Passkeys.MaxNameLength] : name;
    }

    protected override async Task OnInitializedAsync()
    {
        _isOpen = await owner.HasProvenAsync();
        if (!_isOpen)
        {
            navigation.NavigateTo(Urls.ProofFor(Urls.AccountPasskey));
        }
    }

    private async Task AddAsync()
    {
        if (!_isOpen)
        {
            return;
        }

        if (await ceremony.AttestAsync(owner.Id, Form?.Credential ?? "") is not { } passkey)
        {
            _problem = AccountText.PasskeyFailed;
            return;
        }

        var name = TidyName(Form?.Name, DeviceName.Of(owner.Context.Request));
        _codes = await passkeys.AddAsync(owner.Id, passkey, name, owner.Actor, AccountOwner.Origin, owner.Context.RequestAborted);
        if (_codes.Count == 0)
        {
            navigation.NavigateTo(Urls.AccountAfter(AccountPage.PasskeyAdded));
        }
    }

    public sealed class PasskeyForm
    {
        public string? Credential { get; set; }
        public string? Name { get; set; }
    }
}
