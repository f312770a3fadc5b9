using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes.Rules;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Storage;
using MimeKit;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>
/// The ways over which wanted mail comes although they break its DMARC: a mailing list, a forwarder, whoever sealed it
/// last. An exception is made of a mail that a person looks at, for its mailbox alone.
/// </summary>
public sealed class DmarcExceptions(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, MessageStore store, TimeProvider clock)
{
    /// <returns>In order of the alphabet.</returns>
    public async Task<IReadOnlyList<DmarcException>> ListAsync(Reach reach, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var exceptions = await db.DmarcExceptions.AsNoTracking().OrderBy(e => e.FromDomain).ThenBy(e => e.Via).ToListAsync(cancellationToken);
        return [.. exceptions.Where(exception => exception.MailboxId is { } mailboxId ? reach.Covers(mailboxId) : reach.IsAll)];
    }

    /// <returns>What could be made an exception; null where DMARC did not fail, or the mail did not come over anybody else.</returns>
    public async Task<DmarcPin?> FindOfferAsync(Reach reach, long ticketId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var source = await (
            from verdict in db.SpamVerdicts
            where verdict.Rule == HeaderRule.Dmarc
            join message in reach.Of(db.Messages) on verdict.MessageId equals message.Id
            where message.TicketId == ticketId
            join stored in db.Sources on message.SourceId equals stored.Id
            orderby message.Id descending
            select stored).AsNoTracking().FirstOrDefaultAsync(cancellationToken);
        return source is not null && await StoredHeader.ReadAsync(store, source, clock, cancellationToken) is { } headers ? Offer(headers) : null;
    }

    /// <param name="pin">As <see cref="FindOfferAsync"/> found it for the ticket.</param>
    /// <returns>The id of the exception; null if the ticket is out of reach.</returns>
    public Task<long?> AddAsync(long ticketId, DmarcPin pin, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync<long?>(
        async (db, token) =>
        {
            var reach = await Reaches.OfAsync(db, actor, token);
            if (await reach.Of(db.Tickets).Where(t => t.Id == ticketId).Select(t => (long?)t.MailboxId).SingleOrDefaultAsync(token) is not { } mailboxId)
            {
                return null;
            }

            if (await db.DmarcExceptions.SingleOrDefaultAsync(e => e.FromDomain == pin.FromDomain && e.Via == pin.Via && e.MailboxId == mailboxId, token) is { } known)
            {
                return known.Id;
            }

            DmarcException exception = new() { MailboxId = mailboxId, FromDomain = pin.FromDomain, Via = pin.Via, CreatedAt = clock.GetUtcNow(), CreatedBy = actor.UserId };
            db.DmarcExceptions.Add(exception);
            await RecordAsync(db, exception, isAdded: true, actor, origin, token);
            return exception.Id;
        },
        cancellationToken);

    /// <returns>Whether there was such an exception in reach.</returns>
    public Task<bool> RemoveAsync(long id, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var reach = await Reaches.OfAsync(db, actor, token);
            if (await db.DmarcExceptions.SingleOrDefaultAsync(e => e.Id == id, token) is not { } exception
                || !(exception.MailboxId is { } mailboxId ? reach.Covers(mailboxId) : reach.IsAll))
            {
                return false;
            }

            db.DmarcExceptions.Remove(exception);
            await RecordAsync(db, exception, isAdded: false, actor, origin, token);
            return true;
        },
        cancellationToken);

    /// <summary>A list says most about where mail comes from; a seal least, since large providers seal everything.</summary>
    private static DmarcPin? Offer(HeaderList headers) =>
        HeaderSender.Of(headers) is { } sender
        && DmarcResults.Lists(headers).Concat(DmarcResults.ReturnPaths(headers)).Concat(DmarcResults.Sealers(headers))
            .Select(way => way.ToLowerInvariant())
            .FirstOrDefault(way => way.Contains('.', StringComparison.Ordinal) && HostSyntax.IsName(way) && !IsOf(way, sender.Domain)) is { } via
            ? new DmarcPin(sender.Domain, via)
            : null;

    private static bool IsOf(string host, string domain) => host == domain || host.EndsWith("." + domain, StringComparison.Ordinal);

    private Task RecordAsync(EnneoDbContext db, DmarcException exception, bool isAdded, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var words = $"{exception.FromDomain} via {exception.Via}";
        db.Activity.Add(ActivityEntry.Of(
            ActivityKind.SpamSenderChanged, actor, origin, clock, exception.MailboxId,
            changes: [("sender", isAdded ? null : words, isAdded ? words : null), ("trusted", isAdded ? null : true, isAdded ? true : null)]));
        return db.SaveChangesAsync(cancellationToken);
    }
}
