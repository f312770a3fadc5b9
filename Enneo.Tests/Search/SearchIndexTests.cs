using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Search;
using Enneo.Core.Search.Language;
using Enneo.Core.Tickets;
using Enneo.Tests.Inbox;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Search;

public sealed class SearchIndexTests : IAsyncLifetime
{
    private readonly InboxStore _store = new();
    private Mailbox _support = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        _support = await _store.AddMailboxAsync();
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task AMessageThatIsRemovedLeavesNothingInTheIndex()
    {
        var mail = await _store.ReceiveAsync(_support, "Meter");
        await _store.ReceiveAsync(_support, "Other");

        await WriteAsync(async db =>
        {
            using SearchWriter search = new(db);
            search.Remove(mail.MessageId);
            await _store.Get<TicketRemoval>().RemoveMessageAsync(db, mail.MessageId, Cancel);
        });

        Assert.Empty(await FindAsync("meter"));
        Assert.Equal(1, await RowsAsync());
    }

    [Fact]
    public async Task AMessageThatOthersRemovedIsNotFoundEither()
    {
        var mail = await _store.ReceiveAsync(_support, "Meter", at: _store.Clock.GetUtcNow());
        await WriteAsync(db => _store.Get<TicketRemoval>().RemoveMessageAsync(db, mail.MessageId, Cancel));
        Assert.Empty(await FindAsync("meter"));

        await _store.ReceiveAsync(_support, "Another meter", at: _store.Clock.GetUtcNow()); // takes its number

        Assert.Equal(["Another meter"], await FindAsync("meter"));
    }

    /// <summary>A hundred words at most are looked for: those of other mailboxes neither count among them nor are told.</summary>
    [Fact]
    public async Task AnUnfinishedWordIsCompletedByWordsWithinReach()
    {
        var sales = await _store.AddMailboxAsync("Sales");
        await _store.ReceiveAsync(sales, "Theirs", text: string.Join(' ', Enumerable.Range(0, 130).Select(i => $"zebra{(char)('a' + (i / 26))}{(char)('a' + (i % 26))}")));
        await _store.ReceiveAsync(_support, "Ours", text: "zebrazz");
        await using var db = await _store.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        await db.Database.OpenConnectionAsync(Cancel);
        using WordCompletion ours = new(db, new SearchScope([_support.Id], null), _store.Clock);
        using WordCompletion all = new(db, new SearchScope(null, null), _store.Clock);

        Assert.Equal(["zebrazz"], ours.Find("zebra"));
        Assert.Equal(100, all.Find("zebra").Count);
        Assert.Empty(ours.Find("zebraa"));
    }

    [Theory]
    [InlineData("zeb", 24)]
    [InlineData("zebr", 48)]
    public async Task OfWordsThatAreHardlyBegunFewerAreLookedFor(string beginning, int words)
    {
        await _store.ReceiveAsync(_support, "Many", text: string.Join(' ', Enumerable.Range(0, 130).Select(i => $"zebra{(char)('a' + (i / 26))}{(char)('a' + (i % 26))}")));
        await using var db = await _store.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        await db.Database.OpenConnectionAsync(Cancel);
        using WordCompletion completion = new(db, new SearchScope(null, null), _store.Clock);

        Assert.Equal(words, completion.Find(beginning).Count);
    }

    [Fact]
    public async Task WhatIsNotCommittedIsNotFound()
    {
        var mail = await _store.ReceiveAsync(_support, "Meter");

        await Assert.ThrowsAsync<InvalidOperationException>(() => WriteAsync(db =>
        {
            using SearchWriter search = new(db);
            search.Remove(mail.MessageId);
            throw new InvalidOperationException();
        }));

        Assert.Equal(["Meter"], await FindAsync("meter"));
    }

    [Fact]
    public async Task ARebuildFindsEverythingAgain()
    {
        for (var i = 0; i < 120; i++)
        {
            await _store.ReceiveAsync(_support, $"Meter {i}", text: $"Reading {i}\n> quoted {i}");
        }

        await WriteAsync(db => db.Database.ExecuteSqlRawAsync("DELETE FROM search_data", Cancel)); // as a disk may do it
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => FindAsync("meter"));

        Assert.Equal(120, await _store.Get<SearchRebuild>().RunAsync(Cancel));

