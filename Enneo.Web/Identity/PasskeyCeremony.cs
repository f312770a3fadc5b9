using System.Globalization;
using Enneo.Core.Identity;
using Microsoft.AspNetCore.Identity;

namespace Enneo.Web.Identity;

/// <summary>A passkey that was verified, and whose it is.</summary>
public sealed record VerifiedPasskey(long UserId, UserPasskeyInfo Passkey);

/// <summary>
/// What browser and server say to each other about passkeys (WebAuthn): options out, a signed answer in. All of the
/// verifying is ASP.NET Core Identity's; what was asked waits in a cookie of a few minutes.
/// </summary>
public sealed partial class PasskeyCeremony(SignInManager<User> identity, ILogger<PasskeyCeremony> logger)
{
    private const int LongestAnswer = 64 * 1024;

    /// <summary>As JSON for <c>navigator.credentials.create</c>.</summary>
    public Task<string> CreationOptionsAsync(long userId, string email, string name) =>
        identity.MakePasskeyCreationOptionsAsync(new PasskeyUserEntity
        {
            Id = userId.ToString(CultureInfo.InvariantCulture),
            Name = email,
            DisplayName = name,
        });

    /// <summary>As JSON for <c>navigator.credentials.get</c>. Names no account, so that it tells nobody who has one.</summary>
    public Task<string> RequestOptionsAsync() => identity.MakePasskeyRequestOptionsAsync(user: null);

    /// <returns>The new passkey; null when it is not one that was asked for by this person here.</returns>
    public async Task<UserPasskeyInfo?> AttestAsync(long userId, string answer)
    {
        if (answer.Length > LongestAnswer)
        {
            return null;
        }

        try
        {
            var result = await identity.PerformPasskeyAttestationAsync(answer);
            if (result.Succeeded && result.UserEntity.Id == userId.ToString(CultureInfo.InvariantCulture))
            {
                return result.Passkey;
            }

            LogRefused(result.Failure?.Message);
        }
        catch (InvalidOperationException exception)
        {
            LogRefused(exception.Message); // nothing was asked, or too long ago
        }

        return null;
    }

    /// <returns>Null when the answer proves nobody.</returns>
    public async Task<VerifiedPasskey?> AssertAsync(string answer)
    {
        if (answer.Length > LongestAnswer)
        {
            return null;
        }

        try
        {
            var result = await identity.PerformPasskeyAssertionAsync(answer);
            if (result.Succeeded)
            {
                return new VerifiedPasskey(result.User.Id, result.Passkey);
            }

            LogRefused(result.Failure?.Message);
        }
        catch (InvalidOperationException exception)
        {
            LogRefused(exception.Message);
        }

        return null;
    }

    [LoggerMessage(LogLevel.Information, "A passkey was refused: {Reason}")]
    private partial void LogRefused(string? reason);
}
