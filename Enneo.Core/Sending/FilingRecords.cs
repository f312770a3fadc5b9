using Enneo.Core.Data;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Sending;

/// <summary>What looking into Sent showed, written down. A mail that was filed or settled meanwhile is passed over.</summary>
internal sealed class FilingRecords(OutgoingChanges changes, OutgoingRecords outgoingRecords, TimeProvider clock, IOptions<SendingOptions> options)
{
    /// <summary>A server that files by itself does so within minutes, or not at all.</summary>
    private const int Looks = 4;

    public static bool MayStillAppear(OutgoingMessage outgoing) => outgoing.FilingAttempts < Looks;

    /// <summary>Whether a copy in Sent would prove that it left. Once anybody was sent it, there may be one in any case.</summary>
    public static bool IsInDoubt(OutgoingMessage outgoing) => outgoing is { State: DeliveryState.Uncertain, SentAt: null };

    /// <summary>It lies in Sent; that settles an uncertain one.</summary>
    /// <param name="ids">The Message-IDs that it has there, unless it is ours.</param>
    public Task FoundAsync(long outgoingId, IReadOnlyCollection<string> ids, CancellationToken cancellationToken) => WaitingAsync(
        [outgoingId],
        (db, outgoing) =>
        {
            SentIds.Add(db, outgoing, ids);
            if (IsInDoubt(outgoing))
            {
                outgoingRecords.Arrive(outgoing);
            }

            Done(outgoing);
        },
        cancellationToken);

    public Task FiledAsync(long outgoingId, CancellationToken cancellationToken) => WaitingAsync([outgoingId], Done, cancellationToken);

    /// <summary>Looked for again later; an uncertain one is a person's matter after some time.</summary>
    public Task NotFoundAsync(long outgoingId, CancellationToken cancellationToken) => WaitingAsync(
        [outgoingId],
        outgoing =>
        {
            Postpone(outgoing);
            if (IsInDoubt(outgoing) && !MayStillAppear(outgoing))
            {
                outgoing.FilingAt = null;
            }
        },
        cancellationToken);

    /// <summary>The folder could not be used. A copy is given up as late as the mail itself would be.</summary>
    public Task PostponedAsync(IReadOnlyCollection<long> outgoingIds, CancellationToken cancellationToken) =>
        WaitingAsync(outgoingIds, PostponeOrGiveUp, cancellationToken);

    /// <summary>The server does not take the copy, in words of its own.</summary>
    public Task RefusedAsync(long outgoingId, string words, CancellationToken cancellationToken) => WaitingAsync(
        [outgoingId],
        outgoing =>
        {
            outgoing.FilingRefusal = words;
            PostponeOrGiveUp(outgoing);
        },
        cancellationToken);

    /// <summary>Our own bytes are unreadable: there is nothing to file.</summary>
    public Task CannotAsync(long outgoingId, CancellationToken cancellationToken) => WaitingAsync([outgoingId], GiveUp, cancellationToken);

    private static void Done(OutgoingMessage outgoing) => (outgoing.SentCopy, outgoing.FilingAt, outgoing.FilingRefusal) = (SentCopyState.Done, null, null);

    private static void GiveUp(OutgoingMessage outgoing)
    {
        outgoing.FilingAt = null;
        if (outgoing.SentCopy is SentCopyState.Wanted)
        {
            outgoing.SentCopy = SentCopyState.None;
            outgoing.ServerText = outgoing.ServerText is { } words ? $"{words} · {SendingText.NotFiled}" : SendingText.NotFiled;
            outgoing.FilingRefusal ??= SendingText.NotFiled;
        }
    }

    private void PostponeOrGiveUp(OutgoingMessage outgoing)
    {
        Postpone(outgoing);
        if (clock.GetUtcNow() - (outgoing.SentAt ?? outgoing.CreatedAt) >= options.Value.GiveUpAfter)
        {
            GiveUp(outgoing);
        }
    }

    private void Postpone(OutgoingMessage outgoing)
    {
        outgoing.FilingAttempts++;
        outgoing.FilingAt = clock.GetUtcNow() + RetrySchedule.After(outgoing.FilingAttempts);
    }

    private Task WaitingAsync(IReadOnlyCollection<long> outgoingIds, Action<OutgoingMessage> change, CancellationToken cancellationToken) =>
        WaitingAsync(outgoingIds, (_, outgoing) => change(outgoing), cancellationToken);

    private Task WaitingAsync(IReadOnlyCollection<long> outgoingIds, Action<EnneoDbContext, OutgoingMessage> change, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return changes.ByJobAsync(o => outgoingIds.Contains(o.Id) && o.FilingAt <= now, change, cancellationToken);
    }
}
