using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sending;

/// <summary>The queue of mail that leaves. What is in it survives anything; nothing leaves it twice.</summary>
public sealed class Outbox
{
    private readonly IDbContextFactory<EnneoDbContext> _dbFactory;
    private readonly Queueing _queueing;
    private readonly TakingBack _takingBack;
    private readonly OutgoingChanges _changes;
    private readonly OutgoingRecords _records;
    private readonly SentDrafts _sentDrafts;
    private readonly TimeProvider _clock;

    internal Outbox(
        IDbContextFactory<EnneoDbContext> dbFactory, Queueing queueing, TakingBack takingBack, OutgoingChanges changes, OutgoingRecords records, SentDrafts sentDrafts, TimeProvider clock)
    {
        (_dbFactory, _queueing, _takingBack, _changes, _records, _sentDrafts, _clock) = (dbFactory, queueing, takingBack, changes, records, sentDrafts, clock);
    }

    /// <summary>Composes the draft, fixes its bytes and Message-ID, and queues it. Sending a draft again returns what was queued before.</summary>
    public Task<SendResult> SendAsync(long draftId, long authorId, CancellationToken cancellationToken) =>
        _queueing.RunAsync(draftId, Actor.User(authorId), undoTime: null, cancellationToken);

    /// <param name="undoTime">How long it can be taken back.</param>
    /// <param name="alongside">See <see cref="ProgramMail.Alongside"/>.</param>
    internal Task<SendResult> SendAsync(
        long draftId, Actor actor, TimeSpan undoTime, CancellationToken cancellationToken, Func<EnneoDbContext, OutgoingMessage, CancellationToken, Task>? alongside = null) =>
        _queueing.RunAsync(draftId, actor, undoTime, cancellationToken, alongside);

    /// <summary>Takes it back if it has not left; the draft is there again, and the message gone from its ticket.</summary>
    /// <returns>Whether it was in time; if not, it is sent.</returns>
    public async Task<bool> UndoAsync(long outgoingId, long authorId, CancellationToken cancellationToken) =>
        await _takingBack.RunAsync(
            outgoingId, authorId, outgoing => outgoing is { State: DeliveryState.Queued, Attempts: 0 }, cancellationToken) is not null;

    /// <returns>Oldest first.</returns>
    public async Task<IReadOnlyList<OutgoingStatus>> ForTicketAsync(Reach reach, long ticketId, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        var outgoing = await reach.Of(db.Outbox.AsNoTracking()).Where(o => o.TicketId == ticketId).OrderBy(o => o.Id).ToListAsync(cancellationToken);
        return [.. outgoing.Select(OutgoingStatus.Of)];
    }

    /// <summary>A person's word on a mail whose end is unknown: it did not arrive, send it again under the same Message-ID.</summary>
    public async Task<bool> SendUncertainAgainAsync(long outgoingId, long userId, CancellationToken cancellationToken) =>
        await _changes.ByUserAsync(
            o => o.Id == outgoingId && o.State == DeliveryState.Uncertain,
            outgoing =>
            {
                (outgoing.State, outgoing.ServerText, outgoing.NextAttemptAt) = (DeliveryState.Queued, null, _clock.GetUtcNow());
                outgoing.FilingAt = outgoing.SentCopy is SentCopyState.Wanted ? outgoing.FilingAt : null;
            },
            userId,
            cancellationToken) > 0;

    /// <summary>A person's word on a mail whose end is unknown: it arrived.</summary>
    public async Task<bool> ConfirmUncertainAsync(long outgoingId, long userId, CancellationToken cancellationToken)
    {
        var confirmed = await _changes.ByUserAsync(
            o => o.Id == outgoingId && o.State == DeliveryState.Uncertain, _records.Confirm, userId, cancellationToken) > 0;
        if (confirmed)
        {
            await _sentDrafts.RemoveAsync(outgoingId, cancellationToken);
        }

        return confirmed;
    }

    /// <summary>The system that carries out the mail of a mailbox without a server says how that ended.</summary>
    /// <param name="words">What it says of it, such as an answer of the mail server; null for nothing.</param>
    /// <returns>False if there is no such mail for the actor, it is carried out here, or its end is known.</returns>
    public async Task<bool> ReportAsync(long messageId, bool isSent, string? words, Actor actor, string origin, CancellationToken cancellationToken)
    {
        long? ended = null;
        await _changes.ByCarrierAsync(
            o => o.MessageId == messageId && (o.State == DeliveryState.Queued || o.State == DeliveryState.Sending || o.State == DeliveryState.Uncertain),
            outgoing =>
            {
                _records.Report(outgoing, isSent, words);
                ended = outgoing.Id;
            },
            actor, origin, cancellationToken);
        if (ended is { } outgoingId)
        {
            await _sentDrafts.RemoveAsync(outgoingId, cancellationToken);
        }

        return ended is not null;
    }

    /// <summary>The system that carries it out may have it or not, and nobody can tell: a person says how it ended.</summary>
    internal Task DoubtAsync(long messageId, string words, Actor actor, string origin, CancellationToken cancellationToken) => _changes.ByCarrierAsync(
        o => o.MessageId == messageId && (o.State == DeliveryState.Queued || o.State == DeliveryState.Sending), outgoing => (outgoing.State, outgoing.ServerText) = (DeliveryState.Uncertain, words), actor, origin, cancellationToken);

    /// <summary>A person asks to file a copy again that the server did not take.</summary>
    public async Task<bool> FileCopyAgainAsync(long outgoingId, long userId, CancellationToken cancellationToken) =>
        await _changes.ByUserAsync(
            o => o.Id == outgoingId && o.FilingRefusal != null,
            outgoing => (outgoing.SentCopy, outgoing.FilingAt, outgoing.FilingAttempts, outgoing.FilingRefusal) = (SentCopyState.Wanted, _clock.GetUtcNow(), 0, null),
            userId,
            cancellationToken) > 0;

    /// <summary>A person does without the copy on the server; the mail stays here.</summary>
    public async Task<bool> DoWithoutCopyAsync(long outgoingId, long userId, CancellationToken cancellationToken) =>
        await _changes.ByUserAsync(
            o => o.Id == outgoingId && o.FilingRefusal != null,
            outgoing => (outgoing.SentCopy, outgoing.FilingAt, outgoing.FilingRefusal) = (SentCopyState.None, null, null),
            userId,
            cancellationToken) > 0;

    /// <summary>
    /// Makes a refused mail a draft again, with its text, so that it can be corrected. Where some
    /// recipients had accepted it, that mail stays and the draft is for the others.
    /// </summary>
    /// <returns>The draft's id, or null if it was not refused.</returns>
    public Task<long?> EditRejectedAsync(long outgoingId, long authorId, CancellationToken cancellationToken) =>
        _takingBack.RunAsync(
            outgoingId,
            authorId,
            outgoing => outgoing is { State: DeliveryState.Rejected } or { State: DeliveryState.Sent, Recipients.Count: > 0 },
            cancellationToken);
}
