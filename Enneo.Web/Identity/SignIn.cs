using System.Globalization;
using System.Net;
using Enneo.Core.Identity;
using Enneo.Core.Identity.Factors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace Enneo.Web.Identity;

/// <summary>How a try to sign in ended.</summary>
/// <param name="Problem">Why not, in words that are the same whether or not the account exists; null when there is none.</param>
/// <param name="NeedsSecondStep">The password was right, and is not enough.</param>
public sealed record SignInOutcome(string? Problem = null, bool NeedsSecondStep = false);

/// <summary>Turns proofs into a session, slowly for those who guess.</summary>
public sealed partial class SignIn(
    SecondFactors factors,
    PasswordCheck passwords,
    PasskeyCeremony ceremony,
    Passkeys passkeys,
    FactorQueries queries,
    HalfSignedIn halfway,
    Sessions sessions,
    SignInLog log,
    SignInThrottle throttle,
    UserManager<User> users,
    SignInManager<User> cookies,
    TimeProvider clock,
    ILogger<SignIn> logger)
{
    private const string Origin = "web";

    /// <summary>The first step.</summary>
    public async Task<SignInOutcome> TryAsync(string email, string password, HttpContext context)
    {
        if (await HoldAsync(email, context) is { } wait)
        {
            return new(wait);
        }

        if (await passwords.FindAsync(email, password, context.RequestAborted) is not { } userId)
        {
            LogFailed(AddressOf(context));
            await log.NoteFailureAsync(email, AddressOf(context)?.ToString(), Origin, context.RequestAborted);
            return new(IdentityText.SignInFailed);
        }

        throttle.NoteSuccess(email, AddressOf(context));
        return await GoOnAsync(userId, SignInMethod.Password, context);
    }

    /// <summary>Microsoft vouches for somebody; who has a second step here takes it all the same.</summary>
    /// <param name="userId">Null for who is nobody here.</param>
    public async Task<SignInOutcome> TryMicrosoftAsync(long? userId, HttpContext context)
    {
        if (userId is { } known)
        {
            return await GoOnAsync(known, SignInMethod.Microsoft, context);
        }

        LogFailed(AddressOf(context));
        await log.NoteFailureAsync(null, SignInMethod.Microsoft, AddressOf(context)?.ToString(), Origin, context.RequestAborted);
        return new(IdentityText.MicrosoftNobody);
    }

    private async Task<SignInOutcome> GoOnAsync(long userId, SignInMethod method, HttpContext context)
    {
        if ((await queries.OfAsync(userId, context.RequestAborted)).HasAny)
        {
            await halfway.StartAsync(context, userId);
            return new(NeedsSecondStep: true);
        }

        return await StartSessionAsync(userId, method, context);
    }

    /// <summary>The second step, by a code of the app or a recovery code.</summary>
    public async Task<SignInOutcome> TryCodeAsync(string code, HttpContext context)
    {
        if (await halfway.FindAsync(context) is not { } userId)
        {
            return new(IdentityText.HalfwayTooLate);
        }

        var account = string.Create(CultureInfo.InvariantCulture, $"code of {userId}");
        if (await HoldAsync(account, context) is { } wait)
        {
            return new(wait);
        }

        if (await factors.UseAsync(userId, code, throttle.FailuresOf(account), context.RequestAborted) is not { } method)
        {
            LogFailed(AddressOf(context));
            var tried = RecoveryCodes.IsOne(code) ? SignInMethod.RecoveryCode : SignInMethod.AuthenticatorApp;
            await log.NoteFailureAsync(userId, tried, AddressOf(context)?.ToString(), Origin, context.RequestAborted);
            return new(IdentityText.CodeWrong);
        }

        throttle.NoteSuccess(account, AddressOf(context));
        return await StartSessionAsync(userId, method, context);
    }

    /// <summary>A passkey is both steps at once: the device, and the finger or PIN that it asks for.</summary>
    public async Task<SignInOutcome> TryPasskeyAsync(string answer, HttpContext context)
    {
        if (await ceremony.AssertAsync(answer) is not { } verified || !await passkeys.UseAsync(verified.UserId, verified.Passkey, context.RequestAborted))
        {
            LogFailed(AddressOf(context));
            await log.NoteFailureAsync(null, SignInMethod.Passkey, AddressOf(context)?.ToString(), Origin, context.RequestAborted);
            return new(IdentityText.PasskeyFailed);
        }

        return await StartSessionAsync(verified.UserId, SignInMethod.Passkey, context);
    }

    /// <summary>Somebody who is signed in gives their password once more.</summary>
    public async Task<SignInOutcome> ProveAsync(string email, string password, string sessionId, HttpContext context)
    {
        if (await HoldAsync(email, context) is { } wait)
        {
            return new(wait);
        }

        if (await passwords.FindAsync(email, password, context.RequestAborted) is null)
        {
            await log.NoteFailureAsync(email, AddressOf(context)?.ToString(), Origin, context.RequestAborted);
            return new(IdentityText.PasswordWrong);
        }

        throttle.NoteSuccess(email, AddressOf(context));
        await sessions.NoteProofAsync(sessionId, context.RequestAborted);
        return new();
    }

    /// <summary>The same by a passkey.</summary>
    public async Task<SignInOutcome> ProveByPasskeyAsync(long userId, string answer, string sessionId, HttpContext context)
    {
        if (await ceremony.AssertAsync(answer) is not { } verified
            || verified.UserId != userId
            || !await passkeys.UseAsync(userId, verified.Passkey, context.RequestAborted))
        {
            return new(IdentityText.PasskeyFailed);
        }

        await sessions.NoteProofAsync(sessionId, context.RequestAborted);
        return new();
    }

    /// <summary>For somebody who has just proven who they are.</summary>
    public async Task<SignInOutcome> StartSessionAsync(long userId, SignInMethod method, HttpContext context)
    {
        SignInPlace place = new(DeviceName.Of(context.Request), AddressOf(context)?.ToString());
        if (await users.FindByIdAsync(userId.ToString(CultureInfo.InvariantCulture)) is not { } user
            || await sessions.StartAsync(userId, method, place, Origin, context.RequestAborted) is not { } session)
        {
            return new(IdentityText.SignInFailed);
        }

        if (SessionClaims.FindSessionId(context.User) is { } earlier)
        {
            await sessions.SignOutAsync(SessionClaims.UserIdOf(context.User), earlier, place.Address, Origin, context.RequestAborted); // one browser, one session
        }

        await halfway.EndAsync(context);
        await cookies.SignInWithClaimsAsync(user, new AuthenticationProperties { IsPersistent = true }, SessionClaims.For(user, session));
        return new();
    }

    /// <returns>How long to wait, in words; null after it was waited.</returns>
    private async Task<string?> HoldAsync(string account, HttpContext context)
    {
        var wait = throttle.Begin(account, AddressOf(context));
        if (wait.Refused is { } remaining)
        {
            LogRefused(AddressOf(context));
            return string.Format(CultureInfo.CurrentCulture, IdentityText.TooManyTries, Math.Ceiling(remaining.TotalSeconds));
        }

        await Task.Delay(wait.Hold, clock, context.RequestAborted);
        return null;
    }

    private static IPAddress? AddressOf(HttpContext context) => context.Connection.RemoteIpAddress;

    [LoggerMessage(LogLevel.Warning, "A sign-in from {Address} failed")]
    private partial void LogFailed(IPAddress? address);

    [LoggerMessage(LogLevel.Warning, "A sign-in from {Address} was refused: too many failed before it")]
    private partial void LogRefused(IPAddress? address);
}
