using System.Collections.Concurrent;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Identity.Client;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Enneo.Core.Microsoft365;

/// <summary>What a token is for.</summary>
public enum TokenFor
{
    /// <summary>IMAP and SMTP.</summary>
    Outlook,
    Graph,
}

/// <summary>
/// Access tokens of connected accounts. They are renewed when they are about to end, by one at a time and in one process at a
/// time; the newest refresh token is on disk before anybody sees the access token that came with it.
/// </summary>
public sealed partial class AccountTokens
{
    /// <summary>What was refused for good is not asked again within this, so that a dead sign-in is no storm.</summary>
    private static readonly TimeSpan s_rest = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<long, SemaphoreSlim> _gates = new();
    private readonly IDbContextFactory<EnneoDbContext> _dbFactory;
    private readonly Registration _registration;
    private readonly AccountRecords _records;
    private readonly TimeProvider _clock;
    private readonly ILogger<AccountTokens> _logger;

    internal AccountTokens(IDbContextFactory<EnneoDbContext> dbFactory, Registration registration, AccountRecords records, TimeProvider clock, ILogger<AccountTokens> logger) =>
        (_dbFactory, _registration, _records, _clock, _logger) = (dbFactory, registration, records, clock, logger);

    /// <returns>The id of the mailbox's account.</returns>
    /// <exception cref="MailConnectionException">Nobody has connected it.</exception>
    public async Task<long> AccountOfAsync(long mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Microsoft365Accounts.Where(a => a.MailboxId == mailboxId).Select(a => (long?)a.Id).SingleOrDefaultAsync(cancellationToken)
            ?? throw Refused(new SignInFailure(Causes.NotConnected, IsFinal: true));
    }

    /// <param name="rejected">A token that a server would not take: another one is got.</param>
    /// <exception cref="MailConnectionException">There is none; in words, why and who can help.</exception>
    public async Task<string> GetAsync(long accountId, TokenFor use, CancellationToken cancellationToken, string? rejected = null, bool early = false)
    {
        var gate = _gates.GetOrAdd(accountId, _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellationToken);
        try
        {
            await _records.LeaseAsync(accountId, cancellationToken);
            try
            {
                return await AskAsync(accountId, use, rejected, early, cancellationToken);
            }
            finally
            {
                await _records.EndLeaseAsync(accountId, CancellationToken.None);
            }
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<string> AskAsync(long accountId, TokenFor use, string? rejected, bool early, CancellationToken cancellationToken)
    {
        var (account, settings) = await ReadAsync(accountId, cancellationToken);
        if (account is { Problem: { } known, ProblemAt: { } since } && since + s_rest > _clock.GetUtcNow())
        {
            throw Refused(new SignInFailure(known, IsFinal: true));
        }

        try
        {
            var cache = _registration.Cache(account.ProtectedTokens);
            var application = _registration.Application(settings, cache);
            var result = await AcquireAsync(application, account, settings.Addresses, use, early, cancellationToken);
            if (result.AccessToken == rejected)
            {
                result = await AcquireAsync(application, account, settings.Addresses, use, early: true, cancellationToken);
            }

            await _records.RenewedAsync(account, cache, result, use, CancellationToken.None); // the old refresh token may be gone already
            return result.AccessToken;
        }
        catch (Exception exception) when (SignInFailure.Covers(exception) && !cancellationToken.IsCancellationRequested)
        {
            var failure = SignInFailure.Of(exception);
            LogRefused(accountId, failure.Code);
            if (failure.IsFinal && use is TokenFor.Outlook)
            {
                await _records.RefusedAsync(accountId, failure.Code, CancellationToken.None);
            }

            throw Refused(failure);
        }
    }

    private static async Task<AuthenticationResult> AcquireAsync(
        IConfidentialClientApplication application, Microsoft365Account account, CloudAddresses cloud, TokenFor use, bool early, CancellationToken cancellationToken)
    {
        if (account.IsApplication)
        {
            return await application.AcquireTokenForClient(Scopes.ApplicationOf(cloud, use)).WithForceRefresh(early).ExecuteAsync(cancellationToken);
        }

        var scopes = use is TokenFor.Outlook ? Scopes.OutlookOf(cloud) : Scopes.GraphOf(cloud);
        var person = await application.GetAccountAsync(account.HomeAccountId) ?? throw new MsalUiRequiredException("invalid_grant", "No account is cached.");
        return await application.AcquireTokenSilent(scopes, person).WithForceRefresh(early).ExecuteAsync(cancellationToken);
    }

    private async Task<(Microsoft365Account Account, Microsoft365Settings Settings)> ReadAsync(long accountId, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        var account = await db.Microsoft365Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == accountId, cancellationToken)
            ?? throw Refused(new SignInFailure(Causes.NotConnected, IsFinal: true));
        var settings = await Microsoft365Settings.ReadAsync(db, cancellationToken);
        return settings.IsUsable ? (account, settings) : throw Refused(new SignInFailure(Causes.NotSetUp, IsFinal: true));
    }

    private static MailConnectionException Refused(SignInFailure failure) => MailConnectionException.BeforeSigningIn(
        failure.IsFinal ? ConnectionProblem.SignInRefused : ConnectionProblem.ServerUnavailable, Causes.Of(failure.Code).Sentence);

    // The exception itself may quote what was sent.
    [LoggerMessage(LogLevel.Warning, "Microsoft 365 account {AccountId}: no token ({Code})")]
    private partial void LogRefused(long accountId, string code);
}
