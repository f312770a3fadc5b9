using System.Globalization;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Search.Language;
using Enneo.Core.Tags;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Search;

/// <summary>Finds conversations by what their messages say.</summary>
public sealed class SearchQueries(IDbContextFactory<EnneoDbContext> dbFactory, MailboxQueries mailboxes, TagQueries tags, TimeProvider clock)
{
    public const int PageSize = 25;
    public const int CountedAtMost = 1000;

    private const int BestShown = 30;
    private const int Weighed = 500;

    /// <summary>Of so many, some are a page.</summary>
    private const int Stride = 100;

    /// <summary>At the most, where many may have to be passed over; and where nothing has to be looked up.</summary>
    private const int LongStride = 2000;
    private const int IndexStride = 200;

    /// <summary>Then a page stops, says how far it looked, and goes on when asked to.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(25);

    /// <summary>What is only good to know has to be known sooner.</summary>
    private static readonly TimeSpan s_shortPatience = TimeSpan.FromMilliseconds(5);

    public async Task<SearchPage> FindAsync(Reach reach, SearchRequest request, CancellationToken cancellationToken)
    {
        var query = request.Query;
        var (scope, notes) = await ScopeAsync(reach, request, cancellationToken);
        var (tagged, unknown) = query.Tags.Count + query.OtherTags.Count == 0 ? (TagScope.Any, []) : TagScope.Of(query, await tags.ListAsync(cancellationToken));
        notes = [.. notes, .. unknown];
        if (query.IsEmpty || scope.MailboxIds is { Count: 0 })
        {
            return new([], null, new(0, false), null, notes);
        }

        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        using WordCompletion completion = new(db, scope, clock);
        SearchMatch match = new(query, scope, completion.Find);
        using HitScan scan = new(db, match.Whole, query, request.After?.Before, tagged);
        var found = request.Order is SearchOrder.Best ? Best(db, match, scan) : Newest(scan, request.After?.Shown);
        var isFirst = request.After is null;
        if (isFirst && await db.SearchBacklog.AnyAsync(cancellationToken))
        {
            notes = [.. notes, QueryText.StillReading];
        }

        return new(await ReadAsync(db, match.Wanted, found.Shown, cancellationToken), found.Next, isFirst ? found.Count : null, found.LookedBackTo, notes);
    }

    private async Task<(SearchScope Scope, IReadOnlyList<string> Notes)> ScopeAsync(Reach reach, SearchRequest request, CancellationToken cancellationToken)
    {
        var query = request.Query;
        if (query.Mailboxes.Count + query.OtherMailboxes.Count == 0)
        {
            return (new(SearchScope.Within(reach, request.MailboxIds), query.HasAttachments), query.Notes);
        }

        var listed = (await mailboxes.ListAsync(reach, cancellationToken)).Where(mailbox => request.MailboxIds?.Contains(mailbox.Id) ?? true).ToList();
        var named = query.Mailboxes.Count == 0 ? listed : listed.Where(mailbox => query.Mailboxes.Any(name => IsCalled(mailbox, name)));
        var wanted = named.Where(mailbox => !query.OtherMailboxes.Any(name => IsCalled(mailbox, name))).Select(mailbox => mailbox.Id).ToList();
        var unknown = query.Mailboxes.Concat(query.OtherMailboxes)
            .Where(name => !listed.Exists(mailbox => IsCalled(mailbox, name)))
            .Select(name => string.Format(CultureInfo.CurrentCulture, QueryText.NoSuchMailbox, name, string.Join(", ", listed.Select(mailbox => mailbox.Name))));
        return (new(wanted, query.HasAttachments), [.. query.Notes, .. unknown]);
    }

    private static bool IsCalled(MailboxListing mailbox, string name) =>
        mailbox.Name.Contains(name, StringComparison.CurrentCultureIgnoreCase) || mailbox.Address.Contains(name, StringComparison.OrdinalIgnoreCase);

