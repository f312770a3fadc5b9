using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tags;

/// <summary>
/// What gives and takes tags by itself. A person's word stands: what they gave stays, what they took off does not come
/// back. Within a transaction of the writer lane, whose ticket is looked at anew.
/// </summary>
public sealed class AutomaticTags(TimeProvider clock)
{
    /// <summary>Gives what was found; where the ticket has nothing, the default tag. Spam gets tags for spam and nothing else.</summary>
    /// <returns>The tags that it did not have before.</returns>
    public async Task<IReadOnlyList<long>> GiveAsync(
        EnneoDbContext db, long ticketId, IReadOnlyList<TagFinding> findings, string origin, CancellationToken cancellationToken)
    {
        if (await db.Tickets.SingleOrDefaultAsync(t => t.Id == ticketId, cancellationToken) is not { } ticket)
        {
            return [];
        }

        if (ticket.SpamStatus.IsSpam())
        {
            return await BecomeSpamAsync(db, ticket, origin, cancellationToken);
        }

        Work work = await BeginAsync(db, ticket, origin, cancellationToken);
        foreach (var finding in findings)
        {
            await work.GiveAsync(finding.TagId, finding.Source, finding.Reason, cancellationToken);
        }

        await GiveDefaultAsync(work, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return work.Given;
    }

    /// <summary>Takes one off that no person gave.</summary>
    public async Task<bool> TakeAsync(EnneoDbContext db, long ticketId, long tagId, string origin, CancellationToken cancellationToken)
    {
        if (await db.Tickets.SingleOrDefaultAsync(t => t.Id == ticketId, cancellationToken) is not { } ticket)
        {
            return false;
        }

        Work work = await BeginAsync(db, ticket, origin, cancellationToken);
        var taken = await work.TakeAsync(tag => tag.Id == tagId, setAside: false, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return taken;
    }

    /// <summary>It became spam: automatic tags are set aside, all tags for spam of its mailbox come.</summary>
    /// <returns>The tags that it did not have before.</returns>
    public async Task<IReadOnlyList<long>> BecomeSpamAsync(EnneoDbContext db, Ticket ticket, string origin, CancellationToken cancellationToken)
    {
        Work work = await BeginAsync(db, ticket, origin, cancellationToken);
        await work.TakeAsync(tag => !tag.IsSpam, setAside: true, cancellationToken);
        foreach (var tag in work.Tags.Where(tag => tag.IsSpam))
        {
            await work.GiveAsync(tag.Id, TagSource.Spam, TagReason.None, cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        return work.Given;
    }

    /// <summary>It is mass mail that its mailbox does not hide: all tags for spam of its mailbox come, and nothing goes.</summary>
    public async Task MarkMassMailAsync(EnneoDbContext db, long ticketId, string origin, CancellationToken cancellationToken)
    {
        if (await db.Tickets.SingleOrDefaultAsync(t => t.Id == ticketId, cancellationToken) is not { } ticket)
        {
            return;
        }

        Work work = await BeginAsync(db, ticket, origin, cancellationToken);
        foreach (var tag in work.Tags.Where(tag => tag.IsSpam))
        {
            await work.GiveAsync(tag.Id, TagSource.Spam, TagReason.None, cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>It is no spam any more: tags for spam go, and what was set aside comes back.</summary>
    public async Task BecomeCleanAsync(EnneoDbContext db, Ticket ticket, string origin, CancellationToken cancellationToken)
    {
        Work work = await BeginAsync(db, ticket, origin, cancellationToken);
        await work.TakeAsync(tag => tag.IsSpam, setAside: false, cancellationToken);
        await work.BringBackAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>It is there for what nothing else matched, and goes when something does.</summary>
    private static async Task GiveDefaultAsync(Work work, CancellationToken cancellationToken)
    {
        if (work.Tags.FirstOrDefault(tag => tag.IsDefault) is not { } byDefault)
        {
            return;
        }

        if (work.HasOtherThan(byDefault.Id))
        {
            await work.TakeAsync(tag => tag.Id == byDefault.Id, setAside: false, cancellationToken, TagSource.Default);
        }
        else
        {
            await work.GiveAsync(byDefault.Id, TagSource.Default, TagReason.None, cancellationToken);
        }
    }

    private async Task<Work> BeginAsync(EnneoDbContext db, Ticket ticket, string origin, CancellationToken cancellationToken) => new(
        ticket,
        await db.Tags.ToListAsync(cancellationToken),
        await db.TicketTags.Where(g => g.TicketId == ticket.Id).ToListAsync(cancellationToken),
        new TagRows(db, Actor.System, origin, clock),
        clock);

    /// <summary>One ticket, with all tags that there are.</summary>
    private sealed class Work(Ticket ticket, List<Tag> all, List<TicketTag> standing, TagRows rows, TimeProvider clock)
    {
        private readonly Dictionary<long, TagStanding> _standing = standing.ToDictionary(row => row.TagId, row => TagStanding.Of(row)!);
        private readonly List<long> _given = [];

        /// <summary>Those that its mailbox may get, in no order.</summary>
        public IEnumerable<Tag> Tags => all.Where(tag => tag.AppliesTo(ticket.MailboxId));

        public IReadOnlyList<long> Given => _given;

        public bool HasOtherThan(long tagId) => _standing.Any(pair => pair.Key != tagId && !pair.Value.IsTakenOff);

        public async Task GiveAsync(long tagId, TagSource source, TagReason reason, CancellationToken cancellationToken)
        {
            var before = _standing.GetValueOrDefault(tagId);
            if (before is { IsTakenOff: false } or { Source: TagSource.Person } || Tags.FirstOrDefault(tag => tag.Id == tagId) is not { } tag)
            {
                return;
            }

            await SetAsync(tag, new(source, null, reason.ToJson(), clock.GetUtcNow(), IsTakenOff: false), cancellationToken);
            _given.Add(tagId);
        }

        /// <param name="setAside">They may come back.</param>
        /// <param name="source">Only those that it gave; null for all that no person gave.</param>
        public async Task<bool> TakeAsync(Func<Tag, bool> which, bool setAside, CancellationToken cancellationToken, TagSource? source = null)
        {
            var taken = false;
            foreach (var tag in all.Where(which))
            {
                if (_standing.GetValueOrDefault(tag.Id) is { IsTakenOff: false, Source: not TagSource.Person } has && (source is null || has.Source == source))
                {
                    await SetAsync(tag, setAside ? has with { IsTakenOff = true } : null, cancellationToken);
                    taken = true;
                }
            }

            return taken;
        }

        public async Task BringBackAsync(CancellationToken cancellationToken)
        {
            foreach (var tag in Tags)
            {
                if (_standing.GetValueOrDefault(tag.Id) is { IsTakenOff: true, Source: not TagSource.Person } aside)
                {
                    await SetAsync(tag, aside with { IsTakenOff = false }, cancellationToken);
                }
            }
        }

        private async Task SetAsync(Tag tag, TagStanding? wanted, CancellationToken cancellationToken)
        {
            await rows.SetAsync(ticket, tag, wanted, cancellationToken);
            if (wanted is null)
            {
                _standing.Remove(tag.Id);
            }
            else
            {
                _standing[tag.Id] = wanted;
            }
        }
    }
}
