using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Integrations.Facts;
using Enneo.Core.Integrations.Patching;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Receiving;

/// <summary>A mail that was made ready, and what is said of its ticket.</summary>
internal sealed record Arrival(TicketWish Wish, ReadyMail Ready, Actor Actor, string Origin)
{
    /// <summary>All by which it may be known: two that share one come one after the other.</summary>
    public IEnumerable<(string Kind, long OwnerId, string Id)> Ids => new (string Kind, long OwnerId, string? Id)[]
    {
        ("ticket", Actor.UserId ?? 0, Wish.ExternalTicketId),
        ("message", Actor.UserId ?? 0, Wish.ExternalMessageId),
        ("mail", 0, Ready.Mail!.InternetMessageId),
        ("mail", 0, Ready.Mail.Parsed?.InternetMessageId),
    }.Where(id => id.Id is not null).Select(id => (id.Kind, id.OwnerId, id.Id!)).Distinct();
}

/// <summary>
/// Takes in mails that were made ready, each with all that is said of its ticket. Those of requests that come at once go
/// through threading and spam together, as mails do that are fetched at once.
/// </summary>
public sealed class MailArrivals
{
    private readonly MailBringing _bringing;
    private readonly KnownMails _known;
    private readonly TicketPatching _patching;
    private readonly LaneBatch<Arrival, CreatedTicket?> _batch;

    public MailArrivals(MailBringing bringing, KnownMails known, TicketPatching patching, WriterLane lane)
    {
        (_bringing, _known, _patching) = (bringing, known, patching);
        _batch = new(lane, TakeInAsync);
    }

    /// <returns>Null if the mail was known when it was made ready, and has gone since.</returns>
    /// <exception cref="PatchRefusedException">What is said of the ticket cannot be; nothing was taken in.</exception>
    internal Task<CreatedTicket?> TakeInAsync(Arrival arrival, CancellationToken cancellationToken) => _batch.RunAsync(arrival, cancellationToken);

    /// <summary>Changes the ticket as the wish says. Within a transaction of the writer lane.</summary>
    internal async Task<CreatedTicket> ChangeAsync(EnneoDbContext db, CreatedTicket created, TicketWish wish, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var ticketId = created.TicketId!.Value;
        var patch = wish.Patch(ticketId, created.IsNew);
        patch = wish.ExternalTicketId is { } name ? patch with { ExternalId = new Given<string?>(true, name) } : patch;
        if (patch == new TicketPatch(ticketId))
        {
            return created; // nothing more is said of it
        }

        var ticket = await db.Tickets.SingleAsync(t => t.Id == ticketId, cancellationToken);
        await db.Entry(ticket).ReloadAsync(cancellationToken); // what took it in may have written past it
        await _patching.ApplyAsync(db, ticket, patch, 0, actor, origin, cancellationToken);
        return created;
    }

    internal static Task<long> MailboxOfAsync(EnneoDbContext db, long ticketId, CancellationToken cancellationToken) =>
        db.Tickets.Where(t => t.Id == ticketId).Select(t => t.MailboxId).SingleAsync(cancellationToken);

    private async Task<IReadOnlyList<CreatedTicket?>> TakeInAsync(EnneoDbContext db, IReadOnlyList<Arrival> arrivals, CancellationToken cancellationToken)
    {
        List<CreatedTicket?> created = [];
        while (created.Count < arrivals.Count)
        {
            created.AddRange(await TakeInTogetherAsync(db, Together(arrivals.Skip(created.Count)), cancellationToken));
        }

        return created;
    }

    /// <summary>The first ones that are of the same mailbox and door, and of which none can be another.</summary>
    private static List<Arrival> Together(IEnumerable<Arrival> arrivals)
    {
        List<Arrival> together = [];
        HashSet<(string, long, string)> ids = [];
        foreach (var arrival in arrivals)
        {
            if (together is [var first, ..] && (first.Ready.Mailbox!.Id, first.Origin) != (arrival.Ready.Mailbox!.Id, arrival.Origin) || !arrival.Ids.All(ids.Add))
            {
                break;
            }

            together.Add(arrival);
        }

        return together;
    }

