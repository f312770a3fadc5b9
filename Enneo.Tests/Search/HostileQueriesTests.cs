using System.Text.Json;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Search;
using Enneo.Core.Search.Language;
using Enneo.Tests.Inbox;

namespace Enneo.Tests.Search;

/// <summary>Whatever is typed is text: it finds what says so, or nothing, and never fails.</summary>
public sealed class HostileQueriesTests : IAsyncLifetime
{
    private static readonly string[] s_fragments =
        ["\"", "'", "(", ")", "*", "^", ":", "-", "+", "{", "}", "NEAR", "AND", "OR", "NOT", "Scope", "Scope:m2", "{Scope}:m2", "rowid", "\0", "%", "_", ";", "--", "a", "secret", "\ud83d", "from:", "is:", "before:", " "];

    private readonly InboxStore _store = new();
    private Mailbox _own = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        _own = await _store.AddMailboxAsync("Own");
        var other = await _store.AddMailboxAsync("Other");
        await _store.ReceiveAsync(_own, "Plain words", text: "a mail of ours");
        await _store.ReceiveAsync(other, "A secret", text: "a secret mail of others");
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Theory]
    [InlineData("[(*+\"")]
    [InlineData("\"")]
    [InlineData("a* b*")]
    [InlineData("NEAR(a b)")]
    [InlineData("Scope : m2")]
    [InlineData("mail\" OR Scope : \"m2")]
    [InlineData("a) OR (Scope:m2")]
    [InlineData("-(a) NOT b AND OR")]
    [InlineData("{Subject} : secret")]
    [InlineData("from:\"\" to:\"*\" subject:'")]
    [InlineData("is:unread' OR 1=1 --")]
    [InlineData("mailbox:\"' OR 1=1 --\"")]
    [InlineData("a\0b \u0002c\u0003")]
    [InlineData("\ud83d broken \udc4d")]
    public async Task TypedSyntaxReachesNothingElse(string typed) => Assert.DoesNotContain("secret", await FindAsync(typed), StringComparison.Ordinal);

    [Fact]
    public async Task AnyMixOfSyntaxIsText()
    {
        Random random = new(7);
        for (var i = 0; i < 2000; i++)
        {
            var typed = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => s_fragments[random.Next(s_fragments.Length)] + (random.Next(2) == 0 ? " " : "")));
            Assert.DoesNotContain("secret", await FindAsync(typed), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task TheListOfNaughtyStringsIsText()
    {
        var lists = await Exams.RequireAsync("lists");
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(lists, "naughty_strings.jsonl"), Cancel))
        {
            if (JsonDocument.Parse(line).RootElement.GetProperty("value") is { ValueKind: JsonValueKind.String } value)
            {
                await FindAsync(value.GetString()!);
                await FindAsync($"from:{value.GetString()}");
                await FindAsync($"\"{value.GetString()}\" -{value.GetString()}");
                await _store.Get<SearchSuggestions>().PeopleAsync(Reach.Of(_own.Id), value.GetString()!, SearchField.From, Cancel);
            }
        }
    }

    /// <returns>The subjects that were found in our own mailbox.</returns>
    private async Task<string> FindAsync(string typed)
    {
        var query = QueryReader.Read(typed, _store.Clock.GetUtcNow(), TimeZoneInfo.Utc);
        var newest = await _store.Get<SearchQueries>().FindAsync(Reach.Of(_own.Id), new(query), Cancel);
        var best = await _store.Get<SearchQueries>().FindAsync(Reach.Of(_own.Id), new(query, Order: SearchOrder.Best), Cancel);
        return string.Join(' ', newest.Hits.Concat(best.Hits).SelectMany(hit => hit.Subject.Concat(hit.Text)).Select(piece => piece.Text));
    }
}
