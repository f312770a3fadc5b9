using System.Security.Cryptography;
using System.Text;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Microsoft365;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.OAuth;

/// <summary>Connect Account: sends a person to a provider's login and takes them back (authorization code with PKCE, RFC 7636). For admins.</summary>
public sealed partial class AccountConnecting
{
    /// <summary>Codes live ten minutes, and a second step takes its time.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(30);

    /// <summary>Of one person within <see cref="s_consentOnce"/>.</summary>
    private const int MostConsents = 20;

    private static readonly TimeSpan s_consentOnce = TimeSpan.FromHours(1);

    private readonly IDbContextFactory<EnneoDbContext> _dbFactory;
    private readonly WriterLane _lane;
    private readonly Registration _registration;
    private readonly Authorities _authorities;
    private readonly TimeProvider _clock;
    private readonly ILogger<AccountConnecting> _logger;

    internal AccountConnecting(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, Registration registration, Authorities authorities, TimeProvider clock, ILogger<AccountConnecting> logger) =>
        (_dbFactory, _lane, _registration, _authorities, _clock, _logger) = (dbFactory, lane, registration, authorities, clock, logger);

    public async Task<ConnectStart> StartAsync(ConnectWish wish, CancellationToken cancellationToken)
    {
        if (await _authorities.FindAsync(wish.ProviderId, cancellationToken) is not { } authority)
        {
            return new ConnectStart(null, null);
        }

        wish = wish with { IsShared = wish.ProviderId is null && (wish.IsShared ?? await IsSharedAsync(wish.MailboxId, cancellationToken)) };
        wish = wish with { Hint = await LoginHint.OfAsync(_dbFactory, wish, cancellationToken) };
        var state = NewState();
        try
        {
            var page = await authority.LoginAsync(wish, state, cancellationToken);
            await ExpectAsync(wish, state, page.ProtectedVerifier, cancellationToken);
            return new ConnectStart(page.Address, null);
        }
        catch (Exception exception) when (SignInFailure.Covers(exception) && !cancellationToken.IsCancellationRequested)
        {
            var attempt = await ExpectAsync(wish, state, "", cancellationToken); // whose form is told
            return new ConnectStart(null, (await RefusedAsync(attempt, SignInFailure.Of(exception).Code, cancellationToken)).Cause);
        }
    }

    /// <summary>The link for an administrator of the tenant, who agrees for everybody; in another browser than this one, so that its state vouches for itself.</summary>
    /// <returns>Null when Microsoft 365 is not set up.</returns>
    public async Task<Uri?> ConsentLinkAsync(string redirectUri, CancellationToken cancellationToken)
    {
        var settings = await SettingsAsync(cancellationToken);
        return !settings.IsUsable ? null : new Uri(
            $"{settings.Addresses.Authority}/{settings.Tenant}/adminconsent?client_id={Uri.EscapeDataString(settings.ClientId)}"
            + $"&redirect_uri={Uri.EscapeDataString(redirectUri)}&state={_registration.ConsentState(settings, _clock.GetUtcNow())}");
    }

    /// <summary>Takes somebody back. A state is good once, in the session that it was made for.</summary>
    public async Task<ConnectResult> FinishAsync(Callback callback, string sessionId, CancellationToken cancellationToken)
    {
        var settings = await SettingsAsync(cancellationToken);
        if (_registration.IsConsentState(callback.State, settings, _clock.GetUtcNow()))
        {
            return MicrosoftAuthority.ProblemOf(callback, settings) is { } refusal ? new ConnectResult(ConnectEnd.Refused, Cause: Causes.Of(refusal))
                : string.Equals(callback.AdminConsent, bool.TrueString, StringComparison.OrdinalIgnoreCase) ? await ConsentedAsync(callback, cancellationToken)
                : callback.AdminConsent is not null ? new ConnectResult(ConnectEnd.Refused, Cause: Causes.Of(Causes.Declined))
                : new ConnectResult(ConnectEnd.NotExpected);
        }

        if (await TakeAsync(callback, sessionId, cancellationToken) is not { } attempt)
        {
            return new ConnectResult(ConnectEnd.NotExpected);
        }

        if (await _authorities.FindAsync(attempt.ProviderId, cancellationToken) is not { } authority)
        {
            return await RefusedAsync(attempt, Causes.NotSetUp, cancellationToken);
        }

        if (authority.ProblemOf(callback) is { } problem)
        {
            return await RefusedAsync(attempt, problem, cancellationToken);
        }

        try
        {
            return callback.Code is { Length: > 0 } code
                ? await RedeemAsync(attempt, authority, code, cancellationToken)
                : await RefusedAsync(attempt, "invalid_request", cancellationToken);
        }
        catch (Exception exception) when (SignInFailure.Covers(exception) && !cancellationToken.IsCancellationRequested)
        {
            return await RefusedAsync(attempt, SignInFailure.Of(exception).Code, cancellationToken);
        }
    }

