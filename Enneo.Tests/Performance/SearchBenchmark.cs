using System.Globalization;
using Enneo.Core.Identity;
using Enneo.Core.Search;
using Enneo.Core.Search.Language;
using Enneo.Core.Tickets;

namespace Enneo.Tests.Performance;

/// <summary>
/// Search, list and open thread over synthetic mail that is written straight into the store: what a reader waits for in
/// the server, by kind of question. Each search must stay under 50 ms at the 95th percentile.
/// </summary>
[Collection(TimedTests.Name)]
[Trait("Category", "Benchmark")]
public sealed class SearchBenchmark
{
    private const int Rounds = 20;
    private static readonly TimeSpan s_limit = TimeSpan.FromMilliseconds(50);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Explicit = true)]
    [InlineData(20_000)]
    [InlineData(1_000_000)]
    public async Task Search_list_and_thread(int messages)
    {
        using TemporaryFolder folder = new();
        await MeasureAsync(folder["data"], messages);
    }

    /// <summary>
    /// To compare two states of the program on the same mail: what was written once into the folder that
    /// <c>ENNEO_BENCHMARK_STORE</c> names is read again. <c>ENNEO_BENCHMARK_MAILS</c> says how many, if not 250,000.
    /// </summary>
    [Fact(Explicit = true)]
    public Task Search_list_and_thread_of_a_store_that_is_kept() => MeasureAsync(
        Environment.GetEnvironmentVariable("ENNEO_BENCHMARK_STORE") ?? throw new InvalidOperationException("ENNEO_BENCHMARK_STORE names no folder."),
        int.Parse(Environment.GetEnvironmentVariable("ENNEO_BENCHMARK_MAILS") ?? "250000", CultureInfo.InvariantCulture));

    private static async Task MeasureAsync(string data, int messages)
    {
        var isWritten = File.Exists(Path.Combine(data, "enneo.db"));
        await using var store = isWritten ? EnneoStore.Open(data) : await EnneoStore.CreateAsync(data, Cancel);
        SyntheticMail mail = new(store);
        Timings timings = new();
        if (isWritten)
        {
            await mail.OpenAsync(Cancel);
        }
        else
        {
            await timings.OnceAsync("written", () => mail.WriteAsync(messages, Cancel));
            await timings.OnceAsync("index tidied up", () => store.Get<SearchUpkeep>().MergeAsync(Cancel));
        }

        Say(string.Create(CultureInfo.InvariantCulture, $"{messages:N0} messages, {mail.Tickets:N0} conversations, database {new FileInfo(Path.Combine(data, "enneo.db")).Length / 1_000_000:N0} MB; {timings.Once}"));

        await store.Get<SearchWarmup>().RunAsync(Cancel); // as the program does when it starts
        foreach (var (kind, ask) in Questions(mail))
        {
            foreach (var order in Enum.GetValues<SearchOrder>())
            {
                await timings.RepeatAsync($"{kind}, {order.ToString().ToLowerInvariant()} first", Rounds, () => FindAsync(store, mail, ask(), order));
            }
        }

        await timings.RepeatAsync("second page of a common word", Rounds, () => SecondPageAsync(store, mail));
        await timings.RepeatAsync("people after from:", Rounds, () => PeopleAsync(store, mail));
        Say(timings.ToString());
        var slow = timings.SlowerThan(s_limit);

        Timings reads = new();
        var queries = store.Get<TicketQueries>();
        await reads.RepeatAsync("list, newest page", Rounds, async () => (await queries.ListAsync(mail.AnyReach(), new(null), null, 100, Cancel)).Count);
        await reads.RepeatAsync("list, closed, somewhere within", Rounds, async () =>
            (await queries.ListAsync(Reach.All, new(mail.AnyMailbox(), TicketView.Closed), new(mail.AnyTime(), long.MaxValue), 100, Cancel)).Count);
        await reads.RepeatAsync("open a thread", Rounds, async () => (await queries.FindThreadAsync(Reach.All, mail.AnyTicket(), Cancel))!.Messages.Count);
        await reads.RepeatAsync("counts", Rounds, async () => (await queries.CountsAsync(mail.AnyReach(), null, Cancel)).Mailboxes.Count);
        Say(reads.ToString());

        Assert.Empty(slow);
    }

    private static IEnumerable<(string Kind, Func<string> Ask)> Questions(SyntheticMail mail) =>
    [
        ("a common word", () => "invoice "),
        ("a rare word", () => mail.RareWord() + " "),
        ("two common words", () => "invoice contract "),
        ("a common and a rare word", () => $"invoice {mail.RareWord()} "),
        ("a word that is not there", () => $"nowhere{mail.RareWord()} "),
        ("a phrase of common words", () => "\"your invoice\""),
        ("the beginning of a common word", () => "invo"),
        ("three letters", () => mail.RareWord()[..3]),
        ("the beginning of a rare word", () => mail.RareWord()[..^1]),
        ("two words, the last unfinished", () => $"contract {mail.RareWord()[..4]}"),
        ("a number", () => mail.Number()),
        ("from:", () => $"from:{mail.Person()} "),
        ("from: and a common word", () => $"from:{mail.Person()} invoice "),
        ("subject:", () => "subject:invoice "),
        ("filename: and has:attachment", () => "filename:pdf has:attachment invoice "),
        ("has:attachment alone", () => "has:attachment"),
        ("is:unread alone", () => "is:unread"),
        ("is:unread and a common word", () => "is:unread invoice "),
        ("is:unread and a rare word", () => $"is:unread {mail.RareWord()} "),
        ("is:open and a common word", () => "is:open invoice "),
        ("is:closed and a common word", () => "is:closed invoice "),
        ("before: and after:", () => "invoice after:2024-01-01 before:2024-02-01 "),
        ("mailbox: and a common word", () => "mailbox:sales invoice "),
        ("words or words", () => $"invoice OR contract OR {mail.RareWord()} "),
        ("common without common", () => "invoice -contract "),
        ("without a word", () => "-invoice "),
    ];

    private static async Task<int> FindAsync(EnneoStore store, SyntheticMail mail, string typed, SearchOrder order)
    {
        var query = QueryReader.Read(typed, SyntheticMail.Newest, TimeZoneInfo.Utc);
        return (await store.Get<SearchQueries>().FindAsync(mail.AnyReach(), new(query, Order: order), Cancel)).Hits.Count;
    }

    private static async Task<int> SecondPageAsync(EnneoStore store, SyntheticMail mail)
    {
        var query = QueryReader.Read("invoice ", SyntheticMail.Newest, TimeZoneInfo.Utc);
        var first = await store.Get<SearchQueries>().FindAsync(Reach.All, new(query), Cancel);
        return (await store.Get<SearchQueries>().FindAsync(Reach.All, new(query, After: first.Next), Cancel)).Hits.Count;
    }

    private static async Task<int> PeopleAsync(EnneoStore store, SyntheticMail mail) =>
        (await store.Get<SearchSuggestions>().PeopleAsync(mail.AnyReach(), mail.Person()[..3], SearchField.From, Cancel)).Count;

    private static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
