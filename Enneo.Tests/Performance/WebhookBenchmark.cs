using System.Diagnostics;
using System.Globalization;
using System.Text;
using Enneo.Core.Activity;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Enneo.Tests.Webhooks;

namespace Enneo.Tests.Performance;

/// <summary>How long it takes from the commit of a change until its webhook has arrived; half of them shall be there within 50 ms.</summary>
[Collection(TimedTests.Name)]
[Trait("Category", "Benchmark")]
public sealed class WebhookBenchmark
{
    private const int Changes = 200;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task From_the_commit_to_the_receiver()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using EnneoApp app = new();
        await app.InitializeAsync();
        var mailbox = await app.Get<MailImport>().AddAsync(new ImportedMailbox("Support", "support@example.test", "Support", true), [], "test", Cancel);
        var raw = Encoding.UTF8.GetBytes("From: Mia <mia@example.com>\r\nTo: support@example.test\r\nSubject: Order\r\nMessage-ID: <order@example.com>\r\n\r\nWhere is it?\r\n");
        var ticket = (await app.Get<MailImport>().ReceiveAsync(mailbox, new ImportedMail(FolderRole.Inbox, raw, TimeProvider.System.GetUtcNow(), Seen: false), Cancel)).TicketId;
        await app.Get<WebhookEditing>().AddAsync(new WebhookInput { Url = receiver.Url, MayBePrivate = true, Events = ["TicketClosed", "TicketUpdated"] }, Actor.Operator, "test", Cancel);

        List<double> milliseconds = [];
        for (var i = 0; i < Changes; i++)
        {
            var before = receiver.Taken.Count;
            await app.Get<TicketEditing>().SetStatusAsync([ticket], i % 2 == 0 ? TicketStatus.Closed : TicketStatus.Open, Actor.Operator, "web", Cancel);
            var committed = Stopwatch.GetTimestamp();
            while (receiver.Taken.Count == before)
            {
                await Task.Delay(1, Cancel);
            }

            milliseconds.Add(Stopwatch.GetElapsedTime(committed).TotalMilliseconds);
        }

        milliseconds.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"from commit to receiver: p50 {milliseconds[Changes / 2]:F1} ms, p99 {milliseconds[Changes * 99 / 100]:F1} ms (goal p50 < 50 ms)"));
        Assert.True(milliseconds[Changes / 2] < 50, $"p50 {milliseconds[Changes / 2]}");
    }
}
