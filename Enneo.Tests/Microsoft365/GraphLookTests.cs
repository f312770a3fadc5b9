using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.OAuth;
using Enneo.Core.Sync;
using Enneo.Tests.Sending;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Microsoft365;

/// <summary>A look of the job at a mailbox that is read by Graph: how it ends where Graph has enough of us, or our own disk of what comes.</summary>
public sealed class GraphLookTests(Office365 microsoft) : IClassFixture<Office365>, IAsyncLifetime
{
    private readonly string _address = microsoft.Dovecot.NewUser();
    private GraphMail _mail = null!;
    private Office _office = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private GraphMailServer Server => microsoft.Entra.Graph.Mail;

    public async ValueTask InitializeAsync()
    {
        _mail = Server.Add(_address);
        _office = await Office.OpenAsync(async opened =>
        {
            var input = await opened.ConnectAsync(microsoft, microsoft.Registration, _address, Cancel);
            return input with { Data = input.Data with { ReceivesByGraph = true } };
        });
    }

    public ValueTask DisposeAsync()
    {
        Server.Faults.Clear();
        Server.Mailboxes.TryRemove(_address, out _);
        return _office.DisposeAsync();
    }

    [Theory]
    [InlineData(429, "ApplicationThrottled", "/$value", 3)] // so many mails are asked for at once
    [InlineData(503, "serviceNotAvailable", "/messages/delta", 1)]
    public async Task A_mailbox_that_Graph_wants_left_alone_is_asked_for_nothing_more_until_the_time_is_over(int status, string code, string path, int most)
    {
        for (var i = 0; i < 8; i++)
        {
            _mail.Deliver(GraphReader.Letter($"Letter {i}"));
        }

        Server.Fail(path, status, code, retryAfter: 600, lasts: true);
        await _office.SyncAsync(Cancel);
        var asked = Asked();
        Assert.InRange(asked.SkipWhile(request => !request.Contains(path, StringComparison.Ordinal)).Count(), 1, most);
        Assert.Equal(0, await FailedAsync()); // it is no mail's fault

        _office.Clock.Advance(TimeSpan.FromMinutes(9));
        await _office.SyncAsync(Cancel);
        Assert.Equal(asked.Count, Asked().Count);
        Assert.Contains(Causes.Of(Causes.GraphThrottled).Sentence, (await StatusAsync()).Message, StringComparison.Ordinal);

        Server.Faults.Clear();
        _office.Clock.Advance(TimeSpan.FromMinutes(2));
        await _office.SyncAsync(Cancel);
        Assert.Equal(8, await _office.ReadAsync(db => db.Messages.CountAsync(Cancel)));
    }

    [Fact]
    public async Task A_mailbox_that_is_throttled_again_and_again_for_a_moment_ends_the_look_too_and_the_next_one_waits_for_as_long()
    {
        var stuck = _mail.Deliver(GraphReader.Letter("Stuck"));
        Server.Fail($"{stuck}/$value", 429, "ApplicationThrottled", retryAfter: 60, lasts: true);

        await MoveOnAsync(_office.SyncAsync(Cancel), until: 4);
        var asked = Asked();
        Assert.Equal((4, 4), (Times(asked), asked.SkipWhile(IsOther).Count())); // and whether the mailbox opens is not asked either

        await _office.SyncAsync(Cancel);
        Assert.Equal(asked.Count, Asked().Count);
        Assert.Equal((0, MailboxState.Error), (await FailedAsync(), (await StatusAsync()).State));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_disk_of_ours_that_takes_nothing_is_named_as_the_cause_and_the_next_look_brings_what_came(bool isLarge)
    {
        _mail.Deliver(isLarge ? GraphReader.LargeLetter("Comes") : GraphReader.Letter("Comes"));
        var directory = _office.Get<DataDirectory>();
        using (new FullFolder(isLarge ? directory.Transit : directory.Segments))
        {
            await _office.SyncAsync(Cancel);
            Assert.Equal((MailboxState.Error, SyncText.NotStored), await StatusAsync() is var status ? (status.State, status.Message) : default);
        }

        await _office.SyncAsync(Cancel);
        Assert.Equal((MailboxState.Ok, 1), ((await StatusAsync()).State, await _office.ReadAsync(db => db.Messages.CountAsync(m => m.Subject == "Comes", Cancel))));
    }

    /// <summary>What this mailbox was asked, in order.</summary>
    private List<string> Asked() => [.. Server.Requests.Where(request => request.Contains(_address, StringComparison.OrdinalIgnoreCase))];

    private Task<int> FailedAsync() => _office.ReadAsync(db => db.Ledger.CountAsync(e => e.Outcome == LedgerOutcome.Failed, Cancel));

    private Task<MailboxStatus> StatusAsync() => _office.ReadAsync(db => db.MailboxStatuses.AsNoTracking().SingleAsync(Cancel));

    private static bool IsOther(string request) => !request.EndsWith("/$value", StringComparison.Ordinal);

    private static int Times(IEnumerable<string> asked) => asked.Count(request => !IsOther(request));

    /// <param name="until">So often is a mail asked for; then the clock stands again.</param>
    private async Task MoveOnAsync(Task looking, int until)
    {
        while (!looking.IsCompleted)
        {
            _office.Clock.Advance(TimeSpan.FromSeconds(Times(Asked()) < until ? 10 : 0));
            await Task.WhenAny(looking, Task.Delay(10, Cancel));
        }

        await looking;
    }
}