    private Found Newest(HitScan scan, IReadOnlySet<long>? alreadyShown)
    {
        var shown = alreadyShown ?? new HashSet<long>();
        Grouping groups = new(shown);
        var started = clock.GetTimestamp();
        var stride = Stride;
        do
        {
            groups.Add(scan.Look(scan.Next(stride)));
            stride = scan.IsSelective ? Math.Min(stride * 2, LongStride) : stride;
        }
        while (!scan.IsAtEnd && groups.Count <= PageSize && clock.GetElapsedTime(started) < s_patience);

        var page = groups.First(PageSize);
        var isWhole = groups.Count > PageSize; // then what comes next has been found already
        SearchCursor? next = isWhole || !scan.IsAtEnd
            ? new(isWhole ? page[^1].Hit.Id : scan.Before, shown.Concat(page.Select(conversation => conversation.Hit.TicketId)).ToHashSet())
            : null;
        DateTimeOffset? lookedBackTo = isWhole || scan.IsAtEnd ? null : SearchEntry.TimeOf(scan.Before);
        return new(page, next, alreadyShown is null ? Count(scan, groups.Hits) : null, lookedBackTo);
    }

    /// <summary>The index counts on where the page ended; what depends on the state of messages is known as far as it was looked at.</summary>
    private SearchCount Count(HitScan scan, int known)
    {
        var started = clock.GetTimestamp();
        while (!scan.IsSelective && !scan.IsAtEnd && known <= CountedAtMost && clock.GetElapsedTime(started) < s_shortPatience)
        {
            known += scan.Next(IndexStride).Count;
        }

        return known > CountedAtMost ? new(CountedAtMost, true) : new(known, !scan.IsAtEnd);
    }

    private Found Best(EnneoDbContext db, SearchMatch match, HitScan scan)
    {
        List<long> ids = [];
        var (stride, patience) = (IndexStride, scan.IsSelective ? s_patience : s_shortPatience);
        var started = clock.GetTimestamp();
        do
        {
            var next = scan.Next(stride);
            ids.AddRange(scan.IsSelective ? scan.Look(next).Select(hit => hit.Id) : next);
            stride = scan.IsSelective ? Math.Min(stride * 2, LongStride) : stride;
        }
        while (!scan.IsAtEnd && ids.Count < Weighed && clock.GetElapsedTime(started) < patience);

        using HitRanking ranking = new(db, match);
        Grouping groups = new(new HashSet<long>());
        foreach (var chunk in ranking.Order(ids).Chunk(Stride).TakeWhile(_ => groups.Count < BestShown))
        {
            groups.Add(scan.Look(chunk));
        }

        return new(groups.First(BestShown), null, new(ids.Count, !scan.IsAtEnd), null);
    }

    private static async Task<IReadOnlyList<SearchHit>> ReadAsync(
        EnneoDbContext db, string match, IReadOnlyList<Grouping.Conversation> conversations, CancellationToken cancellationToken)
    {
        var marks = HitMarks.Read(db, match, [.. conversations.Select(conversation => conversation.Hit.Id)]);
        var ids = conversations.Select(conversation => conversation.Hit.MessageId).ToList();
        var messages = await (
            from message in db.Messages
            join ticket in db.Tickets on message.TicketId equals ticket.Id
            where ids.Contains(message.Id)
            select new { message.Id, message.MailboxId, message.ReceivedAt, message.HasAttachments, IsUnread = ticket.UnreadCount > 0, ticket.IsClosed })
            .ToDictionaryAsync(message => message.Id, cancellationToken);
        return [.. from conversation in conversations
                   where messages.ContainsKey(conversation.Hit.MessageId) && marks.ContainsKey(conversation.Hit.Id)
                   let message = messages[conversation.Hit.MessageId]
                   let row = marks[conversation.Hit.Id]
                   select new SearchHit(
                       message.Id, conversation.Hit.TicketId, message.MailboxId, message.ReceivedAt, row.Sender, row.Recipients, row.Subject, row.Files, row.Text,
                       message.HasAttachments, message.IsUnread, message.IsClosed, conversation.Matches)];
    }

    private sealed record Found(IReadOnlyList<Grouping.Conversation> Shown, SearchCursor? Next, SearchCount? Count, DateTimeOffset? LookedBackTo);
}
