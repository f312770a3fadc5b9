using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Mailboxes;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Enneo.Tests.Inbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace Enneo.Tests.Webhooks;

/// <summary>The core with a receiver and a clock that only tests move; the job runs when a test says so.</summary>
internal sealed class WebhookDesk : IAsyncDisposable
{
    private WebhookDesk(WebhookReceiver receiver) => Receiver = receiver;

    public InboxStore Store { get; } = new(new Dictionary<string, string?> { ["Enneo:Webhooks:Timeout"] = "00:00:00.7" });

    public WebhookReceiver Receiver { get; }

    public Mailbox Mailbox { get; private set; } = null!;

    public FakeTimeProvider Clock => Store.Clock;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<WebhookDesk> OpenAsync()
    {
        WebhookDesk desk = new(await WebhookReceiver.StartAsync());
        await desk.Store.InitializeAsync();
        desk.Mailbox = await desk.Store.AddMailboxAsync();
        return desk;
    }

    public T Get<T>() where T : notnull => Store.Get<T>();

    /// <returns>Its id and secret.</returns>
    public async Task<(long Id, string Secret)> AddAsync(Func<WebhookInput, WebhookInput>? change = null)
    {
        WebhookInput input = new() { Url = Receiver.Url, MayBePrivate = true };
        var added = await Get<WebhookEditing>().AddAsync(change?.Invoke(input) ?? input, Actor.Operator, "test", Cancel);
        Assert.Empty(added.Errors);
        return (added.WebhookId!.Value, added.Secret!);
    }

    /// <returns>The id of a ticket with one mail, which nobody is told of.</returns>
    public async Task<long> TicketAsync()
    {
        var received = await Store.ReceiveAsync(Mailbox, "Order");
        await Get<WriterLane>().RunAsync((db, token) => db.Activity.Where(e => e.TicketId == received.TicketId).ExecuteDeleteAsync(token), Cancel);
        return received.TicketId;
    }

    /// <summary>A person closes it or opens it again, which is one event.</summary>
    public async Task ToggleAsync(long ticketId, Actor? actor = null)
    {
        var status = await ReadAsync(db => db.Tickets.Where(t => t.Id == ticketId).Select(t => t.Status).SingleAsync(Cancel));
        await Get<TicketEditing>().SetStatusAsync([ticketId], status is TicketStatus.Closed ? TicketStatus.Open : TicketStatus.Closed, actor ?? Actor.Operator, "web", Cancel);
    }

    /// <summary>What the job does when it is woken.</summary>
    public async Task RunAsync(params long[] webhookIds)
    {
        await Get<WebhookFanOut>().RunAsync(Cancel);
        await Task.WhenAll(webhookIds.Select(id => Get<WebhookDelivering>().RunDueAsync(id, Cancel)));
    }

    /// <summary>Time passes, and the jobs run whenever they are due.</summary>
    public async Task PassAsync(TimeSpan time, params long[] webhookIds)
    {
        var end = Clock.GetUtcNow() + time;
        for (var rounds = 0; rounds < 200; rounds++)
        {
            await RunAsync(webhookIds);
            var due = await Task.WhenAll(webhookIds.Select(id => Get<WebhookQueue>().NextDueAsync(id, Cancel)));
            if (due.Min() is not { } next || next > end)
            {
                break;
            }

            Clock.SetUtcNow(next > Clock.GetUtcNow() ? next : Clock.GetUtcNow());
        }

        Clock.SetUtcNow(end);
        await RunAsync(webhookIds);
    }

    public Task<Webhook> FindAsync(long webhookId) => ReadAsync(db => db.Set<Webhook>().AsNoTracking().SingleAsync(w => w.Id == webhookId, Cancel));

    public Task<List<WebhookDelivery>> DeliveriesAsync(long webhookId) =>
        ReadAsync(db => db.Set<WebhookDelivery>().AsNoTracking().Where(d => d.WebhookId == webhookId).OrderBy(d => d.Sequence).ToListAsync(Cancel));

    public Task<List<ActivityEntry>> ActivityAsync(ActivityKind kind) => ReadAsync(db => db.Activity.AsNoTracking().Where(e => e.Kind == kind).ToListAsync(Cancel));

    public async Task<T> ReadAsync<T>(Func<EnneoDbContext, Task<T>> read)
    {
        await using var db = await Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        return await read(db);
    }

    public async ValueTask DisposeAsync()
    {
        await Receiver.DisposeAsync();
        await Store.DisposeAsync();
    }
}
