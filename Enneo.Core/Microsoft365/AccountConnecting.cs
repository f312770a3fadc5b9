using System.Security.Cryptography;
using System.Text;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Identity.Client;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Enneo.Core.Microsoft365;

/// <summary>What somebody is about to sign in for.</summary>
/// <param name="Form">By which the form that waits finds the end; from that form.</param>
/// <param name="SessionId">Of the browser: nobody else can bring the answer back.</param>
/// <param name="MailboxId">Null for a mailbox that is not there yet.</param>
/// <param name="RedirectUri">An address of ours from the settings, never from the request.</param>
public sealed record ConnectWish(string Address, string Form, string SessionId, long UserId, long? MailboxId, string RedirectUri);

/// <summary>What Microsoft sent along when it sent somebody back.</summary>
/// <param name="Issuer">Where the answer says who gives it (RFC 9207).</param>
public sealed record Callback(string? State, string? Code, string? Error, string? ErrorDescription, string? AdminConsent, string? Tenant, string? Issuer);

public enum ConnectEnd
{
    Connected,

    /// <summary>An administrator agreed for everybody.</summary>
    ConsentGiven,
    Refused,

    /// <summary>Nobody of this session is expected back with that, or not any more.</summary>
    NotExpected,
}

/// <summary>How a sign-in at Microsoft ended.</summary>
/// <param name="Cause">Why it was refused.</param>
/// <param name="MailboxId">The mailbox that it was for, if there was one.</param>
public sealed record ConnectResult(ConnectEnd End, AccountView? Account = null, Cause? Cause = null, long? MailboxId = null);

/// <summary>Connect Account: sends a person to Microsoft's login and takes them back (authorization code with PKCE, RFC 7636). For admins.</summary>
public sealed partial class AccountConnecting
{
    /// <summary>Codes live ten minutes at Microsoft, and a second step takes its time.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(30);

    private readonly IDbContextFactory<EnneoDbContext> _dbFactory;
    private readonly WriterLane _lane;
    private readonly Registration _registration;
    private readonly GraphPeople _people;
    private readonly TimeProvider _clock;
    private readonly ILogger<AccountConnecting> _logger;

    internal AccountConnecting(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, Registration registration, GraphPeople people, TimeProvider clock, ILogger<AccountConnecting> logger) =>
        (_dbFactory, _lane, _registration, _people, _clock, _logger) = (dbFactory, lane, registration, people, clock, logger);

    /// <returns>The address of Microsoft's login; null when Microsoft 365 is not set up.</returns>
    public async Task<Uri?> StartAsync(ConnectWish wish, CancellationToken cancellationToken)
    {
        var settings = await SettingsAsync(cancellationToken);
        if (!settings.IsUsable)
        {
            return null;
        }

        var state = NewState();
        var address = await _registration.Application(settings, redirectUri: wish.RedirectUri)
            .GetAuthorizationRequestUrl(Scopes.OutlookOf(settings.Addresses))
            .WithExtraScopesToConsent(Scopes.ConsentOf(settings.Addresses, await IsSharedAsync(wish.MailboxId, cancellationToken)))
            .WithLoginHint(wish.Address)
            .WithPrompt(Prompt.SelectAccount)
            .WithPkce(out var verifier)
            .WithExtraQueryParameters(new Dictionary<string, (string Value, bool IncludeInCacheKey)> { ["state"] = (state, false) })
            .ExecuteAsync(cancellationToken);
        await ExpectAsync(wish, state, _registration.ProtectVerifier(verifier), cancellationToken);
        return address;
    }

    /// <summary>The link for an administrator of the tenant, who agrees for everybody; in another browser than this one, so that its state vouches for itself.</summary>
    /// <returns>Null when Microsoft 365 is not set up.</returns>
    public async Task<Uri?> ConsentLinkAsync(string redirectUri, CancellationToken cancellationToken)
    {
        var settings = await SettingsAsync(cancellationToken);
        return !settings.IsUsable ? null : new Uri(
            $"{settings.Addresses.Authority}/{settings.Tenant}/adminconsent?client_id={Uri.EscapeDataString(settings.ClientId)}"
            + $"&redirect_uri={Uri.EscapeDataString(redirectUri)}&state={_registration.ConsentState(settings)}");
    }

