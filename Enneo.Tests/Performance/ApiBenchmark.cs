using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime;
using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Sync;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Enneo.Tests.Performance;

/// <summary>
/// What the API bears, beside what the machine bears: an endpoint that does nothing but insert one row into the same
/// database with the same durability. Each for ten seconds with 1, 16 and 64 clients. What the disk needs to keep something
/// decides much of the ratio: what is created at once shares it, and the bare rows wait for it one by one.
/// </summary>
[Collection(TimedTests.Name)]
[Trait("Category", "Benchmark")]
public sealed class ApiBenchmark
{
    private const int Tickets = 500;

    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_warming = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_mostWarming = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Create_change_read_and_search_beside_a_bare_insert()
    {
        await using EnneoApp app = new() { Settings = new Dictionary<string, string> { ["Enneo:Api:RequestsPerMinute"] = "1000000" } };
        await app.InitializeAsync();
        var mailbox = await app.Get<MailImport>().AddAsync(new ImportedMailbox("Support", "support@example.test", "Support", true), [], "test", Cancel);
        var admin = (await app.Get<Accounts>().FindAsync(EnneoStore.PersonEmail, Cancel))!.Value;
        var made = await app.Get<ApiKeyEditing>().AddServiceAsync(new NewApiKey("Benchmark", ApiScopes.Read | ApiScopes.Write), Actor.User(admin), "test", Cancel);
        TestContext.Current.TestOutputHelper?.WriteLine($"  the disk keeps 4 KB in {FlushTime(app.Get<DataDirectory>().Transit).TotalMilliseconds.ToString("F2", CultureInfo.InvariantCulture)} ms");
        await using var bare = await BareAsync(app.Get<DataDirectory>().Database);
        using HttpClient http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = new Uri(app.Address, "api/mind/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made.Secret);
        var tickets = await SeedAsync(http, mailbox);

        List<string> faults = [];
        var newest = tickets.Max();
        var (created, looked) = (0, 0);
        foreach (var clients in new[] { 1, 16, 64 })
        {
            TestContext.Current.TestOutputHelper?.WriteLine("");
            var limit = await MeasureAsync("bare insert", clients, s_round, _ => http.PostAsync(new Uri(bare.Urls.First() + "/"), null, Cancel));
            var create = await MeasureAsync("POST /ticket", clients, s_round, _ => http.PostAsJsonAsync("ticket?process=false", NewTicket(mailbox, Interlocked.Increment(ref created)), Cancel));
            await MeasureAsync("GET, the first time", clients, s_round / 10, _ => http.GetAsync(string.Create(CultureInfo.InvariantCulture, $"ticket/{newest + Interlocked.Increment(ref looked)}"), Cancel));
            await MeasureAsync("PATCH /ticket/{id}", clients, s_round, number => http.PatchAsJsonAsync(PathOf(tickets, number), new { subject = $"Subject {number}" }, Cancel));
            await MeasureAsync("GET /ticket/{id}", clients, s_round, number => http.GetAsync(PathOf(tickets, number), Cancel));
            await MeasureAsync("POST /ticket/search", clients, s_round, _ => http.PostAsJsonAsync("ticket/search", new { limit = 20, filters = new[] { new { key = "status", value = "open" } } }, Cancel));
            TestContext.Current.TestOutputHelper?.WriteLine($"  create is {(create / limit).ToString("F2", CultureInfo.InvariantCulture)} of the bare insert (goal 0.50)");
        }

        Assert.Empty(faults);

        async Task<double> MeasureAsync(string name, int clients, TimeSpan round, Func<int, Task<HttpResponseMessage>> ask)
        {
            await WarmAsync(faults, ask);
            var (rate, figures) = await RunAsync(name, clients, round, faults, ask);
            TestContext.Current.TestOutputHelper?.WriteLine(figures);
            return rate;
        }
    }

    /// <summary>What is compiled once, and then once more to be fast, is no part of what a program waits for.</summary>
    private static async Task WarmAsync(List<string> faults, Func<int, Task<HttpResponseMessage>> ask)
    {
        var begun = Stopwatch.GetTimestamp();
        TimeSpan compiling;
        do
        {
            var before = JitInfo.GetCompilationTime();
            await RunAsync("", 16, s_warming, faults, ask);
            compiling = JitInfo.GetCompilationTime() - before;
        }
        while (compiling > s_warming / 50 && Stopwatch.GetElapsedTime(begun) < s_mostWarming);
    }

    private static async Task<WebApplication> BareAsync(string database)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        SqliteConnection connection = new($"Data Source={database}");
        await connection.OpenAsync(Cancel);
        await ExecuteAsync(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000; CREATE TABLE bare_rows (Id INTEGER PRIMARY KEY, Text TEXT)");
        SemaphoreSlim one = new(1, 1);
        app.MapPost("/", async () =>
        {
            await one.WaitAsync(Cancel);
            try
            {
                await ExecuteAsync(connection, "INSERT INTO bare_rows (Text) VALUES ('Where is my parcel?')");
            }
            finally
            {
                one.Release();
            }

            return TypedResults.Ok();
        });
        await app.StartAsync(Cancel);
        return app;
    }

    private static TimeSpan FlushTime(string folder)
    {
        const int Times = 200;
        Directory.CreateDirectory(folder);
        using FileStream file = new(Path.Combine(folder, "flush"), FileMode.Create, FileAccess.Write, FileShare.None, 4096, FileOptions.DeleteOnClose);
        file.Write(new byte[4096 * Times]);
        file.Flush(flushToDisk: true);
        file.Position = 0; // as a log of changes is written, over and over
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < Times; i++)
        {
            file.Write(new byte[4096]);
            file.Flush(flushToDisk: true);
        }

        return Stopwatch.GetElapsedTime(begun) / Times;
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // both are ours
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private static async Task<long[]> SeedAsync(HttpClient http, long mailbox)
    {
        var tickets = new long[Tickets];
        await Parallel.ForAsync(0, Tickets, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancel }, async (i, token) =>
        {
            using var created = await http.PostAsJsonAsync("ticket?process=false", NewTicket(mailbox, -i), token);
            tickets[i] = JsonElement.Parse(await created.Content.ReadAsByteArrayAsync(token)).GetProperty("id").GetInt64();
        });
        return tickets;
    }

