using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Integrations.Facts;
using Enneo.Core.Integrations.Patching;
using Enneo.Core.Sending;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Receiving;

/// <summary>
/// Creates tickets for other systems. Their ids are kept: the same one again changes the ticket it named. A mail and all
/// that is said of its ticket come in together, or nothing does.
/// </summary>
public sealed class TicketCreation(
    IDbContextFactory<EnneoDbContext> dbFactory, MailReceiving receiving, ProgramSending sending, AttachmentFetching fetching, TicketPatching patching, WriterLane lane)
{
    private const int Tries = 3;

    public async Task<CreatedTicket> RunAsync(Reach reach, TicketWish wish, Actor actor, string origin, CancellationToken cancellationToken)
    {
        try
        {
            if (wish.Incoming?.Invoke([]) is { } said && await receiving.IsContradictoryAsync(said, cancellationToken))
            {
                return CreatedTicket.Malformed("internetMessageId", IntegrationText.SourceHasAnotherId);
            }

            if (await FindAsync(reach, wish, actor, cancellationToken) is { } known)
            {
                return await lane.RunAsync((db, token) => ChangeAsync(db, CreatedTicket.Changed(known), wish, actor, origin, token), cancellationToken);
            }

            if (wish.Outgoing is not { } outgoing)
            {
                return await TakeInAsync(reach, wish, actor, origin, cancellationToken);
            }

            var files = await fetching.RunAsync(wish.Files, cancellationToken);
            return files.Errors.Count > 0 ? CreatedTicket.Refused(files.Errors) : await SendAsync(reach, wish, outgoing(files.Files), actor, origin, cancellationToken);
        }
        catch (PatchRefusedException exception)
        {
            return CreatedTicket.Refused(exception.Fields);
        }
    }

    /// <summary>Before any file is fetched: of a request that comes again they may be gone.</summary>
    /// <returns>The ticket that has the ids of the wish; null if there is none within reach.</returns>
    private async Task<long?> FindAsync(Reach reach, TicketWish wish, Actor actor, CancellationToken cancellationToken)
    {
        if (wish.ExternalTicketId is { } external && await receiving.FindTicketAsync(reach, actor.UserId ?? 0, external, cancellationToken) is { } known)
        {
            return known;
        }

        if (wish.Outgoing is null || wish.ExternalMessageId is null)
        {
            return null;
        }

        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await FindSentAsync(db, wish, actor, cancellationToken);
    }

    private async Task<CreatedTicket> TakeInAsync(Reach reach, TicketWish wish, Actor actor, string origin, CancellationToken cancellationToken)
    {
        for (var i = 0; i < Tries; i++)
        {
            var ready = await receiving.PrepareAsync(reach, wish.MailboxId, wish.Incoming!([]), wish.Files, wish.ExternalMessageId, actor, cancellationToken);
            if (ready.Errors.Count > 0)
            {
                return CreatedTicket.Refused(ready.Errors);
            }

            if (await lane.RunAsync((db, token) => TakeInAsync(db, wish, ready, actor, origin, token), cancellationToken) is { } created)
            {
                return created;
            }
        }

        return CreatedTicket.Refused("", IntegrationText.ChangedMeanwhile);
    }

    /// <summary>Asks once more whether the ticket is there: of two requests that come together, one was first.</summary>
    private async Task<CreatedTicket?> TakeInAsync(EnneoDbContext db, TicketWish wish, ReadyMail ready, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (wish.ExternalTicketId is { } external && await ExternalIds.FindTicketAsync(db, actor.UserId ?? 0, external, cancellationToken) is { } known
            && (await Reaches.OfAsync(db, actor, cancellationToken)).Covers(await MailboxOfAsync(db, known, cancellationToken)))
        {
            return await ChangeAsync(db, CreatedTicket.Changed(known), wish, actor, origin, cancellationToken);
        }

        if (await receiving.AddAsync(db, ready, wish.ExternalMessageId, wish.Pace, actor, origin, cancellationToken) is not { } taken)
        {
            return null;
        }

        if (taken.IsNew && !ready.Mail!.IsSent && ready.Kept!.At < ready.Mailbox!.ConnectedAt)
        {
            wish = wish with { Patch = OpenUnlessSaid(wish.Patch, await db.Messages.CountAsync(m => m.TicketId == taken.TicketId, cancellationToken) == 1) };
        }

        return await ChangeAsync(db, CreatedTicket.Of(taken), wish, actor, origin, cancellationToken);
    }

    /// <summary>An old mail that is fetched comes in closed; a ticket that somebody asked for is one to work on.</summary>
    private static Func<long, bool, TicketPatch> OpenUnlessSaid(Func<long, bool, TicketPatch> patch, bool isOnlyMail) => (ticketId, isNew) =>
        patch(ticketId, isNew) is { Status: null } said && isOnlyMail ? said with { Status = TicketStatus.Open } : patch(ticketId, isNew);

    /// <summary>
    /// The mail, its ids and all that is said of its ticket are written at once, and whether the ids are there already is
    /// asked in that same transaction: a request that comes twice sends once.
    /// </summary>
    private async Task<CreatedTicket> SendAsync(Reach reach, TicketWish wish, ProgramMail mail, Actor actor, string origin, CancellationToken cancellationToken)
    {
        try
        {
            var result = await sending.WriteAsync(
                reach,
                wish.MailboxId,
                mail with { Alongside = (db, outgoing, token) => KeepAlongsideAsync(db, wish, OutgoingStatus.Of(outgoing), actor, origin, token) },
                actor,
                cancellationToken);
            return result.Problem is { } problem ? CreatedTicket.Refused("", problem)
                : result.IsMissing ? CreatedTicket.Refused("subchannelId", IntegrationText.NoSuchMailbox)
                : result.Sent is { } sent ? CreatedTicket.Of(sent)
                : CreatedTicket.Draft(result.DraftId!.Value);
        }
        catch (TicketKnownException known)
        {
            return await lane.RunAsync((db, token) => ChangeAsync(db, CreatedTicket.Changed(known.TicketId), wish, actor, origin, token), cancellationToken);
        }
    }

    /// <exception cref="TicketKnownException">Its ids are there already.</exception>
    private async Task KeepAlongsideAsync(EnneoDbContext db, TicketWish wish, OutgoingStatus sent, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (await FindSentAsync(db, wish, actor, cancellationToken) is { } known)
        {
            throw new TicketKnownException(known);
        }

        await PatchRules.CheckAsync(db, wish.MailboxId, wish.Patch(sent.TicketId, true), 0, [], cancellationToken);
        await ExternalIds.AddMessageAsync(db, actor.UserId ?? 0, sent.MessageId, wish.ExternalMessageId, cancellationToken);
        await FactsWriting.KeepRawAsync(db, sent.MessageId, wish.RawData, cancellationToken);
        await ChangeAsync(db, CreatedTicket.Of(sent), wish, actor, origin, cancellationToken);
    }

    /// <returns>The ticket that has the ids of the wish, within what the actor may see; null if it is new.</returns>
    private static async Task<long?> FindSentAsync(EnneoDbContext db, TicketWish wish, Actor actor, CancellationToken cancellationToken)
    {
        var ownerId = actor.UserId ?? 0;
        var known = wish.ExternalTicketId is { } ticket ? await ExternalIds.FindTicketAsync(db, ownerId, ticket, cancellationToken) : null;
        if (known is null && wish.ExternalMessageId is { } message && await ExternalIds.FindMessageAsync(db, ownerId, message, cancellationToken) is { } messageId)
        {
            known = await db.Messages.Where(m => m.Id == messageId && m.MailboxId == wish.MailboxId).Select(m => (long?)m.TicketId).SingleOrDefaultAsync(cancellationToken);
        }

        return known is { } id && (await Reaches.OfAsync(db, actor, cancellationToken)).Covers(await MailboxOfAsync(db, id, cancellationToken)) ? id : null;
    }

    private async Task<CreatedTicket> ChangeAsync(EnneoDbContext db, CreatedTicket created, TicketWish wish, Actor actor, string origin, CancellationToken cancellationToken)
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
        await patching.ApplyAsync(db, ticket, patch, 0, actor, origin, cancellationToken);
        return created;
    }

    private static Task<long> MailboxOfAsync(EnneoDbContext db, long ticketId, CancellationToken cancellationToken) =>
        db.Tickets.Where(t => t.Id == ticketId).Select(t => t.MailboxId).SingleAsync(cancellationToken);
}

/// <summary>Another request with the same ids was first: ends the transaction, so that nothing of this one is kept.</summary>
internal sealed class TicketKnownException(long ticketId) : Exception
{
    public long TicketId => ticketId;
}
