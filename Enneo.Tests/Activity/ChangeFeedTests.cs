using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Integrations;
using Enneo.Core.Tickets;
using Enneo.Tests.Inbox;

namespace Enneo.Tests.Activity;

/// <summary>The log as other systems follow it.</summary>
public sealed class ChangeFeedTests : IAsyncLifetime
{
    private readonly InboxStore _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ChangeFeed Feed => _store.Get<ChangeFeed>();

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task A_reader_beside_many_writers_misses_nothing_and_reads_nothing_twice()
    {
        const int Writers = 16;
        const int Each = 60;
        var mailbox = await _store.AddMailboxAsync();
        var start = (await Feed.ReadAsync(Reach.All, null, 1, Cancel)).Cursor;
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(
            async () =>
            {
                for (var i = 0; i < Each; i++)
                {
                    var ticket = (writer * Each) + i;
                    await (writer % 2 == 0 ? WriteAsync(ticket, bulk: false) : WriteAsync(ticket, bulk: true));
                }
            },
            Cancel)));

        List<ActivityEntry> read = [];
        var cursor = start;
        while (read.Count < Writers * Each)
        {
            var page = await Feed.ReadAsync(Reach.All, cursor, 7, Cancel);
            read.AddRange(page.Entries);
            cursor = page.Cursor;
        }

        await writing;
        Assert.Equal(read.Select(e => e.Sequence).Order(), read.Select(e => e.Sequence));
        Assert.Equal(Enumerable.Range(0, Writers * Each).Select(ticket => (long?)ticket), read.Select(e => e.TicketId).Order());
        Assert.Empty((await Feed.ReadAsync(Reach.All, cursor, 7, Cancel)).Entries);

        Task WriteAsync(long ticketId, bool bulk)
        {
            Func<EnneoDbContext, CancellationToken, Task> work = async (db, token) =>
            {
                db.Activity.Add(ActivityEntry.Of(ActivityKind.TicketRenamed, Actor.System, "test", _store.Clock, mailbox.Id, ticketId));
                await db.SaveChangesAsync(token);
            };
            return bulk ? _store.Get<WriterLane>().RunBulkAsync(work, Cancel) : _store.Get<WriterLane>().RunAsync(work, Cancel);
        }
    }

    [Fact]
    public async Task Only_what_is_within_reach_is_told_and_the_cursor_passes_the_rest()
    {
        var (seen, other) = (await _store.AddMailboxAsync("Seen"), await _store.AddMailboxAsync("Other"));
        await AddAsync(ActivityKind.TicketRenamed, other.Id);
        await AddAsync(ActivityKind.TicketRenamed, seen.Id);
        await AddAsync(ActivityKind.UserAdded, null);
        await AddAsync(ActivityKind.MailboxChanged, seen.Id);
        await _store.Get<WriterLane>().RunAsync(
            (db, token) =>
            {
                db.Activity.Add(ActivityEntry.Of(ActivityKind.TagAdded, Actor.Operator, "test", _store.Clock, changes: ("conditions", null, "subject of the others")));
                return db.SaveChangesAsync(token);
            },
            Cancel);
        await AddAsync(ActivityKind.TicketRenamed, other.Id);

        var page = await Feed.ReadAsync(Reach.Of(seen.Id), 0, 100, Cancel);

        Assert.Equal([ActivityKind.TicketRenamed, ActivityKind.TagAdded], page.Entries.Select(e => e.Kind));
        Assert.Equal("{}", page.Entries[1].Changes);
        Assert.Contains("subject of the others", (await Feed.ReadAsync(Reach.All, 0, 100, Cancel)).Entries.Single(e => e.Kind is ActivityKind.TagAdded).Changes, StringComparison.Ordinal);
        Assert.Equal((await Feed.ReadAsync(Reach.All, null, 1, Cancel)).Cursor, page.Cursor);
        Assert.False(page.HasMore);
    }

    [Fact]
    public async Task What_passes_is_removed_after_its_time_and_a_cursor_before_that_is_answered_clearly()
    {
        var mailbox = await _store.AddMailboxAsync();
        await AddAsync(ActivityKind.TicketCreated, mailbox.Id);
        var between = (await Feed.ReadAsync(Reach.All, null, 1, Cancel)).Cursor;
        await AddAsync(ActivityKind.MessageSeenChanged, mailbox.Id);
        await AddAsync(ActivityKind.UserSignedIn, null);
        _store.Clock.Advance(TimeSpan.FromDays(89));
        Assert.Equal(0, await _store.Get<ActivityRetention>().RunAsync(Cancel));
        _store.Clock.Advance(TimeSpan.FromDays(2));
        await AddAsync(ActivityKind.MessageSeenChanged, mailbox.Id);

        Assert.Equal(1, await _store.Get<ActivityRetention>().RunAsync(Cancel));

        var old = await Feed.ReadAsync(Reach.All, between, 100, Cancel);
        Assert.Empty(old.Entries);
        var oldest = Assert.NotNull(old.Oldest);
        Assert.Equal([ActivityKind.MessageSeenChanged], (await Feed.ReadAsync(Reach.All, oldest, 100, Cancel)).Entries.Select(e => e.Kind));
        await using var db = await _store.Get<Microsoft.EntityFrameworkCore.IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        Assert.Contains(db.Activity, e => e.Kind == ActivityKind.TicketCreated);
        Assert.Contains(db.Activity, e => e.Kind == ActivityKind.UserSignedIn);
    }

    [Fact]
    public async Task A_reader_that_was_down_for_a_week_catches_up_without_a_gap_or_a_double()
    {
        var mailbox = await _store.AddMailboxAsync();
        await AddAsync(ActivityKind.TicketCreated, mailbox.Id);
        var cursor = (await Feed.ReadAsync(Reach.All, null, 1, Cancel)).Cursor;
        ActivityKind[] kinds = [ActivityKind.TicketRenamed, ActivityKind.MessageSeenChanged, ActivityKind.TicketAnalysed];
        List<ActivityKind> happened = [];
        for (var day = 0; day < 7; day++)
        {
            foreach (var kind in kinds)
            {
                await AddAsync(kind, mailbox.Id);
                happened.Add(kind);
            }

            _store.Clock.Advance(TimeSpan.FromDays(1));
            await _store.Get<ActivityRetention>().RunAsync(Cancel);
        }

        List<ActivityEntry> read = [];
        for (var more = true; more;)
        {
            var page = await Feed.ReadAsync(Reach.All, cursor, 4, Cancel);
            read.AddRange(page.Entries);
            (cursor, more) = (page.Cursor, page.HasMore);
        }

        Assert.Equal(happened, read.Select(entry => entry.Kind));
        Assert.Equal(read.Count, read.Select(entry => entry.Sequence).Distinct().Count());
    }

    [Fact]
    public void Nothing_that_is_told_or_audited_passes() =>
        Assert.DoesNotContain(Passing, kind => Audit.Shows(kind) || kind.ToString().StartsWith("TicketS", StringComparison.Ordinal));

    [Fact]
    public void Programs_read_the_words_of_the_API()
    {
        var entry = ActivityEntry.Of(
            ActivityKind.TicketSpamChanged, Actor.System, "test", _store.Clock, 1, 2,
            changes: [("spamStatus", null, nameof(SpamStatus.ManualSpam)), ("status", nameof(TicketStatus.Open), nameof(TicketStatus.Closed)), ("subject", "Open", "Closed")]);

        Assert.Equal("""{"spamStatus":[null,"manual_spam"],"status":["open","closed"],"subject":["Open","Closed"]}""", ChangeWords.Of(entry).ToJsonString());
    }

    private static IEnumerable<ActivityKind> Passing => ActivityRetention.Passing;

    private Task AddAsync(ActivityKind kind, long? mailboxId) => _store.Get<WriterLane>().RunAsync(
        async (db, token) =>
        {
            db.Activity.Add(ActivityEntry.Of(kind, Actor.System, "test", _store.Clock, mailboxId, mailboxId));
            await db.SaveChangesAsync(token);
        },
        Cancel);
}
