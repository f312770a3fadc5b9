using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Integrations.Facts;
using Enneo.Core.Spam;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Patching;

/// <summary>Changes tickets as people do, several fields of several tickets in one transaction: a rule that one of them breaks stops all.</summary>
public sealed class TicketPatching(WriterLane lane, TicketEditing editing, SpamDecisions spam, TimeProvider clock)
{
    public async Task<PatchResult> RunAsync(IReadOnlyList<TicketPatch> patches, Actor actor, string origin, CancellationToken cancellationToken)
    {
        try
        {
            return await lane.RunAsync((db, token) => RunAsync(db, patches, actor, origin, token), cancellationToken);
        }
        catch (PatchRefusedException exception)
        {
            return new PatchResult([], exception.Errors);
        }
    }

    private async Task<PatchResult> RunAsync(EnneoDbContext db, IReadOnlyList<TicketPatch> patches, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var reach = await Reaches.OfAsync(db, actor, cancellationToken);
        List<PatchOutcome> outcomes = [];
        foreach (var (index, patch) in patches.Index())
        {
            var survivor = await db.TicketMerges.Where(m => m.TicketId == patch.TicketId).Select(m => (long?)m.IntoId).SingleOrDefaultAsync(cancellationToken);
            var ticketId = survivor ?? patch.TicketId;
            if (await reach.Of(db.Tickets).SingleOrDefaultAsync(t => t.Id == ticketId, cancellationToken) is not { } ticket)
            {
                outcomes.Add(PatchOutcome.NotFound);
            }
            else if (patch.If is { IsAny: false } condition && !condition.Names(await TicketVersions.FindTagAsync(db, ticket.Id, cancellationToken) ?? ""))
            {
                outcomes.Add(PatchOutcome.ChangedMeanwhile);
            }
            else
            {
                await ApplyAsync(db, ticket, patch, index, actor, origin, cancellationToken);
                outcomes.Add(PatchOutcome.Done);
            }
        }

        return new PatchResult(outcomes, new Dictionary<string, string[]>());
    }

    /// <summary>Within a transaction of the writer lane. Spam first: it takes tags and brings others, and what was named is what stands in the end.</summary>
    /// <exception cref="PatchRefusedException">A rule is broken.</exception>
    internal async Task ApplyAsync(EnneoDbContext db, Ticket ticket, TicketPatch patch, int index, Actor actor, string origin, CancellationToken cancellationToken)
    {
        await PatchRules.CheckAsync(db, ticket.MailboxId, patch, index, await GivenAsync(db, ticket.Id, cancellationToken), cancellationToken);
        if (patch.SpamStatus is { Is: true, Value: var verdict })
        {
            Task decision = verdict is { } judged
                ? spam.MarkAsync(db, [ticket.Id], judged is SpamStatus.ManualSpam, actor, origin, cancellationToken)
                : spam.WithdrawAsync(db, ticket, actor, origin, cancellationToken);
            await decision;
        }

        if (patch.Status is { } status)
        {
            await editing.SetStatusAsync(db, [ticket.Id], status, actor, origin, cancellationToken);
        }

        if (patch.AssigneeId is { Is: true, Value: var assignee })
        {
            await editing.AssignAsync(db, [ticket.Id], assignee, actor, origin, cancellationToken);
        }

        await PromiseAsync(db, ticket, patch, actor, origin, cancellationToken);

        if (patch.Subject is { } subject)
        {
            await RenameAsync(db, ticket, subject, actor, origin, cancellationToken);
        }

        if (patch.TagIds is { } tagIds)
        {
            await TagAsync(db, ticket, tagIds, actor, origin, cancellationToken);
        }

        if (patch.ExternalId is { Is: true, Value: var externalId })
        {
            await ExternalIds.SetAsync(db, ticket, externalId, actor, origin, clock, cancellationToken);
        }

        await FactsWriting.ApplyAsync(db, ticket, patch, index, actor, origin, clock, cancellationToken);
    }

    /// <summary>Nobody waits for an answer to spam: when it is due is kept until it is none any more.</summary>
    private async Task PromiseAsync(EnneoDbContext db, Ticket ticket, TicketPatch patch, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var saysDue = patch.DueBy.Is || patch.FirstResponseDueBy.Is;
        var isKept = saysDue && ticket.SpamStatus.IsSpam();
        if (isKept)
        {
            await SpamDue.KeepAsync(
                db, ticket,
                kept => kept with { DueBy = patch.DueBy.Or(kept.DueBy), FirstResponseDueBy = patch.FirstResponseDueBy.Or(kept.FirstResponseDueBy) },
                actor, origin, clock, cancellationToken);
        }

        if (patch.Priority is not null || (saysDue && !isKept))
        {
            await editing.PromiseAsync(
                db, ticket.Id,
                state => state with
                {
                    Priority = patch.Priority ?? state.Priority,
                    DueBy = isKept ? state.DueBy : patch.DueBy.Or(state.DueBy),
                    FirstResponseDueBy = isKept ? state.FirstResponseDueBy : patch.FirstResponseDueBy.Or(state.FirstResponseDueBy),
                },
                actor, origin, cancellationToken);
        }
    }

    private async Task RenameAsync(EnneoDbContext db, Ticket ticket, string subject, Actor actor, string origin, CancellationToken cancellationToken)
    {
        await db.Entry(ticket).ReloadAsync(cancellationToken); // what was done before may have written past it
        if (ticket.Subject != subject)
        {
            db.Activity.Add(ActivityEntry.Of(ActivityKind.TicketRenamed, actor, origin, clock, ticket.MailboxId, ticket.Id, changes: ("subject", ticket.Subject, subject)));
            (ticket.Subject, ticket.GivenSubject) = (subject, subject);
            ticket.Version++;
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    private static Task<List<long>> GivenAsync(EnneoDbContext db, long ticketId, CancellationToken cancellationToken) =>
        db.TicketTags.AsNoTracking().Where(g => g.TicketId == ticketId && !g.IsTakenOff).Select(g => g.TagId).ToListAsync(cancellationToken);

    private async Task TagAsync(EnneoDbContext db, Ticket ticket, IReadOnlyList<long> tagIds, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var given = await GivenAsync(db, ticket.Id, cancellationToken);
        TagRows rows = new(db, actor, origin, clock);
        foreach (var tagId in given.Union(tagIds))
        {
            var wanted = tagIds.Contains(tagId);
            if (wanted == given.Contains(tagId) || await db.Tags.FindAsync([tagId], cancellationToken) is not { } tag)
            {
                continue;
            }

            var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds()); // as it is stored
            await rows.SetAsync(ticket, tag, new TagStanding(TagSource.Person, actor.UserId, "{}", now, IsTakenOff: !wanted), cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
    }
}
