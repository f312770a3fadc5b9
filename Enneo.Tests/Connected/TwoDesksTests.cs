using Enneo.Core.Activity;
using Enneo.Core.Integrations.Connected;
using Enneo.Core.Integrations.Hooks;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Sending;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Connected;

/// <summary>
/// Two installations as two ticket systems, kept in step by API and webhooks alone: whatever is done on both sides, and
/// whatever breaks meanwhile, both have the same in the end, and nothing twice.
/// </summary>
public sealed class TwoDesksTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public Task What_is_done_on_both_sides_is_the_same_on_both_in_the_end_also_after_a_restart() => RunAsync(operations: 50, restarts: 1, isProcess: false, cutting: 0.1);

    [Fact(Explicit = true)]
    [Trait("Category", "Long")]
    public Task A_thousand_operations_with_cut_connections_restarts_and_kills_lose_and_double_nothing() => RunAsync(operations: 1000, restarts: 12, isProcess: true, cutting: 0.15);

    private static async Task RunAsync(int operations, int restarts, bool isProcess, double cutting)
    {
        const int Seed = 20261130;
        await using Desk here = new("Here", isProcess);
        await using Desk there = new("There", isProcess);
        await here.SetUpAsync();
        await there.SetUpAsync();
        await using CuttingProxy toThere = new(there.Port, Seed) { CutsLiving = isProcess };
        await using CuttingProxy toHere = new(here.Port, Seed + 1) { CutsLiving = isProcess };
        toThere.Start();
        toHere.Start();
        var (integrationId, webhookId) = await here.ConnectAsync(there, toThere.Port, toHere.Port, input => input with { Deletions = DeletionWay.Both });
        await here.StartAsync();
        await there.StartAsync();
        (toThere.Chance, toHere.Chance) = (cutting, cutting);

        Random random = new(Seed);
        DeskWork work = new(Seed);
        var (done, killed) = (0, 0);
        for (var i = 0; i < operations; i++)
        {
            done += await work.DoAsync(random.Next(2) == 0 ? here : there) ? 1 : 0;
            if ((i + 1) % (operations / (restarts + 1)) == 0 && killed < restarts)
            {
                var one = killed++ % 2 == 0 ? here : there;
                await one.StopAsync(kill: killed % 3 != 0);
                await one.StartAsync();
            }
        }

        (toThere.Chance, toHere.Chance) = (0, 0);
        var conflicts = await SettleAsync(here, there, integrationId, webhookId, isProcess);
        var (ours, theirs) = (await DeskWork.DumpAsync(here), await DeskWork.DumpAsync(there));
        var (told, heard) = await DeliveriesAsync(here);
        var changes = await ChangesAsync(here) + await ChangesAsync(there);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"Seed {Seed}: {done} operations ({work.NoteChanges} notes changed, {work.NotesDeleted} deleted), {changes} changes, {told} deliveries out and {heard} in, {conflicts} conflicts, {work.Replies} replies, {toThere.Cuts + toHere.Cuts} cuts, {killed} restarts; both are {(ours == theirs ? "equal" : "not equal")}");

        Assert.Equal(ours, theirs);
        Assert.True(done > operations / 2);
        Assert.True(told + heard <= 2 * changes, $"{told} + {heard} for {changes}");
        Assert.Equal(work.Replies, await there.Store.ReadAsync(db => db.Outbox.CountAsync(Cancel), Cancel));
        Assert.False(await here.Store.ReadAsync(db => db.Outbox.AnyAsync(o => o.State != DeliveryState.Sent, Cancel), Cancel)); // all of them were handed over there
    }

    /// <summary>Until nothing waits on either side; where both sides say something else, ours stands, and what one of them deleted goes.</summary>
    /// <returns>How many such conflicts there were.</returns>
    private static async Task<int> SettleAsync(Desk here, Desk there, long integrationId, long webhookId, bool isProcess)
    {
        var (conflicts, quiet) = (0, 0);
        await EnneoStore.UntilAsync(
            async () =>
            {
                var isQuiet = await here.Store.ReadAsync(
                        async db => !await db.Set<WebhookDelivery>().AnyAsync(d => d.State != WebhookDeliveryState.Delivered, Cancel) && !await db.Set<TicketNews>().AnyAsync(Cancel)
                            && await IsToldAsync(db, Cancel), Cancel)
                    && await there.Store.ReadAsync(
                        async db => !await db.Set<WebhookDelivery>().AnyAsync(d => d.WebhookId == webhookId && d.State != WebhookDeliveryState.Delivered, Cancel) && await IsToldAsync(db, Cancel), Cancel);
                quiet = isQuiet ? quiet + 1 : 0;
                if (quiet < 4)
                {
                    return false;
                }

                var open = await here.Store.Get<IntegrationQueries>().ConflictsAsync(integrationId, Actor.Operator, Cancel);
                foreach (var conflict in open)
                {
                    Assert.True(await here.Get<ConflictDeciding>().RunAsync(integrationId, conflict.ExternalTicketId, conflict.Field, ConflictChoice.Ours, Actor.Operator, "test", Cancel));
                }

                var messages = await here.Store.Get<IntegrationQueries>().DifferencesAsync(integrationId, Actor.Operator, Cancel);
                foreach (var difference in messages)
                {
                    Assert.True(difference.Problem is null, difference.Problem);
                    var choice = difference.Difference is MessageDifference.GoneThere ? ConflictChoice.Theirs : ConflictChoice.Ours;
                    Assert.True(await here.Get<ConflictDeciding>().RunAsync(integrationId, difference.ExternalId, choice, Actor.Operator, "test", Cancel));
                }

                var decided = open.Count + messages.Count;
                (conflicts, quiet) = (conflicts + decided, 0);
                if (isProcess && decided > 0)
                {
                    await here.StopAsync(kill: false); // another process wrote the news: it is read at the start
                    await here.StartAsync();
                }

                return decided == 0;
            },
            TimeSpan.FromMinutes(10), Cancel, everyMilliseconds: 250);
        return conflicts;
    }

    /// <summary>Deliveries have been made of all that stands in the log.</summary>
    private static async Task<bool> IsToldAsync(Core.Data.EnneoDbContext db, CancellationToken cancellationToken) =>
        !await db.Set<Webhook>().AnyAsync(w => db.Activity.Any(e => e.Sequence > w.Cursor && WebhookEvents.Kinds.Contains(e.Kind)), cancellationToken);

    private static Task<(int Told, int Heard)> DeliveriesAsync(Desk here) => here.Store.ReadAsync(
        async db => (await db.Set<WebhookDelivery>().CountAsync(Cancel), await db.Set<HookCall>().CountAsync(Cancel)), Cancel);

    /// <summary>What stands in the log as an event that somebody other than the integration caused.</summary>
    private static Task<int> ChangesAsync(Desk desk) => desk.Store.ReadAsync(
        async db =>
        {
            var program = await db.ApiKeys.Where(k => k.Name == "Program").Select(k => k.Id).SingleAsync(Cancel);
            return await db.Activity.CountAsync(e => e.ApiKeyId == program && WebhookEvents.Kinds.Contains(e.Kind), Cancel);
        }, Cancel);
}
