using System.Collections.Concurrent;
using Enneo.Core.Activity;
using Enneo.Core.Integrations.Patching;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Webhooks;

/// <summary>The real program, killed between a change and its delivery.</summary>
public sealed class WebhookKillTests
{
    private const int Kills = 3;
    private const int ChangesPerLife = 8;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Check", "W02")]
    public async Task Kills_lose_nothing_and_each_event_keeps_its_id()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        ConcurrentQueue<string> unmarked = [];
        TaskCompletionSource? killed = null;
        receiver.Answer = async (told, context) =>
        {
            if (killed is { } end)
            {
                unmarked.Enqueue(told.Id); // it is taken, and who posted it dies before it knows
                await end.Task;
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(40), TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default); // widens the moment in which a kill falls between the two
            return true;
        };
        using TemporaryFolder folder = new();
        await using var store = await EnneoStore.CreateAsync(folder["data"], Cancel);
        var mailbox = await store.Get<MailImport>().AddAsync(new ImportedMailbox("Support", "support@example.test", "Support", IsDefault: true), [], "test", Cancel);
        List<long> tickets = [];
        for (var i = 0; i < 3; i++)
        {
            var raw = System.Text.Encoding.UTF8.GetBytes($"From: a@customer.example\r\nTo: support@example.test\r\nSubject: {i}\r\nMessage-ID: <k{i}@customer.example>\r\n\r\nHello\r\n");
            tickets.Add((await store.Get<MailImport>().ReceiveAsync(mailbox, new ImportedMail(FolderRole.Inbox, raw, TimeProvider.System.GetUtcNow(), Seen: false), Cancel)).TicketId);
        }

        var added = await store.Get<WebhookEditing>().AddAsync(new WebhookInput { Url = receiver.Url, MayBePrivate = true, Events = ["TicketUpdated"] }, Actor.Operator, "test", Cancel);
        Assert.Empty(added.Errors);

        Random random = new(20261129);
        for (var life = 0; life < Kills; life++)
        {
            await ChangeAsync(store, tickets, life, 0, ChangesPerLife / 2);
            await using var enneo = EnneoProcess.Start(folder["data"]);
            await enneo.ReadyAsync(Cancel, "healthz");
            await ChangeAsync(store, tickets, life, ChangesPerLife / 2, ChangesPerLife);
            if (life % 2 == 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(120)), TimeProvider.System, Cancel);
                await enneo.KillAsync();
                continue;
            }

            var before = unmarked.Count;
            killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await EnneoStore.UntilAsync(() => Task.FromResult(unmarked.Count > before), s_patience, Cancel, everyMilliseconds: 5);
            await enneo.KillAsync();
            killed.SetResult();
            killed = null;
            List<string> held = [.. unmarked.Skip(before)];
            Assert.Equal(0, await store.ReadAsync(db => db.Set<WebhookDelivery>().CountAsync(d => held.Contains(d.EventId) && d.State == WebhookDeliveryState.Delivered, Cancel), Cancel));
        }

        Assert.NotEmpty(unmarked);

        await using var last = EnneoProcess.Start(folder["data"]);
        var events = await store.ReadAsync(db => db.Activity.Where(e => e.Kind == ActivityKind.TicketRenamed).OrderBy(e => e.Sequence).Select(e => e.Sequence).ToListAsync(Cancel), Cancel);
        Assert.Equal(Kills * ChangesPerLife, events.Count);
        await EnneoStore.UntilAsync(() => Task.FromResult(events.All(sequence => receiver.Taken.Any(told => told.Sequence == sequence))), s_patience, Cancel);
        Assert.Equal(0, await last.StopAsync(Cancel));

        Assert.All(unmarked, id => Assert.InRange(receiver.Taken.Count(told => told.Id == id), 2, int.MaxValue));
        Assert.All(receiver.Received.GroupBy(told => told.Sequence), same => Assert.Single(same.Select(told => told.Id).Distinct()));
        Assert.All(tickets, ticket =>
        {
            var first = receiver.Received.Where(told => told.Ticket == ticket).DistinctBy(told => told.Id).Select(told => told.Sequence).ToList();
            Assert.Equal(first.Order(), first);
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{Kills} kills, {events.Count} events, {receiver.Received.Count} deliveries");
    }

    private static async Task ChangeAsync(EnneoStore store, List<long> tickets, int life, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            TicketPatch patch = new(tickets[i % tickets.Count]) { Subject = $"Life {life}, change {i}" };
            Assert.Equal([PatchOutcome.Done], (await store.Get<TicketPatching>().RunAsync([patch], Actor.Operator, "test", Cancel)).Outcomes);
        }
    }
}
