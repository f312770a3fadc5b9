using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Sending;

namespace Enneo.Core.Integrations;

/// <summary>A ticket that another system wants: a mail that came in, or one to be sent.</summary>
public sealed record TicketWish(long MailboxId, IReadOnlyList<WantedFile> Files)
{
    public string? ExternalTicketId { get; init; }
    public string? ExternalMessageId { get; init; }

    /// <summary>Made once its files are there; null for a mail to be sent.</summary>
    public Func<IReadOnlyList<ProgramFile>, NewMail>? Incoming { get; init; }

    public Func<IReadOnlyList<ProgramFile>, ProgramMail>? Outgoing { get; init; }

    /// <summary>What else is said of the ticket, by its id and whether it is new.</summary>
    public required Func<long, bool, TicketPatch> Patch { get; init; }
}

/// <summary>How it ended.</summary>
/// <param name="Errors">By field; empty on success.</param>
public sealed record CreatedTicket(long? TicketId, long? MessageId, long? DraftId, bool IsNew, DeliveryState? Delivery, IReadOnlyDictionary<string, string[]> Errors)
{
    internal static CreatedTicket Refused(string field, string problem) => new(null, null, null, false, null, new Dictionary<string, string[]> { [field] = [problem] });
}

/// <summary>Creates tickets for other systems. Their ids are kept: the same one again changes the ticket it named.</summary>
public sealed class TicketCreation(MailReceiving receiving, ProgramSending sending, AttachmentFetching fetching, TicketPatching patching, WriterLane lane)
{
    public async Task<CreatedTicket> RunAsync(Reach reach, TicketWish wish, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (wish.ExternalTicketId is { } external && await receiving.FindTicketAsync(reach, actor.UserId ?? 0, external, cancellationToken) is { } known)
        {
            return await PatchAsync(new CreatedTicket(known, null, null, false, null, new Dictionary<string, string[]>()), wish, actor, origin, cancellationToken);
        }

        var files = await fetching.RunAsync(wish.Files, cancellationToken);
        if (files.Errors.Count > 0)
        {
            return new CreatedTicket(null, null, null, false, null, files.Errors);
        }

        var created = wish.Outgoing is { } outgoing
            ? await SendAsync(reach, wish, outgoing(files.Files), actor, cancellationToken)
            : await TakeInAsync(reach, wish, wish.Incoming!(files.Files), actor, cancellationToken);
        return created.Errors.Count > 0 || created.TicketId is null ? created : await PatchAsync(created, wish, actor, origin, cancellationToken);
    }

    private async Task<CreatedTicket> TakeInAsync(Reach reach, TicketWish wish, NewMail mail, Actor actor, CancellationToken cancellationToken)
    {
        var taken = await receiving.RunAsync(reach, wish.MailboxId, mail, wish.ExternalTicketId, wish.ExternalMessageId, actor, cancellationToken);
        return taken.Problem is { } problem
            ? CreatedTicket.Refused(taken.Field, problem)
            : new CreatedTicket(taken.TicketId, taken.MessageId, null, taken.IsNew, null, new Dictionary<string, string[]>());
    }

    private async Task<CreatedTicket> SendAsync(Reach reach, TicketWish wish, ProgramMail mail, Actor actor, CancellationToken cancellationToken)
    {
        var result = await sending.WriteAsync(reach, wish.MailboxId, mail, actor, cancellationToken);
        if (result.IsMissing)
        {
            return CreatedTicket.Refused("subchannelId", IntegrationText.NoSuchMailbox);
        }

        if (result.Problem is { } problem)
        {
            return CreatedTicket.Refused("", problem);
        }

        if (result.Sent is not { } sent)
        {
            return new CreatedTicket(null, null, result.DraftId, true, null, new Dictionary<string, string[]>());
        }

        await lane.RunAsync(
            async (db, token) =>
            {
                if (wish.ExternalTicketId is { } external)
                {
                    await ExternalIds.SetAsync(db, actor, sent.TicketId, external, token);
                }

                await ExternalIds.AddMessageAsync(db, actor.UserId ?? 0, sent.MessageId, wish.ExternalMessageId, token);
            },
            cancellationToken);
        return new CreatedTicket(sent.TicketId, sent.MessageId, null, true, sent.State, new Dictionary<string, string[]>());
    }

    private async Task<CreatedTicket> PatchAsync(CreatedTicket created, TicketWish wish, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var patched = await patching.RunAsync([wish.Patch(created.TicketId!.Value, created.IsNew)], actor, origin, cancellationToken);
        return patched.Errors.Count == 0 ? created : created with { Errors = patched.Errors.ToDictionary(error => error.Key[2..], error => error.Value) };
    }
}
