using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Sending;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Conversations;

/// <summary>Answers a ticket for another system, once: the same answer of that system again is the one that was sent.</summary>
public sealed class MessageReplying(IDbContextFactory<EnneoDbContext> dbFactory, ProgramSending sending, AttachmentFetching fetching)
{
    /// <param name="externalId">What that system calls the answer; null for none.</param>
    /// <param name="wanted">Files besides those of <paramref name="mail"/>, which are fetched only for an answer that is not here already.</param>
    public async Task<ProgramMailResult> RunAsync(
        Reach reach, long ticketId, ProgramMail mail, string? externalId, Actor actor, CancellationToken cancellationToken, IReadOnlyList<WantedFile>? wanted = null)
    {
        var name = mail.IsDraft ? null : externalId;
        try
        {
            if (name is not null && await FindAsync(reach, ticketId, name, actor, cancellationToken) is { } earlier)
            {
                return earlier;
            }

            var files = await fetching.RunAsync(wanted ?? [], cancellationToken);
            return files.Errors.Count > 0
                ? ProgramMailResult.Refused(files.Errors)
                : await sending.ReplyAsync(
                    reach,
                    ticketId,
                    mail with { Files = [.. mail.Files, .. files.Files], Alongside = name is null ? mail.Alongside : (db, outgoing, token) => KeepAsync(db, outgoing, name, actor, token) },
                    actor,
                    cancellationToken);
        }
        catch (ReplyKnownException)
        {
            return await FindAsync(reach, ticketId, name!, actor, cancellationToken) ?? ProgramMailResult.Missing;
        }
    }

    /// <exception cref="ReplyKnownException">Another request with the same id was first.</exception>
    private static async Task KeepAsync(EnneoDbContext db, OutgoingMessage outgoing, string externalId, Actor actor, CancellationToken cancellationToken)
    {
        if (await ExternalIds.FindMessageAsync(db, actor.UserId ?? 0, externalId, cancellationToken) is not null)
        {
            throw new ReplyKnownException();
        }

        await ExternalIds.AddMessageAsync(db, actor.UserId ?? 0, outgoing.MessageId, externalId, cancellationToken);
    }

    /// <returns>Null where that system calls no message so; a refusal where it calls another one so, that nobody takes for the answer.</returns>
    private async Task<ProgramMailResult?> FindAsync(Reach reach, long ticketId, string externalId, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (await ExternalIds.FindMessageAsync(db, actor.UserId ?? 0, externalId, cancellationToken) is not { } messageId)
        {
            return null;
        }

        // Also where it was moved to another ticket since it answered this one.
        return await reach.Of(db.Outbox.AsNoTracking()).SingleOrDefaultAsync(
                o => o.MessageId == messageId
                    && (o.TicketId == ticketId || db.Activity.Any(e => e.TicketId == ticketId && e.MessageId == messageId && e.Kind == ActivityKind.OutgoingQueued)),
                cancellationToken) is { } outgoing
            ? new ProgramMailResult(OutgoingStatus.Of(outgoing), null, null)
            : new ProgramMailResult(null, null, IntegrationText.MessageIdTaken);
    }
}

/// <summary>Ends the transaction, so that nothing is sent twice.</summary>
internal sealed class ReplyKnownException : Exception;
