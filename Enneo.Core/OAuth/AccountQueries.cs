using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.OAuth;

/// <summary>Reads of connected accounts, and the one word that a person says about them. For admins.</summary>
public sealed class AccountQueries(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane)
{
    /// <returns>Null when nobody has connected the mailbox.</returns>
    public async Task<AccountView?> FindAsync(long mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.ConnectedAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.MailboxId == mailboxId, cancellationToken) is { } account
            ? AccountView.Of(account, await TokenNeeds.OfAsync(db, mailboxId, cancellationToken)) : null;
    }

    /// <param name="since">When the form last led to a login; what another of its logins brings afterwards is as good.</param>
    /// <param name="knownAccountId">What it had by then.</param>
    /// <returns>Of the sign-ins that this form of this session began, the one that brought an account, else the newest; null when there is none of either.</returns>
    public async Task<ConnectProgress?> ProgressAsync(string form, string sessionId, DateTimeOffset since, long? knownAccountId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var attempt = await db.ConnectAttempts.AsNoTracking()
            .Where(a => a.Form == form && a.SessionId == sessionId && ((a.AccountId != null && a.AccountId > (knownAccountId ?? 0)) || a.StartedAt >= since))
            .OrderByDescending(a => a.AccountId != null).ThenByDescending(a => a.AccountId).ThenByDescending(a => a.Id)
            .FirstOrDefaultAsync(cancellationToken);
        if (attempt is null)
        {
            return null;
        }

        var account = attempt.AccountId is { } id ? await db.ConnectedAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, cancellationToken) : null;
        return new ConnectProgress(
            account is not null || attempt.Problem is not null,
            account is null ? null : AccountView.Of(account),
            attempt.Problem is { } problem ? Causes.Of(problem) : null);
    }

    /// <summary>The person uses the mailbox as a shared one, which there is in organisations at Microsoft.</summary>
    public Task ShareAsync(long accountId, CancellationToken cancellationToken) => lane.RunAsync(
        (db, token) => db.ConnectedAccounts.Where(a => a.Id == accountId && a.IsOther && a.ProviderId == null && a.TenantId != ConnectedAccount.PersonalTenant).ExecuteUpdateAsync(set => set.SetProperty(a => a.IsShared, true), token), cancellationToken);
}
