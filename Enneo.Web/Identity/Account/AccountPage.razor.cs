using Enneo.Core.Identity.Factors;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Identity.Account;

/// <summary>How the person signs in, and where they are signed in. Plain forms without a circuit, since it is about the cookie.</summary>
public sealed partial class AccountPage(AccountOwner owner, FactorQueries queries) : ComponentBase
{
    public const string PasswordChanged = "password";
    public const string AppAdded = "app";
    public const string AppRemoved = "app-removed";
    public const string PasskeyAdded = "passkey";
    public const string PasskeyRenamed = "passkey-renamed";
    public const string PasskeyRemoved = "passkey-removed";
    public const string KeyRevoked = "key-revoked";
    public const string MicrosoftLinked = "microsoft";
    public const string MicrosoftUnlinked = "microsoft-removed";
    public const string SessionEnded = "session";
    public const string SessionsEnded = "sessions";

    private FactorOverview? _factors;

    /// <summary>What was just done here.</summary>
    [SupplyParameterFromQuery]
    public string? Done { get; set; }

    private string? Said => Done switch
    {
        PasswordChanged => AccountText.SaidPasswordChanged,
        AppAdded => AccountText.SaidAppAdded,
        AppRemoved => AccountText.SaidAppRemoved,
        PasskeyAdded => AccountText.SaidPasskeyAdded,
        PasskeyRenamed => AccountText.SaidPasskeyRenamed,
        PasskeyRemoved => AccountText.SaidPasskeyRemoved,
        KeyRevoked => AccountText.SaidKeyRevoked,
        MicrosoftLinked => AccountText.SaidMicrosoftLinked,
        MicrosoftUnlinked => AccountText.SaidMicrosoftUnlinked,
        SessionEnded => AccountText.SaidSessionEnded,
        SessionsEnded => AccountText.SaidSessionsEnded,
        _ => null,
    };

    protected override async Task OnInitializedAsync() => _factors = await queries.OfAsync(owner.Id, owner.Context.RequestAborted);
}
