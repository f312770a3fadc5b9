using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.OAuth;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.Sync;

/// <summary>
/// Renews the tokens of connected mailboxes before they end: what keeps a mailbox from being read is known while its
/// connections still hold. Consents that nobody saved are forgotten.
/// </summary>
internal sealed partial class TokenRenewal(
    IDbContextFactory<EnneoDbContext> dbFactory, AccountTokens tokens, AccountRecords accounts, StatusRecorder status, TimeProvider clock, ILogger<TokenRenewal> logger) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_ahead = TimeSpan.FromMinutes(10);

    /// <summary>Renews what is about to end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RenewAsync(cancellationToken);
            await accounts.ForgetUnsavedAsync(cancellationToken); // last: it may wait for providers
        }
        catch (Exception exception) when (exception is DbUpdateException or SqliteException)
        {
            LogNotWritten(exception); // busy or out of space: the next turn comes
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        foreach (var (accountId, mailboxId, use) in await DueAsync(cancellationToken))
        {
            try
            {
                await tokens.GetAsync(accountId, use, cancellationToken, early: true);
            }
            catch (MailConnectionException failure) when (failure.Problem is ConnectionProblem.SignInRefused)
            {
                await status.FailedAsync(mailboxId, MailboxState.SignInAgain, failure.Message, cancellationToken);
            }
            catch (MailConnectionException)
            {
                // The provider is busy or out of reach: the token still holds, and the next turn comes.
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(s_every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await RunAsync(stoppingToken);
        }
    }

    private async Task<List<(long AccountId, long MailboxId, TokenFor Use)>> DueAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var soon = clock.GetUtcNow() + s_ahead;
        var due = await db.ConnectedAccounts
            .Where(a => (a.ValidUntil < soon || a.GraphProblem != null) && db.Mailboxes.Any(m => m.Id == a.MailboxId && m.Enabled && m.RemovedAt == null))
            .Select(a => new { a.Id, a.MailboxId, IsEnding = a.ValidUntil < soon, IsGraphRefused = a.GraphProblem != null }).ToListAsync(cancellationToken);
        List<(long, long, TokenFor)> tokensDue = [];
        foreach (var account in due)
        {
            var needs = await TokenNeeds.OfAsync(db, account.MailboxId, cancellationToken);
            if (account.IsEnding)
            {
                tokensDue.Add((account.Id, account.MailboxId!.Value, needs.First));
            }

            if (account.IsGraphRefused && needs is { Mail: true, Graph: true }) // else only the next mail that is sent would find out that it is given again
            {
                tokensDue.Add((account.Id, account.MailboxId!.Value, TokenFor.Graph));
            }
        }

        return tokensDue;
    }

    [LoggerMessage(LogLevel.Warning, "Tokens of mailboxes could not be renewed, since the database takes nothing; trying again")]
    private partial void LogNotWritten(Exception exception);
}