    /// <summary>The address can be opened again and again: what it says is put on record once an hour unless it is another who comes, or another tenant or app that is agreed to; and not without end, since the address names the tenant.</summary>
    private async Task<ConnectResult> ConsentedAsync(Callback callback, CancellationToken cancellationToken)
    {
        var (actor, now) = (callback.By ?? Actor.System, _clock.GetUtcNow());
        await _lane.RunAsync(
            async (db, token) =>
            {
                var settings = await Microsoft365Settings.ReadAsync(db, token);
                await (settings with { ConsentedAt = now }).WriteAsync(db, token);
                var since = now - s_consentOnce;
                var tenant = Guid.TryParse(callback.Tenant, out var id) ? id.ToString() : settings.Tenant;
                var entry = ActivityEntry.Of(ActivityKind.Microsoft365Consented, actor, "web", _clock, changes: [("tenant", null, tenant), ("clientId", null, settings.ClientId)]);
                var recent = await db.Activity.Where(a => a.IsAudited && a.Kind == ActivityKind.Microsoft365Consented && a.At > since && a.ActorUserId == actor.UserId).Select(a => a.Changes).ToListAsync(token);
                if (recent.Count < MostConsents && !recent.Contains(entry.Changes))
                {
                    db.Activity.Add(entry);
                }

                await db.SaveChangesAsync(token);
            },
            cancellationToken);
        return new ConnectResult(ConnectEnd.ConsentGiven);
    }

    private async Task<ConnectResult> RedeemAsync(ConnectAttempt attempt, IAuthority authority, string code, CancellationToken cancellationToken)
    {
        var person = await authority.RedeemAsync(attempt, code, cancellationToken);
        var isOther = !person.Names.Contains(attempt.Address) || !await IsSameAsBeforeAsync(attempt, person, cancellationToken);
        ConnectedAccount account = new()
        {
            ProviderId = attempt.ProviderId,
            Address = attempt.Address,
            TenantId = person.TenantId,
            ObjectId = person.ObjectId,
            HomeAccountId = person.HomeAccountId,
            ConnectedAs = person.ConnectedAs,
            ConnectedAt = _clock.GetUtcNow(),
            ProtectedTokens = person.Grant.ProtectedTokens ?? [],
            ValidUntil = person.Grant.ValidUntil,
            RenewedAt = _clock.GetUtcNow(),
            IsOther = isOther,
            IsShared = isOther && attempt.IsShared && person.TenantId != ConnectedAccount.PersonalTenant && !await WasSharedByAnotherAsync(attempt, person, cancellationToken),
        };
        if (!await KeepAsync(attempt, account, cancellationToken))
        {
            return new ConnectResult(ConnectEnd.NotExpected); // the addresses were changed meanwhile: these tokens are nobody's any more
        }

        LogConnected(account.Id);
        return new ConnectResult(ConnectEnd.Connected, AccountView.Of(account), MailboxId: attempt.MailboxId);
    }

    private async Task<bool> IsSharedAsync(long? mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        return mailboxId is not null && await db.ConnectedAccounts.AnyAsync(a => a.MailboxId == mailboxId && a.IsShared, cancellationToken);
    }

    /// <summary>Who takes another person's place in front of a shared mailbox is asked whether that is meant.</summary>
    private async Task<bool> WasSharedByAnotherAsync(ConnectAttempt attempt, Login person, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        return attempt.MailboxId is not null && await db.ConnectedAccounts.AnyAsync(
            a => a.MailboxId == attempt.MailboxId && a.IsShared && (a.ObjectId != person.ObjectId || a.TenantId != person.TenantId), cancellationToken);
    }

