using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Integrations.Facts;
using Enneo.Core.Integrations.Patching;
using Enneo.Core.Sending;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Receiving;

/// <summary>
/// Creates tickets for other systems. Their ids are kept: the same one again changes the ticket it named. A mail and all
/// that is said of its ticket come in together, or nothing does.
/// </summary>
public sealed class TicketCreation(
    IDbContextFactory<EnneoDbContext> dbFactory, MailReceiving receiving, ProgramSending sending, AttachmentFetching fetching, MailArrivals arrivals, WriterLane lane)
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
                return await lane.RunAsync((db, token) => arrivals.ChangeAsync(db, CreatedTicket.Changed(known), wish, actor, origin, token), cancellationToken);
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

            if (await arrivals.TakeInAsync(new Arrival(wish, ready, actor, origin), cancellationToken) is { } created)
            {
                return created;
            }
        }

        return CreatedTicket.Refused("", IntegrationText.ChangedMeanwhile);
    }

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
            return await lane.RunAsync((db, token) => arrivals.ChangeAsync(db, CreatedTicket.Changed(known.TicketId), wish, actor, origin, token), cancellationToken);
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
        await arrivals.ChangeAsync(db, CreatedTicket.Of(sent), wish, actor, origin, cancellationToken);
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

        return known is { } id && (await Reaches.OfAsync(db, actor, cancellationToken)).Covers(await MailArrivals.MailboxOfAsync(db, id, cancellationToken)) ? id : null;
    }
}

/// <summary>Another request with the same ids was first: ends the transaction, so that nothing of this one is kept.</summary>
internal sealed class TicketKnownException(long ticketId) : Exception
{
    public long TicketId => ticketId;
}
