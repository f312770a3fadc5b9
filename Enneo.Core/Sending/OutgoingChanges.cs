using System.Linq.Expressions;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sending;

/// <summary>Changes outgoing mails in the lane, on disk when the task completes, with the activity that tells of it.</summary>
internal sealed class OutgoingChanges(WriterLane lane, TimeProvider clock)
{
    /// <summary>Changes by a job.</summary>
    /// <returns>How many were there to be changed.</returns>
    public Task<int> ByJobAsync(Expression<Func<OutgoingMessage, bool>> which, Action<OutgoingMessage> change, CancellationToken cancellationToken) =>
        ByJobAsync(which, (_, outgoing) => change(outgoing), cancellationToken);

    /// <inheritdoc cref="ByJobAsync(Expression{Func{OutgoingMessage, bool}}, Action{OutgoingMessage}, CancellationToken)"/>
    /// <param name="change">May change what belongs to the mail in the same transaction.</param>
    public Task<int> ByJobAsync(
        Expression<Func<OutgoingMessage, bool>> which, Action<EnneoDbContext, OutgoingMessage> change, CancellationToken cancellationToken) =>
        ApplyAsync(db => db.Outbox.Where(which), change, Actor.System, SendingOrigin.Job, cancellationToken);

    /// <summary>Changes by a job, of mailboxes that may send now: nothing begins to leave one in shadow mode.</summary>
    /// <inheritdoc cref="ByJobAsync(Expression{Func{OutgoingMessage, bool}}, Action{OutgoingMessage}, CancellationToken)"/>
    public Task<int> ByJobIfLiveAsync(Expression<Func<OutgoingMessage, bool>> which, Action<OutgoingMessage> change, CancellationToken cancellationToken) => ApplyAsync(
        db => db.Outbox.Where(which).Where(o => db.Mailboxes.Any(m => m.Id == o.MailboxId && !m.IsShadow)),
        (_, outgoing) => change(outgoing),
        Actor.System,
        SendingOrigin.Job,
        cancellationToken);

    /// <summary>The same, of mail that another system carries out from then on.</summary>
    /// <inheritdoc cref="ByJobAsync(Expression{Func{OutgoingMessage, bool}}, Action{OutgoingMessage}, CancellationToken)"/>
    public Task<int> HandOnIfLiveAsync(Expression<Func<OutgoingMessage, bool>> which, Action<OutgoingMessage> change, CancellationToken cancellationToken) => ApplyAsync(
        db => db.Outbox.Where(which).Where(o => db.Mailboxes.Any(m => m.Id == o.MailboxId && !m.IsShadow)),
        (_, outgoing) => change(outgoing),
        Actor.System,
        SendingOrigin.Job,
        cancellationToken,
        OutgoingActivity.HandedOn);

    /// <summary>Changes by a job, of mail that is handed over here: what another system carries out is in its hands.</summary>
    /// <inheritdoc cref="ByJobAsync(Expression{Func{OutgoingMessage, bool}}, Action{OutgoingMessage}, CancellationToken)"/>
    public Task<int> ByJobIfHandedOverHereAsync(Expression<Func<OutgoingMessage, bool>> which, Action<OutgoingMessage> change, CancellationToken cancellationToken) => ApplyAsync(
        db => db.Outbox.Where(which).Where(o => !db.Mailboxes.Any(m => m.Id == o.MailboxId && (m.Method == MailboxMethod.Api || m.IsSentElsewhere))),
        (_, outgoing) => change(outgoing),
        Actor.System,
        SendingOrigin.Job,
        cancellationToken);

    /// <summary>Changes by the system that carries out the mail of a mailbox without a server.</summary>
    /// <returns>How many were there to be changed.</returns>
    public Task<int> ByCarrierAsync(Expression<Func<OutgoingMessage, bool>> which, Action<OutgoingMessage> change, Actor actor, string origin, CancellationToken cancellationToken) => ApplyAsync(
        db => db.Outbox.Where(which).Where(o => db.Mailboxes.Any(m => m.Id == o.MailboxId && (m.Method == MailboxMethod.Api || m.IsSentElsewhere))), (_, outgoing) => change(outgoing), actor, origin, cancellationToken);

    /// <summary>Changes by a person.</summary>
    /// <returns>How many were there to be changed.</returns>
    public Task<int> ByUserAsync(Expression<Func<OutgoingMessage, bool>> which, Action<OutgoingMessage> change, long userId, CancellationToken cancellationToken) =>
        ApplyAsync(db => db.Outbox.Where(which), (_, outgoing) => change(outgoing), Actor.User(userId), SendingOrigin.Web, cancellationToken);

    private Task<int> ApplyAsync(
        Func<EnneoDbContext, IQueryable<OutgoingMessage>> which, Action<EnneoDbContext, OutgoingMessage> change, Actor actor, string origin, CancellationToken cancellationToken,
        Func<OutgoingMessage, DeliveryState, Actor, string, TimeProvider, ActivityEntry>? told = null) => lane.RunAsync(
        async (db, token) =>
        {
            var reach = await Reaches.OfAsync(db, actor, token);
            var found = await reach.Of(which(db)).OrderBy(o => o.Id).ToListAsync(token);
            foreach (var outgoing in found)
            {
                var before = outgoing.State;
                change(db, outgoing);
                outgoing.Version++;
                db.Activity.Add((told ?? OutgoingActivity.Changed)(outgoing, before, actor, origin, clock));
            }

            await db.SaveChangesAsync(token);
            return found.Count;
        },
        cancellationToken);
}