    private async Task<CreatedTicket?[]> TakeInTogetherAsync(EnneoDbContext db, List<Arrival> arrivals, CancellationToken cancellationToken)
    {
        var created = new CreatedTicket?[arrivals.Count];
        List<int> missing = [];
        for (var i = 0; i < arrivals.Count; i++)
        {
            db.ChangeTracker.Clear(); // each is changed as it stands, not as it was read for another
            created[i] = await FindAsync(db, arrivals[i], cancellationToken);
            if (created[i] is null && arrivals[i].Ready.Kept is not null)
            {
                missing.Add(i);
            }
        }

        if (missing.Count == 0)
        {
            return created;
        }

        var (mailbox, origin) = (arrivals[0].Ready.Mailbox!, arrivals[0].Origin);
        var received = await _bringing.AddAsync(db, mailbox, [.. missing.Select(i => BroughtOf(arrivals[i]))], origin, cancellationToken);
        foreach (var (i, mail) in missing.Zip(received))
        {
            db.ChangeTracker.Clear();
            created[i] = await SettleAsync(db, arrivals[i], new TakenIn(mail.TicketId, mail.MessageId, !mail.IsDuplicate), cancellationToken);
        }

        return created;
    }

    /// <summary>Asks once more whether it is there: of two requests that come together, one was first.</summary>
    private async Task<CreatedTicket?> FindAsync(EnneoDbContext db, Arrival arrival, CancellationToken cancellationToken)
    {
        var (wish, ready, actor, origin) = arrival;
        if (wish.ExternalTicketId is { } external && await ExternalIds.FindTicketAsync(db, actor.UserId ?? 0, external, cancellationToken) is { } ticketId
            && (await Reaches.OfAsync(db, actor, cancellationToken)).Covers(await MailboxOfAsync(db, ticketId, cancellationToken)))
        {
            return await ChangeAsync(db, CreatedTicket.Changed(ticketId), wish, actor, origin, cancellationToken);
        }

        return await _known.FindAsync(db, ready.Mailbox!.Id, ready.Mail!, actor, wish.ExternalMessageId, cancellationToken) is { } taken
            ? await SettleAsync(db, arrival, taken, cancellationToken)
            : null;
    }

    private async Task<CreatedTicket> SettleAsync(EnneoDbContext db, Arrival arrival, TakenIn taken, CancellationToken cancellationToken)
    {
        var (wish, ready, actor, origin) = arrival;
        await ExternalIds.AddMessageAsync(db, actor.UserId ?? 0, taken.MessageId, wish.ExternalMessageId, cancellationToken);
        await FactsWriting.KeepRawAsync(db, taken.MessageId, ready.Mail!.RawData, cancellationToken);
        if (taken.IsNew && !ready.Mail.IsSent && ready.Kept!.At < ready.Mailbox!.ConnectedAt)
        {
            wish = wish with { Patch = OpenUnlessSaid(wish.Patch, await db.Messages.CountAsync(m => m.TicketId == taken.TicketId, cancellationToken) == 1) };
        }

        return await ChangeAsync(db, CreatedTicket.Of(taken), wish, actor, origin, cancellationToken);
    }

    /// <summary>An old mail that is fetched comes in closed; a ticket that somebody asked for is one to work on.</summary>
    private static Func<long, bool, TicketPatch> OpenUnlessSaid(Func<long, bool, TicketPatch> patch, bool isOnlyMail) => (ticketId, isNew) =>
        patch(ticketId, isNew) is { Status: null } said && isOnlyMail ? said with { Status = TicketStatus.Open } : patch(ticketId, isNew);

    private static BroughtMail BroughtOf(Arrival arrival)
    {
        var (source, parsed, at) = arrival.Ready.Kept!;
        var isSent = arrival.Ready.Mail!.IsSent;
        return new BroughtMail(source, parsed, at)
        {
            By = arrival.Actor,
            Origin = arrival.Origin,
            Pace = arrival.Wish.Pace,
            Folder = isSent ? FolderRole.Sent : FolderRole.Inbox,
            IsSeen = isSent,
        };
    }
}
