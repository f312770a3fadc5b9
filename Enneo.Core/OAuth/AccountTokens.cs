using System.Collections.Concurrent;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.OAuth;

/// <summary>What a token is for.</summary>
public enum TokenFor
{
    /// <summary>IMAP and SMTP, at whichever provider.</summary>
    Mail,

    /// <summary>At Microsoft.</summary>
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
    private readonly Authorities _authorities;
    private readonly AccountRecords _records;
    private readonly TimeProvider _clock;
    private readonly ILogger<AccountTokens> _logger;

    internal AccountTokens(IDbContextFactory<EnneoDbContext> dbFactory, Authorities authorities, AccountRecords records, TimeProvider clock, ILogger<AccountTokens> logger) =>
        (_dbFactory, _authorities, _records, _clock, _logger) = (dbFactory, authorities, records, clock, logger);

    /// <returns>The id of the mailbox's account.</returns>
    /// <exception cref="MailConnectionException">Nobody has connected it.</exception>
    public async Task<long> AccountOfAsync(long mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.ConnectedAccounts.Where(a => a.MailboxId == mailboxId).Select(a => (long?)a.Id).SingleOrDefaultAsync(cancellationToken)
            ?? throw Refused(new SignInFailure(Causes.NotConnected, IsFinal: true));
    }

    /// <param name="rejected">A token that a server would not take: another one is got.</param>
    /// <param name="claims">What a server wants the next token to hold besides, as it said.</param>
    /// <exception cref="MailConnectionException">There is none; in words, why and who can help.</exception>
    public async Task<string> GetAsync(
        long accountId, TokenFor use, CancellationToken cancellationToken, string? rejected = null, bool early = false, string? claims = null) =>
        (await GrantAsync(accountId, new TokenWish(use, early, rejected, claims), cancellationToken)).AccessToken;

    /// <returns>What the present token may be used for: names, such as <c>Mail.Send</c>. Empty where the provider does not say.</returns>
    /// <exception cref="MailConnectionException">There is none; in words, why and who can help.</exception>
    internal async Task<IReadOnlySet<string>> ScopesAsync(long accountId, TokenFor use, CancellationToken cancellationToken)
    {
        var grant = await GrantAsync(accountId, new TokenWish(use, Early: false, Rejected: null, Claims: null), cancellationToken);
        return grant.Scopes.Select(scope => scope[(scope.LastIndexOf('/') + 1)..]).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private async Task<Grant> GrantAsync(long accountId, TokenWish wish, CancellationToken cancellationToken)
    {
        var gate = _gates.GetOrAdd(accountId, _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellationToken);
        try
        {
            await _records.LeaseAsync(accountId, cancellationToken);
            try
            {
                return await AskAsync(accountId, wish, cancellationToken);
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

    private async Task<Grant> AskAsync(long accountId, TokenWish wish, CancellationToken cancellationToken)
    {
        var (account, authority) = await ReadAsync(accountId, cancellationToken);
        if (account.ProblemOf(wish.Use) is ({ } known, { } since) && since + s_rest > _clock.GetUtcNow())
        {
            throw Refused(new SignInFailure(known, IsFinal: true));
        }

        try
        {
            var grant = await authority.TokenAsync(account, wish, cancellationToken);
            await _records.RenewedAsync(account, grant, wish.Use, CancellationToken.None); // the old refresh token may be gone already
            return grant;
        }
        catch (Exception exception) when (SignInFailure.Covers(exception) && !cancellationToken.IsCancellationRequested)
        {
            var failure = SignInFailure.Of(exception).At(account.ProviderId);
            LogRefused(accountId, failure.Code);
            if (failure.IsFinal)
            {
                await _records.RefusedAsync(accountId, wish.Use, failure, CancellationToken.None);
            }

            throw Refused(failure);
        }
    }

    private async Task<(ConnectedAccount Account, IAuthority Authority)> ReadAsync(long accountId, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        var account = await db.ConnectedAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == accountId, cancellationToken)
            ?? throw Refused(new SignInFailure(Causes.NotConnected, IsFinal: true));
        return await _authorities.FindAsync(account.ProviderId, cancellationToken) is { } authority
            ? (account, authority)
            : throw Refused(new SignInFailure(Causes.NotSetUp, IsFinal: true).At(account.ProviderId));
    }

    private static MailConnectionException Refused(SignInFailure failure) => MailConnectionException.BeforeSigningIn(
        failure.IsFinal ? ConnectionProblem.SignInRefused : ConnectionProblem.ServerUnavailable, Causes.Of(failure.Code).Sentence);

    // The exception itself may quote what was sent.
    [LoggerMessage(LogLevel.Warning, "Connected account {AccountId}: no token ({Code})")]
    private partial void LogRefused(long accountId, string code);
}
