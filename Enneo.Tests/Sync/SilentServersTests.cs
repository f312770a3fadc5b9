using System.Diagnostics;
using Enneo.Core.Data;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Sync;

/// <summary>One mailbox among thirty whose server accepts connections and then says nothing.</summary>
[Collection(TimedTests.Name)]
public sealed class SilentServersTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private const string Address = "good@example.test";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Thirty_silent_servers_hold_up_neither_arrival_nor_sending()
    {
        await using SilentServer silent = new();
        await silent.InitializeAsync();
        await using SmtpSink sink = new() { OfferStartTls = true, User = Address };
        await sink.InitializeAsync();
        await using EnneoApp app = new() { Settings = new Dictionary<string, string> { ["Enneo:Sending:UndoTime"] = "00:00:00" } };
        await app.InitializeAsync();
        for (var i = 0; i < 30; i++)
        {
            await app.AddAsync(silent.Mailbox($"silent{i}@example.test"), Cancel);
        }

        await EnneoStore.UntilAsync(() => Task.FromResult(silent.Connections >= 4), TimeSpan.FromSeconds(30), Cancel);
        await app.AddAsync(dovecot.Mailbox(Address, sink), Cancel);
        var (first, firstArrival) = await ArriveAsync(app, "first"); // the connections stand from here on
        var firstSend = await SendAsync(app, sink, first, 1); // and what runs for the first time in this process has run

        List<TimeSpan> arrivals = [];
        List<TimeSpan> sends = [];
        for (var i = 0; i < 5; i++)
        {
            var (message, arrival) = await ArriveAsync(app, $"mail {i}");
            arrivals.Add(arrival);
            sends.Add(await SendAsync(app, sink, message, i + 2));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"arrival {string.Join(' ', arrivals)} (first {firstArrival}); send {string.Join(' ', sends)} (first {firstSend}); connections to the silent server {silent.Connections}");
        Assert.All(arrivals, arrival => Assert.True(arrival < s_limit, $"{arrival}"));
        Assert.All(sends, send => Assert.True(send < s_limit, $"{send}"));
    }

    /// <returns>The message, and the time from delivery (of which Dovecot takes half a second to tell) until it can be read here.</returns>
    private async Task<(long MessageId, TimeSpan Delay)> ArriveAsync(EnneoApp app, string subject)
    {
        using MimeMessage mail = new([MailboxAddress.Parse("customer@example.test")], [MailboxAddress.Parse(Address)], subject, new TextPart("plain") { Text = subject });
        await dovecot.ArriveAsync(Address, mail, Cancel);
        var watch = Stopwatch.StartNew();
        var id = 0L;
        await EnneoStore.UntilAsync(async () => (id = await FindAsync(app, subject)) != 0, TimeSpan.FromSeconds(60), Cancel, everyMilliseconds: 10);
        return (id, watch.Elapsed);
    }

    private static async Task<long> FindAsync(EnneoApp app, string subject)
    {
        await using var db = await app.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        return await db.Messages.Where(m => m.Subject == subject && m.Direction == MessageDirection.In).Select(m => m.Id).FirstOrDefaultAsync(Cancel);
    }

    private static async Task<TimeSpan> SendAsync(EnneoApp app, SmtpSink sink, long messageId, int expected)
    {
        var person = (await app.Get<Core.Identity.Accounts>().ListAsync(Cancel)).Single().Id;
        var draft = await app.Get<Drafts>().StartReplyAsync(messageId, DraftMode.Reply, person, Cancel);
        Assert.NotNull(draft);
        await app.Get<Drafts>().SaveAsync(draft.Id, new DraftSave(draft.Revision + 1, draft.To, draft.Cc, draft.Bcc, draft.Subject, "<p>Thanks</p>"), person, Cancel);
        var watch = Stopwatch.StartNew();
        Assert.Null((await app.Get<Outbox>().SendAsync(draft.Id, person, Cancel)).Problem);
        await EnneoStore.UntilAsync(() => Task.FromResult(sink.Received.Count == expected), TimeSpan.FromSeconds(60), Cancel, everyMilliseconds: 10);
        return watch.Elapsed;
    }
}
