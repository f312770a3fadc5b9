using Enneo.Core.Identity;

namespace Enneo.Web.Identity;

/// <summary>By what somebody signed in, in words that follow "signed in".</summary>
public static class SignInWords
{
    public static string By(SignInMethod method) => method switch
    {
        SignInMethod.AuthenticatorApp => IdentityText.ByApp,
        SignInMethod.RecoveryCode => IdentityText.ByRecoveryCode,
        SignInMethod.Passkey => IdentityText.ByPasskey,
        SignInMethod.Microsoft => IdentityText.ByMicrosoft,
        _ => IdentityText.ByPassword,
    };
}
