using System.Text.RegularExpressions;
using Enneo.Core.Activity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Sync;
using Enneo.Tests.Servers;
using Enneo.Tests.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Api;

/// <summary>The real program in a process of its own, with the limit that a key has, called by programs.</summary>
public sealed partial class LiveProductTests : IAsyncLifetime
{
    private const int AtOnce = 1000;
    private const int Allowed = 400;

    private readonly TemporaryFolder _folder = new();
    private EnneoStore _store = null!;
    private EnneoProcess _enneo = null!;
    private long _mailbox;
    private string _key = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await EnneoStore.CreateAsync(_folder["data"], Cancel);
        _mailbox = await _store.Get<MailImport>().AddAsync(new ImportedMailbox("Support", "support@example.test", "Support", IsDefault: true), [], "test", Cancel);
        _key = (await _store.Get<ApiKeyEditing>().AddServiceAsync(new NewApiKey("Program", ApiScopes.Read | ApiScopes.Write | ApiScopes.Admin), Actor.Operator, "test", Cancel)).Secret!;
        _enneo = await EnneoProcess.StartAsync(_folder["data"], Cancel, settings: new Dictionary<string, string> { ["Enneo__Api__RequestsPerMinute"] = $"{Allowed}" });
    }

    public async ValueTask DisposeAsync()
    {
        await _enneo.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    [Trait("Check", "W04")]
    [Trait("Check", "AK07")]
    public async Task OfAThousandTicketsAtOnceEachIsThereOnceOrIsToldWhenToComeAgain_AndTheKeyIsWrittenNowhere()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using ApiClient api = new(_enneo.Address, _key);
        (await api.PostAsync("webhook", new { url = receiver.Url, allowPrivateHost = true, ownKeyId = (long?)null, events = new[] { "TicketClosed" } })).Ok(201);
        var described = (await api.GetAsync("docs/open-api")).Ok();

        var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(number => Task.Run(
            () => api.PostAsync("ticket?process=false", new { subchannelId = _mailbox, from = $"mia{number}@customer.example", subject = $"Parcel {number}", body = "Where is it?" }), Cancel)));

        var there = (await _store.ReadAsync(db => db.Messages.Select(m => new { m.FromAddress, m.TicketId }).ToListAsync(Cancel), Cancel)).ToLookup(m => m.FromAddress, m => m.TicketId);
        for (var number = 0; number < AtOnce; number++)
        {
            var (answer, tickets) = (answers[number], there[$"mia{number}@customer.example"].ToList());
            if (answer.Status == 201)
            {
                Assert.Equal([answer.Json.GetProperty("id").GetInt64()], tickets);
            }
            else
            {
                Assert.True(answer.Status is 429 or 503, $"{answer.Status} {answer.Text}");
                Assert.True(answer.Headers.ContainsKey("Retry-After"));
                Assert.Empty(tickets);
            }
        }

        var created = answers.Count(answer => answer.Status == 201);
        Assert.InRange(created, Allowed / 2, AtOnce - 1); // some are told to wait
        Assert.Equal(created, await _store.ReadAsync(db => db.Tickets.CountAsync(Cancel), Cancel));

        var refused = await RefusalsAsync(answers.First(answer => answer.Status == 201).Json.GetProperty("id").GetInt64());
        await EnneoStore.UntilAsync(() => Task.FromResult(!receiver.Taken.IsEmpty), TimeSpan.FromSeconds(60), Cancel);
        string[] said = [described.Text, .. answers.Select(answer => answer.Text), .. refused, .. receiver.Taken.SelectMany(told => told.Headers.Values.Append(told.Body)), _enneo.Output, _enneo.Errors];
        Assert.DoesNotContain(said, text => text.Contains(_key[12..], StringComparison.Ordinal));
        Assert.DoesNotMatch(Key(), described.Text);
        TestContext.Current.TestOutputHelper?.WriteLine($"{created} of {AtOnce} created");
    }

    /// <summary>What is said where something is wrong with a request that has the key in it.</summary>
    private async Task<IReadOnlyList<string>> RefusalsAsync(long ticket)
    {
        using ApiClient api = new(_enneo.Address, _key);
        List<string> said = [];
        foreach (var ask in new Func<Task<ApiReply>>[]
        {
            () => api.PatchAsync($"ticket/{ticket}", new { status = "closed" }),
            () => api.PatchAsync($"ticket/{ticket}", new { status = _key[..6] }),
            () => api.GetAsync("nothing"),
            () => api.GetAsync("ticket/999999"),
            () => api.PostAsync("ticket", "{"),
            () => api.GetAsync("tag", ("Authorization", $"Bearer {_key}x")),
            () => api.GetAsync("tag", ("Authorization", $"Basic {_key}")),
        })
        {
            ApiReply answer;
            do
            {
                answer = await ask();
                await Task.Delay(answer.Status == 429 ? TimeSpan.FromMilliseconds(100) : TimeSpan.Zero, Cancel);
            }
            while (answer.Status == 429);

            said.AddRange(answer.Headers.Values.Append(answer.Text));
        }

        return said;
    }

    [GeneratedRegex("enneo_[A-Za-z0-9_-]{43}")]
    private static partial Regex Key();
}