    /// <summary>Takes somebody back. A state is good once, in the session that it was made for.</summary>
    public async Task<ConnectResult> FinishAsync(Callback callback, string sessionId, CancellationToken cancellationToken)
    {
        var settings = await SettingsAsync(cancellationToken);
        if (_registration.IsConsentState(callback.State, settings))
        {
            return ProblemOf(callback, settings) is { } refusal ? new ConnectResult(ConnectEnd.Refused, Cause: Causes.Of(refusal))
                : string.Equals(callback.AdminConsent, bool.TrueString, StringComparison.OrdinalIgnoreCase) ? new ConnectResult(ConnectEnd.ConsentGiven)
                : new ConnectResult(ConnectEnd.NotExpected);
        }

        if (await TakeAsync(callback.State, sessionId, cancellationToken) is not { } attempt)
        {
            return new ConnectResult(ConnectEnd.NotExpected);
        }

        if (ProblemOf(callback, settings) is { } problem)
        {
            return await RefusedAsync(attempt, problem, cancellationToken);
        }

        try
        {
            return callback.Code is { Length: > 0 } code
                ? await RedeemAsync(attempt, settings, code, cancellationToken)
                : await RefusedAsync(attempt, "invalid_request", cancellationToken);
        }
        catch (Exception exception) when (SignInFailure.Covers(exception) && !cancellationToken.IsCancellationRequested)
        {
            return await RefusedAsync(attempt, SignInFailure.Of(exception).Code, cancellationToken);
        }
    }

    private async Task<ConnectResult> RedeemAsync(ConnectAttempt attempt, Microsoft365Settings settings, string code, CancellationToken cancellationToken)
    {
        var cache = _registration.Cache();
        var application = _registration.Application(settings, cache, attempt.RedirectUri);
        var result = await application.AcquireTokenByAuthorizationCode(Scopes.OutlookOf(settings.Addresses), code)
            .WithPkceCodeVerifier(_registration.UnprotectVerifier(attempt.ProtectedVerifier))
            .ExecuteAsync(cancellationToken);
        if (Guid.TryParse(settings.Tenant, out var tenant) && !(Guid.TryParse(result.TenantId, out var given) && given == tenant))
        {
            return await RefusedAsync(attempt, Causes.TenantDiffers, cancellationToken);
        }

        var names = await _people.NamesAsync(application, settings.Addresses, result, cancellationToken);
        Microsoft365Account account = new()
        {
            Address = attempt.Address,
            TenantId = result.TenantId ?? "",
            ObjectId = result.UniqueId ?? "",
            HomeAccountId = result.Account.HomeAccountId.Identifier,
            ConnectedAs = result.Account.Username,
            ConnectedAt = _clock.GetUtcNow(),
            ProtectedTokens = cache.Tokens ?? [],
            ValidUntil = result.ExpiresOn,
            RenewedAt = _clock.GetUtcNow(),
            IsOther = !names.Contains(attempt.Address) || !await IsSameAsBeforeAsync(attempt.MailboxId, result, cancellationToken),
        };
        await KeepAsync(attempt, account, cancellationToken);
        LogConnected(account.Id);
        return new ConnectResult(ConnectEnd.Connected, AccountView.Of(account), MailboxId: attempt.MailboxId);
    }

    /// <returns>Why what somebody came back with is of no use; null when it may be.</returns>
    internal static string? ProblemOf(Callback callback, Microsoft365Settings settings) =>
        callback.Error is { } error ? SignInFailure.CodeIn(callback.ErrorDescription) ?? SafeCode(error)
        : !IsOurs(callback, settings) ? Causes.TenantDiffers
        : null;

