using System.Linq.Expressions;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.OAuth;

/// <summary>
/// Tells a provider that a refresh token is not wanted any more (RFC 7009), where it publishes an address for that. Microsoft
/// has none for one app: there a person takes the access away under https://myapps.microsoft.com.
/// </summary>
public sealed partial class TokenRevocation
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly IDbContextFactory<EnneoDbContext> _dbFactory;
    private readonly OpenClient _client;
    private readonly ILogger<TokenRevocation> _logger;

    internal TokenRevocation(IDbContextFactory<EnneoDbContext> dbFactory, OpenClient client, ILogger<TokenRevocation> logger) => (_dbFactory, _client, _logger) = (dbFactory, client, logger);

    /// <summary>Finds what is to be revoked with a mailbox; within a transaction, before it is forgotten.</summary>
    /// <returns>Null for nothing, and where the same person's sign-in serves another mailbox: some providers end all of it at once.</returns>
    internal static async Task<ConnectedAccount?> FindAsync(EnneoDbContext db, long mailboxId, CancellationToken cancellationToken)
    {
        var account = await db.ConnectedAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.MailboxId == mailboxId && a.ProviderId != null, cancellationToken);
        return account is null || await ServeAsync(db.ConnectedAccounts.Where(a => a.Id != account.Id && a.MailboxId != null), account, cancellationToken) ? null : account;
    }

    /// <summary>Forgets consents that were never saved with a mailbox; within a transaction.</summary>
    /// <param name="which">Of those that have no mailbox.</param>
    /// <returns>What is to be revoked of them, and where.</returns>
    internal static async Task<IReadOnlyList<(ConnectedAccount Account, OAuthProvider Provider)>> ForgetUnsavedAsync(
        EnneoDbContext db, Expression<Func<ConnectedAccount, bool>> which, CancellationToken cancellationToken)
    {
        List<(ConnectedAccount, OAuthProvider)> forgotten = [];
        var unsaved = await db.ConnectedAccounts.AsNoTracking().Where(a => a.MailboxId == null).Where(which).ToListAsync(cancellationToken);
        List<long> ids = [.. unsaved.Select(a => a.Id)];
        await db.ConnectedAccounts.Where(a => ids.Contains(a.Id)).ExecuteDeleteAsync(cancellationToken);
        foreach (var account in unsaved.Where(a => a.ProviderId != null))
        {
            if (!await ServeAsync(db.ConnectedAccounts, account, cancellationToken) && await db.OAuthProviders.AsNoTracking().SingleOrDefaultAsync(p => p.Id == account.ProviderId, cancellationToken) is { } provider)
            {
                forgotten.Add((account, provider));
            }
        }

        return forgotten;
    }

    /// <summary>As <see cref="RunAsync(ConnectedAccount, OAuthProvider)"/>, at the provider as it is stored.</summary>
    internal async Task RunAsync(ConnectedAccount account)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(CancellationToken.None);
        if (await db.OAuthProviders.AsNoTracking().SingleOrDefaultAsync(p => p.Id == account.ProviderId, CancellationToken.None) is { } provider)
        {
            await RunAsync(account, provider);
        }
    }

    /// <summary>Whether it is heard or not, the token is forgotten here. A provider that does not answer holds nobody up for long, and who has gone meanwhile is not asked whether it shall be told.</summary>
    internal async Task RunAsync(ConnectedAccount account, OAuthProvider provider)
    {
        using CancellationTokenSource patience = new(s_patience);
        try
        {
            LogRevoked(account.Id, await _client.RevokeAsync(provider, _client.Secrets.Tokens(account.ProtectedTokens).RefreshToken, patience.Token));
        }
        catch (Exception exception) when (SignInFailure.Covers(exception) || exception is OperationCanceledException)
        {
            LogRevoked(account.Id, false); // the exception itself may quote what was sent
        }
    }

    /// <summary>Whether one of these is the same person's; where a provider does not say who signed in, the mailbox's address says it.</summary>
    private static Task<bool> ServeAsync(IQueryable<ConnectedAccount> others, ConnectedAccount account, CancellationToken cancellationToken) => others.AnyAsync(
        a => a.ProviderId == account.ProviderId
            && ((account.ObjectId != "" && a.TenantId == account.TenantId && a.ObjectId == account.ObjectId) || a.Address == account.Address),
        cancellationToken);

    [LoggerMessage(LogLevel.Information, "Connected account {AccountId} was forgotten; its provider took the access away: {Done}")]
    private partial void LogRevoked(long accountId, bool done);
}