    /// <summary>
    /// An address can be given to somebody else: it is not by it that a person is known. Where a provider does not say who signed in, the mail server let them in as the mailbox.
    /// Where an admin named another directory since, there is nobody in it yet who could be the same.
    /// </summary>
    private async Task<bool> IsSameAsBeforeAsync(ConnectAttempt attempt, Login person, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        var before = attempt.MailboxId is null || person.ObjectId.Length == 0 ? null : await db.ConnectedAccounts.AsNoTracking().SingleOrDefaultAsync(
            a => a.MailboxId == attempt.MailboxId && a.ProviderId == attempt.ProviderId && !a.IsOther && !a.IsApplication && a.ObjectId != "", cancellationToken);
        return before is null || (before.ObjectId, before.TenantId) == (person.ObjectId, person.TenantId)
            || (attempt.ProviderId is null && TenantChange.Left(await Microsoft365Settings.ReadAsync(db, cancellationToken), before));
    }

    private Task<ConnectAttempt> ExpectAsync(ConnectWish wish, string state, string protectedVerifier, CancellationToken cancellationToken) => _lane.RunAsync(
        async (db, token) =>
        {
            ConnectAttempt attempt = new()
            {
                StateHash = HashOf(state),
                Form = wish.Form,
                SessionId = wish.SessionId,
                UserId = wish.UserId,
                MailboxId = wish.MailboxId,
                ProviderId = wish.ProviderId,
                Address = wish.Address,
                RedirectUri = wish.RedirectUri,
                IsShared = wish.IsShared is true,
                ProtectedVerifier = protectedVerifier,
                StartedAt = _clock.GetUtcNow(),
                EndedAt = protectedVerifier.Length == 0 ? _clock.GetUtcNow() : null, // nobody was sent anywhere
            };
            db.ConnectAttempts.Add(attempt);
            await db.SaveChangesAsync(token);
            return attempt;
        },
        cancellationToken);

    private async Task<ConnectAttempt?> TakeAsync(Callback callback, string sessionId, CancellationToken cancellationToken)
    {
        var hash = HashOf(callback.State ?? "");
        var earliest = _clock.GetUtcNow() - s_patience;
        return await _lane.RunAsync(
            async (db, token) =>
            {
                var attempt = await db.ConnectAttempts.SingleOrDefaultAsync(
                    a => a.StateHash == hash && a.SessionId == sessionId && a.EndedAt == null && a.StartedAt > earliest
                        && (callback.ArrivedAt == null || a.RedirectUri == callback.ArrivedAt),
                    token);
                if (attempt is not null)
                {
                    attempt.EndedAt = _clock.GetUtcNow();
                    await db.SaveChangesAsync(token);
                }

                return attempt;
            },
            cancellationToken);
    }

    private Task<bool> KeepAsync(ConnectAttempt attempt, ConnectedAccount account, CancellationToken cancellationToken) => _lane.RunAsync(
        async (db, token) =>
        {
            if (!await db.ConnectAttempts.AnyAsync(a => a.Id == attempt.Id, token))
            {
                return false;
            }

            db.ConnectedAccounts.Add(account);
            await db.SaveChangesAsync(token); // gives it its id
            await db.ConnectAttempts.Where(a => a.Id == attempt.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.AccountId, account.Id), token);
            return true;
        },
        cancellationToken);

    private async Task<ConnectResult> RefusedAsync(ConnectAttempt attempt, string code, CancellationToken cancellationToken)
    {
        var problem = ProviderCauses.CodeOf(code, attempt.ProviderId);
        LogRefused(problem);
        await _lane.RunAsync(
            (db, token) => db.ConnectAttempts.Where(a => a.Id == attempt.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.Problem, problem), token), cancellationToken);
        return new ConnectResult(ConnectEnd.Refused, Cause: Causes.Of(problem), MailboxId: attempt.MailboxId);
    }

    private async Task<Microsoft365Settings> SettingsAsync(CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        return await Microsoft365Settings.ReadAsync(db, cancellationToken);
    }

    private static string NewState() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static string HashOf(string state) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state)));

    [LoggerMessage(LogLevel.Information, "Account {AccountId} was connected")]
    private partial void LogConnected(long accountId);

    [LoggerMessage(LogLevel.Information, "A sign-in for a mailbox was refused ({Code})")]
    private partial void LogRefused(string code);
}
