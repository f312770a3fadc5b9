using System.Globalization;
using System.Net;
using Enneo.Core.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace Enneo.Web.Identity;

/// <summary>Turns an address and a password into a session, slowly for those who guess.</summary>
public sealed partial class SignIn(
    PasswordCheck passwords,
    Accounts accounts,
    UserManager<User> users,
    SignInManager<User> sessions,
    SignInThrottle throttle,
    TimeProvider clock,
    ILogger<SignIn> logger)
{
    /// <returns>Why not, in words that are the same whether or not the account exists; null when signed in.</returns>
    public async Task<string?> TryAsync(string email, string password, IPAddress? address, CancellationToken cancellationToken)
    {
        var wait = throttle.Ask(email, address);
        if (wait.Refused is { } remaining)
        {
            LogRefused(address);
            return string.Format(CultureInfo.CurrentCulture, IdentityText.TooManyTries, Math.Ceiling(remaining.TotalSeconds));
        }

        await Task.Delay(wait.Hold, clock, cancellationToken);
        if (await passwords.FindAsync(email, password, cancellationToken) is not { } userId)
        {
            throttle.NoteFailure(email, address);
            LogFailed(address);
            return IdentityText.SignInFailed;
        }

        throttle.NoteSuccess(email, address);
        await StartSessionAsync(userId, cancellationToken);
        return null;
    }

    /// <summary>For somebody who has just proven who they are.</summary>
    public async Task StartSessionAsync(long userId, CancellationToken cancellationToken)
    {
        var user = await users.FindByIdAsync(userId.ToString(CultureInfo.InvariantCulture))
            ?? throw new InvalidOperationException("The account was removed while signing in.");
        await sessions.SignInWithClaimsAsync(user, new AuthenticationProperties { IsPersistent = true }, SessionClaims.NewFor(user));
        await accounts.NoteSignInAsync(userId, cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "A sign-in from {Address} failed")]
    private partial void LogFailed(IPAddress? address);

    [LoggerMessage(LogLevel.Warning, "A sign-in from {Address} was refused: too many failed before it")]
    private partial void LogRefused(IPAddress? address);
}
