using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations;

/// <summary>Since when mail is deleted, though it can still be read.</summary>
internal static class DeletedMail
{
    private static readonly ActivityKind[] s_ways = [ActivityKind.MessageMoved, ActivityKind.MessageErased, ActivityKind.MessageOnServerChanged];

    /// <returns>When it went to the trash, or the mail server was found to hold it no more; null while it is neither.</returns>
    public static async Task<DateTimeOffset?> AtAsync(EnneoDbContext db, Message message, CancellationToken cancellationToken) =>
        (await AtAsync(db, [message], cancellationToken)).TryGetValue(message.Id, out var at) ? at : null;

    /// <param name="messages">However many, of one ticket: they are asked for at once.</param>
    /// <returns>The same of those that are deleted, by their ids.</returns>
    public static async Task<IReadOnlyDictionary<long, DateTimeOffset>> AtAsync(EnneoDbContext db, IReadOnlyCollection<Message> messages, CancellationToken cancellationToken)
    {
        var mails = messages.Where(message => message.Direction is not MessageDirection.Internal).ToDictionary(message => message.Id);
        if (mails.Count == 0)
        {
            return new Dictionary<long, DateTimeOffset>();
        }

        var places = (await db.MessageFolders.Where(p => mails.Keys.Contains(p.MessageId)).Join(db.Folders, p => p.FolderId, f => f.Id, (p, f) => new { p.MessageId, f.Role }).ToListAsync(cancellationToken))
            .ToLookup(place => place.MessageId, place => place.Role);
        var gone = mails.Values.Where(message => IsInTrash(places[message.Id]) || (!message.OnServer && !places.Contains(message.Id))).ToList();
        return gone.Count == 0 ? new Dictionary<long, DateTimeOffset>() : await SinceAsync(db, gone, message => IsInTrash(places[message.Id]), cancellationToken);
    }

    private static bool IsInTrash(IEnumerable<FolderRole> places) => places.Any() && places.All(role => role is FolderRole.Trash);

    private static async Task<Dictionary<long, DateTimeOffset>> SinceAsync(EnneoDbContext db, List<Message> gone, Func<Message, bool> isInTrash, CancellationToken cancellationToken)
    {
        var (ids, into) = (gone.ConvertAll(message => message.Id), gone.Select(message => message.TicketId).Distinct().ToList());
        var foldedIn = await db.TicketMerges.Where(m => into.Contains(m.IntoId)).Select(m => m.TicketId).ToListAsync(cancellationToken);
        long[] tickets = [.. into, .. foldedIn];
        var told = (await db.Activity
            .Where(e => e.TicketId != null && tickets.Contains(e.TicketId.Value) && e.MessageId != null && ids.Contains(e.MessageId.Value) && s_ways.Contains(e.Kind))
            .OrderBy(e => e.Sequence)
            .Select(e => new { MessageId = e.MessageId!.Value, e.At })
            .ToListAsync(cancellationToken)).ToLookup(entry => entry.MessageId, entry => entry.At);
        Dictionary<long, DateTimeOffset> since = [];
        foreach (var message in gone.Where(message => told.Contains(message.Id) || isInTrash(message)))
        {
            since[message.Id] = told.Contains(message.Id) ? told[message.Id].Last() : message.ReceivedAt;
        }

        return since;
    }
}