    /// <summary>Whoever else answers at our address is not believed (RFC 9700, section 4.4).</summary>
    private static bool IsOurs(Callback callback, Microsoft365Settings settings) =>
        (callback.Issuer is not { } issuer || issuer.StartsWith(settings.Addresses.Authority + "/", StringComparison.OrdinalIgnoreCase))
        && (callback.Tenant is not { } tenant || !Guid.TryParse(settings.Tenant, out var ours) || (Guid.TryParse(tenant, out var theirs) && theirs == ours));

    private async Task<bool> IsSharedAsync(long? mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        return mailboxId is not null && await db.Microsoft365Accounts.AnyAsync(a => a.MailboxId == mailboxId && a.IsShared, cancellationToken);
    }

    /// <summary>An address can be given to somebody else: it is not by it that a person is known.</summary>
    private async Task<bool> IsSameAsBeforeAsync(long? mailboxId, AuthenticationResult person, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        return mailboxId is null || !await db.Microsoft365Accounts.AnyAsync(
            a => a.MailboxId == mailboxId && !a.IsOther && !a.IsApplication && (a.ObjectId != person.UniqueId || a.TenantId != person.TenantId), cancellationToken);
    }

    private Task ExpectAsync(ConnectWish wish, string state, string protectedVerifier, CancellationToken cancellationToken) => _lane.RunAsync(
        async (db, token) =>
        {
            await AccountRecords.ForgetUnsavedAsync(db, _clock.GetUtcNow(), token);
            db.Microsoft365Attempts.Add(new ConnectAttempt
            {
                StateHash = HashOf(state),
                Form = wish.Form,
                SessionId = wish.SessionId,
                UserId = wish.UserId,
                MailboxId = wish.MailboxId,
                Address = wish.Address,
                RedirectUri = wish.RedirectUri,
                ProtectedVerifier = protectedVerifier,
                StartedAt = _clock.GetUtcNow(),
            });
            await db.SaveChangesAsync(token);
        },
        cancellationToken);

    private async Task<ConnectAttempt?> TakeAsync(string? state, string sessionId, CancellationToken cancellationToken)
    {
        var hash = HashOf(state ?? "");
        var earliest = _clock.GetUtcNow() - s_patience;
        return await _lane.RunAsync(
            async (db, token) =>
            {
                var attempt = await db.Microsoft365Attempts.SingleOrDefaultAsync(
                    a => a.StateHash == hash && a.SessionId == sessionId && a.EndedAt == null && a.StartedAt > earliest, token);
                if (attempt is not null)
                {
                    attempt.EndedAt = _clock.GetUtcNow();
                    await db.SaveChangesAsync(token);
                }

                return attempt;
            },
            cancellationToken);
    }

    private Task KeepAsync(ConnectAttempt attempt, Microsoft365Account account, CancellationToken cancellationToken) => _lane.RunAsync(
        async (db, token) =>
        {
            db.Microsoft365Accounts.Add(account);
            await db.SaveChangesAsync(token); // gives it its id
            await db.Microsoft365Attempts.Where(a => a.Id == attempt.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.AccountId, account.Id), token);
        },
        cancellationToken);

    private async Task<ConnectResult> RefusedAsync(ConnectAttempt attempt, string problem, CancellationToken cancellationToken)
    {
        LogRefused(problem);
        await _lane.RunAsync(
            (db, token) => db.Microsoft365Attempts.Where(a => a.Id == attempt.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.Problem, problem), token), cancellationToken);
        return new ConnectResult(ConnectEnd.Refused, Cause: Causes.Of(problem), MailboxId: attempt.MailboxId);
    }

    private async Task<Microsoft365Settings> SettingsAsync(CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        return await Microsoft365Settings.ReadAsync(db, cancellationToken);
    }

    private static string NewState() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static string HashOf(string state) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state)));

    /// <summary>What a stranger may have written into the address becomes a word.</summary>
    private static string SafeCode(string error) => new([.. error.Where(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.').Take(40)]);

    [LoggerMessage(LogLevel.Information, "Microsoft 365 account {AccountId} was connected")]
    private partial void LogConnected(long accountId);

    [LoggerMessage(LogLevel.Information, "A sign-in at Microsoft was refused ({Code})")]
    private partial void LogRefused(string code);
}
