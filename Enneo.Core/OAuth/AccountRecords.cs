using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.OAuth;

/// <summary>Writes what becomes of an account's tokens.</summary>
internal sealed class AccountRecords(WriterLane lane, TokenRevocation revocation, TimeProvider clock)
{
    /// <summary>Longer than any request takes; a process that died does not hold the others up for good.</summary>
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private static readonly TokenFor[] s_uses = [TokenFor.Mail, TokenFor.Graph];

    /// <summary>How long a consent waits for its mailbox to be saved.</summary>
    private static readonly TimeSpan s_unsaved = TimeSpan.FromDays(1);

    /// <summary>Forgets sign-ins that were begun long ago, and consents, with their tokens, that were never saved with a mailbox; their providers are told where they take that.</summary>
    public async Task ForgetUnsavedAsync(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - s_unsaved;
        var forgotten = await lane.RunAsync(
            async (db, token) =>
            {
                await db.ConnectAttempts.Where(a => a.StartedAt < before).ExecuteDeleteAsync(token);
                return await TokenRevocation.ForgetUnsavedAsync(db, a => a.ConnectedAt < before, token);
            },
            cancellationToken);
        foreach (var (account, provider) in forgotten)
        {
            await revocation.RunAsync(account, provider);
        }
    }

    /// <summary>Waits until no other process renews.</summary>
    public async Task LeaseAsync(long accountId, CancellationToken cancellationToken)
    {
        while (!await TryLeaseAsync(accountId, cancellationToken))
        {
            await Task.Delay(s_pause, TimeProvider.System, cancellationToken); // another process is at work, in real time
        }
    }

    public Task EndLeaseAsync(long accountId, CancellationToken cancellationToken) => ChangeAsync(
        accountId,
        (_, account, _) =>
        {
            account.LeasedUntil = null;
            return Task.CompletedTask;
        },
        cancellationToken);

    /// <summary>Keeps the newest tokens.</summary>
    public Task RenewedAsync(ConnectedAccount account, Grant grant, TokenFor use, CancellationToken cancellationToken) =>
        grant.ProtectedTokens is null && account.ProblemOf(use).Code is null ? Task.CompletedTask : ChangeAsync(
            account.Id,
            async (db, stored, token) =>
            {
                stored.ProtectedTokens = grant.ProtectedTokens ?? stored.ProtectedTokens;
                if ((await TokenNeeds.OfAsync(db, stored.MailboxId, token)).First == use)
                {
                    (stored.ValidUntil, stored.RenewedAt) = (grant.ValidUntil, clock.GetUtcNow());
                }

                var code = stored.ProblemOf(use).Code;
                foreach (var mended in s_uses.Where(other => other == use || stored.ProblemOf(other).Code == code)) // what ended the whole sign-in was noted at both
                {
                    stored.SetProblem(mended, null, null);
                }
            },
            cancellationToken);

    /// <summary>Remembers a final refusal; of one that ends the sign-in as a whole, nobody asks for the other token either.</summary>
    public Task RefusedAsync(long accountId, TokenFor use, SignInFailure failure, CancellationToken cancellationToken) => ChangeAsync(
        accountId,
        (_, account, _) =>
        {
            foreach (var refused in s_uses.Where(other => other == use || failure.EndsSignIn))
            {
                account.SetProblem(refused, failure.Code, clock.GetUtcNow());
            }

            return Task.CompletedTask;
        },
        cancellationToken);

    private Task<bool> TryLeaseAsync(long accountId, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var now = clock.GetUtcNow();
            var account = await db.ConnectedAccounts.FindAsync([accountId], token);
            if (account is { LeasedUntil: { } until } && until > now)
            {
                return false;
            }

            if (account is not null)
            {
                account.LeasedUntil = now + s_lease;
                await db.SaveChangesAsync(token);
            }

            return true;
        },
        cancellationToken);

    private Task ChangeAsync(long accountId, Func<EnneoDbContext, ConnectedAccount, CancellationToken, Task> changeAsync, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            if (await db.ConnectedAccounts.FindAsync([accountId], token) is { } account)
            {
                await changeAsync(db, account, token);
                await db.SaveChangesAsync(token);
            }
        },
        cancellationToken);
}
