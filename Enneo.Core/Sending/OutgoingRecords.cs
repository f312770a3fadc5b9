using System.Globalization;
using System.Linq.Expressions;
using Enneo.Core.Activity;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Sending;

/// <summary>How handing over went, written down. A mail that was taken back meanwhile is passed over.</summary>
internal sealed class OutgoingRecords(OutgoingChanges changes, WriterLane lane, TimeProvider clock, IOptions<SendingOptions> options)
{
    /// <summary>A server that refuses a sign-in is not asked again soon: some lock the account.</summary>
    private static readonly TimeSpan s_signInPause = TimeSpan.FromHours(1);

    /// <summary>From here on nobody can take it back, and an end without an answer is an uncertain one.</summary>
    /// <returns>False if it is no longer queued, or its mailbox in shadow mode.</returns>
    public async Task<bool> BeginAsync(long outgoingId, IReadOnlyDictionary<string, SmtpAnswer> recipientAnswers, CancellationToken cancellationToken) =>
        await changes.ByJobIfLiveAsync(
            o => o.Id == outgoingId && o.State == DeliveryState.Queued,
            outgoing =>
            {
                outgoing.Begin(recipientAnswers);
                outgoing.State = DeliveryState.Sending;
            },
            cancellationToken) > 0;

    /// <summary>The same for what another system carries out, which hears of it.</summary>
    public Task HandOnAsync(long outgoingId, CancellationToken cancellationToken) => changes.HandOnIfLiveAsync(
        o => o.Id == outgoingId && o.State == DeliveryState.Queued,
        outgoing =>
        {
            outgoing.Begin(new Dictionary<string, SmtpAnswer>());
            outgoing.State = DeliveryState.Sending;
        },
        cancellationToken);

    /// <param name="filingAt">When to look into Sent; null when there is no such folder.</param>
    public Task AnsweredAsync(long outgoingId, HandoverResult result, DateTimeOffset? filingAt, CancellationToken cancellationToken) =>
        changes.ByJobAsync(
            IsUnfinished(outgoingId),
            (db, outgoing) =>
            {
                if (outgoing.Settle(result.Answers))
                {
                    outgoing.SentAt ??= clock.GetUtcNow();
                    WantCopy(outgoing, filingAt);
                    SentIds.Add(db, outgoing, result.GivenIds);
                }

                Continue(outgoing, outgoing.Words());
            },
            cancellationToken);

    public Task NotTakenAsync(long outgoingId, string? words, CancellationToken cancellationToken) =>
        UnfinishedAsync(outgoingId, outgoing => Continue(outgoing, words), cancellationToken);

    /// <summary>Nothing of the mailbox is tried before that: the server asked for a pause.</summary>
    public Task HoldAsync(long mailboxId, TimeSpan pause, CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() + pause;
        return changes.ByJobAsync(
            o => o.MailboxId == mailboxId && o.State == DeliveryState.Queued && o.NextAttemptAt < until, outgoing => outgoing.NextAttemptAt = until, cancellationToken);
    }

    /// <summary>It waits for the next start as if nothing had been tried.</summary>
    public Task InterruptedAsync(long outgoingId, CancellationToken cancellationToken) =>
        UnfinishedAsync(outgoingId, outgoing => outgoing.State = DeliveryState.Queued, cancellationToken);

    public Task ImpossibleAsync(long outgoingId, string? words, CancellationToken cancellationToken) => UnfinishedAsync(
        outgoingId,
        outgoing =>
        {
            outgoing.Attempts++;
            End(outgoing, words);
        },
        cancellationToken);

    /// <summary>Settled by looking into Sent first, then by a person.</summary>
    public Task UncertainAsync(long outgoingId, string? words, CancellationToken cancellationToken) =>
        UnfinishedAsync(outgoingId, outgoing => MakeUncertain(outgoing, words), cancellationToken);

    /// <summary>Nobody hands these over any more: the process ended, or could not write down how it ended.</summary>
    public Task AbandonedAsync(long mailboxId, CancellationToken cancellationToken) => changes.ByJobIfHandedOverHereAsync(
        o => o.MailboxId == mailboxId && o.State == DeliveryState.Sending,
        outgoing => MakeUncertain(outgoing, SendingText.EndUnknownStopped),
        cancellationToken);

    /// <summary>All that is due waits, since the server cannot be reached, or refuses us altogether.</summary>
    /// <param name="forGood">The server will not change its mind.</param>
    public Task UnreachableAsync(long mailboxId, string words, bool forGood, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return changes.ByJobAsync(
            o => o.MailboxId == mailboxId && o.State == DeliveryState.Queued && o.NextAttemptAt <= now,
            outgoing =>
            {
                if (forGood)
                {
                    outgoing.Attempts++;
                    End(outgoing, words);
                }
                else
                {
                    Continue(outgoing, words);
                }
            },
            cancellationToken);
    }