    private static object NewTicket(long mailbox, int number) => new { subchannelId = mailbox, from = $"customer{number % 1000}@example.test", subject = $"Order {number}", body = "Where is my parcel?" };

    private static string PathOf(long[] tickets, int number) => string.Create(CultureInfo.InvariantCulture, $"ticket/{tickets[number % Tickets]}");

    /// <summary>On a machine with other work, what a request costs of the processor says more than how long it takes; both sides of it are in this process.</summary>
    /// <returns>Requests per second, and all that there is to say.</returns>
    private static async Task<(double Rate, string Figures)> RunAsync(string name, int clients, TimeSpan round, List<string> faults, Func<int, Task<HttpResponseMessage>> ask)
    {
        var number = 0;
        var worked = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        var all = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            List<double> milliseconds = [];
            while (watch.Elapsed < round)
            {
                var begun = Stopwatch.GetTimestamp();
                using var answer = await ask(Interlocked.Increment(ref number));
                milliseconds.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                if (!answer.IsSuccessStatusCode)
                {
                    lock (faults)
                    {
                        faults.Add($"{name}: {(int)answer.StatusCode}");
                    }
                }
            }

            return milliseconds;
        }, Cancel)));
        var sorted = all.SelectMany(one => one).Order().ToList();
        var rate = sorted.Count / watch.Elapsed.TotalSeconds;
        return (rate, string.Create(CultureInfo.InvariantCulture, $"{clients,3} clients  {name,-22} {rate,8:F0}/s   p50 {sorted[sorted.Count / 2],7:F1} ms   p99 {sorted[(int)(sorted.Count * 0.99)],7:F1} ms   {(Environment.CpuUsage.TotalTime - worked).TotalMilliseconds / sorted.Count,6:F2} ms of processor each"));
    }
}
