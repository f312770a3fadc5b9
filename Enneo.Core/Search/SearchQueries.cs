using System.Globalization;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Search.Language;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Search;

/// <summary>Finds conversations by what their messages say.</summary>
public sealed class SearchQueries(IDbContextFactory<EnneoDbContext> dbFactory, MailboxQueries mailboxes, TimeProvider clock)
{
    public const int PageSize = 25;
    public const int CountedAtMost = 1000;

    /// <summary>Of so many of the newest the best are shown.</summary>
    public const int Weighed = 1000;

    private const int BestShown = 50;

    /// <summary>Then the search stops, says how far it looked, and goes on when asked to.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(30);

    public async Task<SearchPage> FindAsync(SearchRequest request, CancellationToken cancellationToken)
    {
        var query = request.Query;
        var (scope, notes) = await ScopeAsync(request, cancellationToken);
        if (query.IsEmpty || scope.MailboxIds is { Count: 0 })
        {
            return new([], null, new(0, false), null, notes);
        }

        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        using WordCompletion completion = new(db, clock);
        SearchMatch match = new(query, scope, completion.Find);
        var found = request.Order is SearchOrder.Best ? Best(db, match, query) : Newest(db, match, request);
        var count = request.After is null ? Count(db, match.Whole, query, found) : null;
        return new(await ReadAsync(db, match.Whole, found.Shown, cancellationToken), found.Next, count, found.LookedBackTo, notes);
    }

    private async Task<(SearchScope Scope, IReadOnlyList<string> Notes)> ScopeAsync(SearchRequest request, CancellationToken cancellationToken)
    {
        var query = request.Query;
        if (query.Mailboxes.Count + query.OtherMailboxes.Count == 0)
        {
            return (new(request.MailboxIds, query.HasAttachments), query.Notes);
        }

        var listed = (await mailboxes.ListAsync(cancellationToken)).Where(mailbox => request.MailboxIds?.Contains(mailbox.Id) ?? true).ToList();
        var named = query.Mailboxes.Count == 0 ? listed : listed.Where(mailbox => query.Mailboxes.Any(name => IsCalled(mailbox, name)));
        var wanted = named.Where(mailbox => !query.OtherMailboxes.Any(name => IsCalled(mailbox, name))).Select(mailbox => mailbox.Id).ToList();
        var unknown = query.Mailboxes.Concat(query.OtherMailboxes)
            .Where(name => !listed.Exists(mailbox => IsCalled(mailbox, name)))
            .Select(name => string.Format(CultureInfo.CurrentCulture, QueryText.NoSuchMailbox, name, string.Join(", ", listed.Select(mailbox => mailbox.Name))));
        return (new(wanted, query.HasAttachments), [.. query.Notes, .. unknown]);
    }

    private static bool IsCalled(MailboxListing mailbox, string name) =>
        mailbox.Name.Contains(name, StringComparison.CurrentCultureIgnoreCase) || mailbox.Address.Contains(name, StringComparison.OrdinalIgnoreCase);

    private Found Newest(EnneoDbContext db, SearchMatch match, SearchRequest request)
    {
        var shown = request.After?.Shown ?? new HashSet<long>();
        using HitScan scan = new(db, match.Whole, request.Query, request.After?.Before);
        Grouping groups = new(shown);
        var started = clock.GetTimestamp();
        do
        {
            groups.Add(scan.Next());
        }
        while (!scan.IsAtEnd && groups.Count <= PageSize && clock.GetElapsedTime(started) < s_patience);

        var page = groups.First(PageSize);
        var isWhole = groups.Count > PageSize; // then what comes next has been found already
        SearchCursor? next = isWhole || !scan.IsAtEnd
            ? new(isWhole ? page[^1].Hit.Id : scan.Before, shown.Concat(page.Select(conversation => conversation.Hit.TicketId)).ToHashSet())
            : null;
        return new(page, next, groups.Hits, scan.IsAtEnd, isWhole || scan.IsAtEnd ? null : SearchEntry.TimeOf(scan.Before));
    }

    private static Found Best(EnneoDbContext db, SearchMatch match, SearchQuery query)
    {
        using HitScan scan = new(db, match.Whole, query, null, Weighed);
        using HitRanking ranking = new(db, match);
        Grouping groups = new(new HashSet<long>());
        groups.Add(ranking.Order([.. scan.Next()]));
        return new(groups.First(BestShown), null, groups.Hits, scan.IsAtEnd, scan.IsAtEnd ? null : SearchEntry.TimeOf(scan.Before));
    }

    /// <summary>Words alone are counted by the index; what depends on the state of messages, as far as they were looked at.</summary>
    private static SearchCount Count(EnneoDbContext db, string match, SearchQuery query, Found found)
    {
        if (found.IsAll || query.IsUnread is not null || query.IsClosed is not null)
        {
            return new(found.Hits, !found.IsAll);
        }

        using SqlStatement count = new(db, "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH @0 AND rowid >= @1 AND rowid < @2 LIMIT @3)");
        var known = (int)count.Scalar(
            match,
            query.After is { } after ? SearchEntry.FirstOf(after) : 0,
            query.Before is { } before ? SearchEntry.FirstOf(before) : long.MaxValue,
            CountedAtMost + 1);
        return new(Math.Min(known, CountedAtMost), known > CountedAtMost);
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

    private sealed record Found(
        IReadOnlyList<Grouping.Conversation> Shown, SearchCursor? Next, int Hits, bool IsAll, DateTimeOffset? LookedBackTo);
}