    /// <summary>All that is due waits for a person to sign in again; nothing is given up meanwhile.</summary>
    public async Task SignInAgainAsync(long mailboxId, string words, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await changes.ByJobAsync(
            o => o.MailboxId == mailboxId && (o.State == DeliveryState.Sending || (o.State == DeliveryState.Queued && o.NextAttemptAt <= now)),
            outgoing =>
            {
                outgoing.Attempts++;
                (outgoing.State, outgoing.ServerText, outgoing.NextAttemptAt) = (DeliveryState.Queued, words, now + s_signInPause);
            },
            cancellationToken);
        await lane.RunAsync((db, token) => SaySignInAgainAsync(db, mailboxId, words, token), cancellationToken);
    }

    /// <summary>The mailbox was changed: what waited for that is tried now.</summary>
    public Task WakeAsync(long mailboxId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return changes.ByJobAsync(
            o => o.MailboxId == mailboxId && o.State == DeliveryState.Queued && o.Attempts > 0 && o.NextAttemptAt > now,
            outgoing => outgoing.NextAttemptAt = now,
            cancellationToken);
    }

    /// <summary>Found in Sent, or confirmed by a person: whoever was in doubt got it.</summary>
    public void Arrive(OutgoingMessage outgoing)
    {
        outgoing.Arrived();
        outgoing.SentAt ??= clock.GetUtcNow();
        if (outgoing.Pending().Count > 0)
        {
            (outgoing.State, outgoing.NextAttemptAt, outgoing.ServerText) = (DeliveryState.Queued, clock.GetUtcNow(), outgoing.Words());
        }
        else
        {
            End(outgoing, outgoing.Words());
        }
    }

    /// <summary>A person says that it arrived; a copy belongs into Sent, if none is there.</summary>
    public void Confirm(OutgoingMessage outgoing)
    {
        Arrive(outgoing);
        WantCopy(outgoing, clock.GetUtcNow());
    }

    /// <summary>The system that carries it out says how that ended, for all of its recipients.</summary>
    public void Report(OutgoingMessage outgoing, bool isSent, string? words)
    {
        SmtpAnswer answer = isSent ? new(250, words ?? "250") : new(550, words ?? "550");
        if (outgoing.Settle(outgoing.Recipients.DistinctBy(r => r.Address).ToDictionary(r => r.Address, _ => answer)))
        {
            outgoing.SentAt ??= clock.GetUtcNow();
        }

        outgoing.Attempts++;
        End(outgoing, words);
    }

    private static void WantCopy(OutgoingMessage outgoing, DateTimeOffset? filingAt)
    {
        if (outgoing.SentCopy is SentCopyState.None && filingAt is not null)
        {
            (outgoing.SentCopy, outgoing.FilingAt, outgoing.FilingAttempts) = (SentCopyState.Wanted, filingAt, 0);
        }
    }

    private static void End(OutgoingMessage outgoing, string? words)
    {
        outgoing.State = outgoing.SentAt is null ? DeliveryState.Rejected : DeliveryState.Sent;
        outgoing.ServerText = words;
    }

    private void MakeUncertain(OutgoingMessage outgoing, string? words)
    {
        outgoing.Attempts++;
        (outgoing.State, outgoing.ServerText) = (DeliveryState.Uncertain, words);
        if (FilingRecords.IsInDoubt(outgoing))
        {
            (outgoing.FilingAt, outgoing.FilingAttempts) = (clock.GetUtcNow(), 0);
        }
    }

    /// <summary>Over when nobody is left to try; else later, unless it has been tried for too long.</summary>
    private void Continue(OutgoingMessage outgoing, string? words)
    {
        outgoing.Attempts++;
        if (outgoing.Pending().Count == 0)
        {
            End(outgoing, words);
        }
        else if (clock.GetUtcNow() - outgoing.CreatedAt >= options.Value.GiveUpAfter)
        {
            End(outgoing, string.Format(CultureInfo.CurrentCulture, SendingText.GivenUp, words));
        }
        else
        {
            (outgoing.State, outgoing.ServerText) = (DeliveryState.Queued, words);
            outgoing.NextAttemptAt = clock.GetUtcNow() + RetrySchedule.After(outgoing.Attempts);
        }
    }

    private Task UnfinishedAsync(long outgoingId, Action<OutgoingMessage> change, CancellationToken cancellationToken) =>
        changes.ByJobAsync(IsUnfinished(outgoingId), change, cancellationToken);

    private static Expression<Func<OutgoingMessage, bool>> IsUnfinished(long outgoingId) =>
        o => o.Id == outgoingId && (o.State == DeliveryState.Queued || o.State == DeliveryState.Sending);

    private async Task SaySignInAgainAsync(EnneoDbContext db, long mailboxId, string words, CancellationToken cancellationToken)
    {
        var status = await db.MailboxStatuses.SingleOrDefaultAsync(s => s.MailboxId == mailboxId, cancellationToken);
        if (status is null || (status.State is MailboxState.SignInAgain && status.Message == words))
        {
            return;
        }

        var before = status.State;
        (status.State, status.Message, status.Since) = (MailboxState.SignInAgain, words, clock.GetUtcNow());
        await MailboxFailure.NoteAsync(db, status, clock.GetUtcNow(), cancellationToken);
        db.Activity.Add(ActivityEntry.Of(
            ActivityKind.MailboxStateChanged, Actor.System, SendingOrigin.Job, clock, mailboxId, changes: ("state", before.ToString(), status.State.ToString())));
        await db.SaveChangesAsync(cancellationToken);
    }
}
