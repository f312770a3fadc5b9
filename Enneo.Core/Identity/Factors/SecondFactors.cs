namespace Enneo.Core.Identity.Factors;

/// <summary>Takes the code of a second step, whichever kind it is.</summary>
public sealed class SecondFactors(AuthenticatorApps apps, RecoveryCodes codes)
{
    /// <summary>
    /// Six digits can be guessed by somebody who knows the password and tries from many addresses. After so many wrong
    /// ones they are not taken until it is quiet; recovery codes and passkeys, which cannot be guessed, go on.
    /// </summary>
    public const int MostWrongCodes = 100;

    /// <param name="failures">How many codes were wrong of late, from wherever.</param>
    /// <returns>Which kind it was; null when it is not right.</returns>
    public async Task<SignInMethod?> UseAsync(long userId, string code, int failures, CancellationToken cancellationToken)
    {
        if (RecoveryCodes.IsOne(code))
        {
            return await codes.UseAsync(userId, code, cancellationToken) ? SignInMethod.RecoveryCode : null;
        }

        return failures <= MostWrongCodes && await apps.UseAsync(userId, code, cancellationToken) ? SignInMethod.AuthenticatorApp : null;
    }
}