        Assert.Equal(25, (await FindAsync("meter")).Count);
        Assert.Equal(["Meter 119"], await FindAsync("\"reading 119\" quoted from:marta to:support"));
        Assert.Equal(120, await RowsAsync());
    }

    [Fact]
    public async Task ADamagedIndexIsMadeAnewAtTheNextStart()
    {
        await _store.ReceiveAsync(_support, "Meter");
        await _store.Get<SearchRebuild>().RunAsync(Cancel);
        await WriteAsync(db => db.Database.ExecuteSqlRawAsync("DELETE FROM search_data", Cancel));

        Assert.True(await _store.Get<SearchRebuild>().ContinueAsync(Cancel));

        Assert.Equal(["Meter"], await FindAsync("meter"));
        Assert.False(await _store.Get<SearchRebuild>().ContinueAsync(Cancel));
    }

    [Fact]
    public async Task WhatWasLeftForLaterIsFoundOnceItHasBeenRead()
    {
        await _store.ReceiveAsync(_support, "Meter one");
        var two = await _store.ReceiveAsync(_support, "Meter two");
        Assert.True(await _store.Get<SearchRebuild>().ContinueAsync(Cancel)); // of a version that never was
        Assert.False(await _store.Get<SearchRebuild>().ContinueAsync(Cancel));

        await LeaveForLaterAsync(two.MessageId);
        Assert.Equal(["Meter one"], await FindAsync("meter"));
        Assert.Contains(QueryText.StillReading, await NotesAsync("meter"));

        Assert.True(await _store.Get<SearchRebuild>().ContinueAsync(Cancel));
        Assert.Equal(["Meter two", "Meter one"], await FindAsync("meter"));
        Assert.Empty(await NotesAsync("meter"));
    }

    [Fact]
    public async Task WhatIsRemovedBeforeItWasReadIsNotReadAnyMore()
    {
        var mail = await _store.ReceiveAsync(_support, "Meter");
        await _store.Get<SearchRebuild>().RunAsync(Cancel);
        await LeaveForLaterAsync(mail.MessageId);

        await WriteAsync(db => _store.Get<TicketRemoval>().RemoveMessageAsync(db, mail.MessageId, Cancel));

        Assert.False(await _store.Get<SearchRebuild>().ContinueAsync(Cancel));
        Assert.Equal(0, await RowsAsync());
    }

    [Fact]
    public async Task AnIndexOfAnotherVersionIsMadeAnew()
    {
        await _store.ReceiveAsync(_support, "Meter");
        await WriteAsync(async db =>
        {
            await db.Database.ExecuteSqlRawAsync("DROP TABLE search_words; DROP TABLE search; CREATE VIRTUAL TABLE search USING fts5(Old)", Cancel);
            db.Settings.Add(new Setting { Name = "search-index", Value = "0" });
            await db.SaveChangesAsync(Cancel);
        });

        Assert.True(await _store.Get<SearchRebuild>().ContinueAsync(Cancel));

        Assert.Equal(["Meter"], await FindAsync("meter"));
    }

    [Fact]
    public async Task TidyingUpKeepsWhatIsFound()
    {
        for (var i = 0; i < 40; i++)
        {
            await _store.ReceiveAsync(_support, $"Meter {i}");
        }

        await _store.Get<SearchUpkeep>().MergeAsync(Cancel);

        Assert.Equal(25, (await FindAsync("meter")).Count);
        await WriteAsync(db => db.Database.ExecuteSqlRawAsync("INSERT INTO search (search) VALUES ('integrity-check')", Cancel));
    }

    private Task WriteAsync(Func<EnneoDbContext, Task> work) => _store.Get<WriterLane>().RunAsync((db, _) => work(db), Cancel);

    private Task<long> RowsAsync() => _store.Get<WriterLane>().RunAsync(
        async (db, token) => (await db.Database.SqlQueryRaw<long>("SELECT count(*) AS Value FROM search").ToListAsync(token))[0], Cancel);

    private Task LeaveForLaterAsync(long messageId) => WriteAsync(db =>
    {
        using SearchWriter search = new(db);
        search.Remove(messageId);
        search.AddLater(messageId);
        return Task.CompletedTask;
    });

    private Task<SearchPage> PageAsync(string typed) =>
        _store.Get<SearchQueries>().FindAsync(Reach.All, new(QueryReader.Read(typed, _store.Clock.GetUtcNow(), TimeZoneInfo.Utc)), Cancel);

    private async Task<IReadOnlyList<string>> NotesAsync(string typed) => (await PageAsync(typed)).Notes;

    private async Task<List<string>> FindAsync(string typed)
    {
        var page = await PageAsync(typed);
        return [.. page.Hits.Select(hit => string.Concat(hit.Subject.Select(piece => piece.Text)))];
    }
}
