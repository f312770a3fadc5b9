using Enneo.Core.Activity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;
using Enneo.Core.Sending;
using Enneo.Tests.Sending;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Microsoft365;

/// <summary>A mailbox that could send by SMTP, until its organisation switched that off.</summary>
public sealed class RoadSwitchTests(CatalogueHouse house) : IClassFixture<CatalogueHouse>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mailbox_whose_SMTP_is_switched_off_later_goes_on_by_Graph_and_says_so()
    {
        house.Sink.SignInRefusal = CatalogueRows.SmtpSignIn[0].Answer;
        var before = house.Microsoft.Entra.Graph.Sent.Count;
        await SetAsync(keepsRoad: true);
        var kept = await house.Office.WriteAndSendAsync();
        await house.Office.DeliverAsync();
        Assert.Equal((DeliveryState.Queued, before), (await house.Office.StateAsync(kept.Id), house.Microsoft.Entra.Graph.Sent.Count));
        Assert.Contains(Causes.SmtpAuthOff, (await house.ReportAsync()).Status.Message, StringComparison.Ordinal);

        await SetAsync(keepsRoad: false);
        await house.Office.DeliverAsync(TimeSpan.FromHours(2));

        Assert.Equal((DeliveryState.Sent, before + 1), (await house.Office.StateAsync(kept.Id), house.Microsoft.Entra.Graph.Sent.Count));
        Assert.True(await house.Office.ReadAsync(db => db.Mailboxes.Select(m => m.SendsByGraph).SingleAsync(Cancel)));
        Assert.Contains(await house.Office.ReadAsync(db => db.Activity.Where(a => a.Kind == ActivityKind.MailboxChanged).Select(a => a.Changes).ToListAsync(Cancel)), changes => changes.Contains("sendsByGraph", StringComparison.Ordinal));
        await SetAsync(keepsRoad: false);

        async Task SetAsync(bool keepsRoad) => Assert.Empty(await house.Office.Get<Microsoft365SettingsEditing>().SaveAsync(house.Registration with { Secret = null, KeepsRoad = keepsRoad }, Actor.Operator, "test", Cancel));
    }

    [Fact]
    public async Task A_mailbox_whose_IMAP_is_switched_off_is_read_by_Graph_where_Graph_opens_it_and_an_admin_lets_it()
    {
        await MoveAsync(house.Microsoft.Dovecot.ImapsPort, house.NotConnected.Port);
        try
        {
            await house.SyncAsync();
            Assert.Equal((false, MailboxState.Error), await RoadAsync());

            house.Microsoft.Entra.Graph.Mail.Add(house.Address).Deliver(Office.Letter("By Graph"));
            await WriteSettingAsync("\"KeepsRoad\":false", "\"KeepsRoad\":true");
            await house.SyncAsync();
            Assert.Equal((false, MailboxState.Error), await RoadAsync());
            Assert.Contains(await TestAsync(), step => step is { State: StepState.Done } && step.Text.Contains("Microsoft Graph opens the mailbox", StringComparison.Ordinal));
            var road = await house.Office.Get<ReceivingRoadCheck>().RunAsync(house.Address, await house.Office.Get<AccountTokens>().AccountOfAsync(house.Office.MailboxId, Cancel), Cancel);
            Assert.True(road.IsByGraph);
            Assert.Contains(Causes.ImapDisabled, road.ImapProblem, StringComparison.Ordinal);

            await WriteSettingAsync("\"KeepsRoad\":true", "\"KeepsRoad\":false");
            await house.SyncAsync();
            Assert.Equal((false, MailboxState.Error), await RoadAsync()); // it may be out of order for an hour
            await house.Office.RestartAsync(); // what was met before still counts
            house.Office.Clock.Advance(TimeSpan.FromHours(2));
            await house.SyncAsync();

            Assert.Equal((true, MailboxState.Ok), await RoadAsync());
            Assert.True(await house.Office.ReadAsync(db => db.Messages.AnyAsync(m => m.Subject == "By Graph", Cancel)));
            Assert.Contains(await house.Office.ReadAsync(db => db.Activity.Where(a => a.Kind == ActivityKind.MailboxChanged).Select(a => a.Changes).ToListAsync(Cancel)), changes => changes.Contains("receivesByGraph", StringComparison.Ordinal));
        }
        finally
        {
            await MoveAsync(house.NotConnected.Port, house.Microsoft.Dovecot.ImapsPort);
            await house.Office.ChangeAsync(db => db.Mailboxes.ExecuteUpdateAsync(set => set.SetProperty(m => m.ReceivesByGraph, false), Cancel));
        }
    }

    [Fact]
    public async Task Refusals_before_a_time_in_which_IMAP_opened_the_mailbox_do_not_count()
    {
        house.Microsoft.Entra.Graph.Mail.Add(house.Address);
        await RefuseAsync(3);
        await house.Office.RestartAsync();
        await house.SyncAsync();
        Assert.Equal((false, MailboxState.Ok), await RoadAsync());
        await house.Office.RestartAsync(); // else the connection that is open goes on

        house.Office.Clock.Advance(TimeSpan.FromHours(3));
        await RefuseAsync(3);

        Assert.Equal((false, MailboxState.Error), await RoadAsync());
        await house.SyncAsync();
        await house.Office.RestartAsync();

        async Task RefuseAsync(int times)
        {
            await MoveAsync(house.Microsoft.Dovecot.ImapsPort, house.NotConnected.Port);
            for (var i = 0; i < times; i++)
            {
                await house.SyncAsync();
            }

            await MoveAsync(house.NotConnected.Port, house.Microsoft.Dovecot.ImapsPort);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_sending_is_refused_meanwhile_neither_delays_the_change_nor_hides_that_IMAP_opened_the_mailbox(bool hasOpened)
    {
        house.Microsoft.Entra.Graph.Mail.Add(house.Address);
        await house.ForgetAsync(); // else it sends by Graph after another test
        await house.Office.RestartAsync(); // else the connection by which that sent goes on
        house.Sink.SignInRefusal = CatalogueRows.SmtpSignIn[1].Answer; // not that it is switched off
        await house.Office.ChangeAsync(db => db.MailboxFailures.ExecuteDeleteAsync(Cancel));
        await MoveAsync(house.Microsoft.Dovecot.ImapsPort, house.NotConnected.Port);
        try
        {
            await house.SyncAsync();
            await house.Office.WriteAndSendAsync();
            await house.Office.DeliverAsync();
            Assert.Equal((false, MailboxState.SignInAgain), await RoadAsync());
            if (hasOpened)
            {
                await MoveAsync(house.NotConnected.Port, house.Microsoft.Dovecot.ImapsPort);
                await house.SyncAsync();
                Assert.Equal((false, MailboxState.SignInAgain), await RoadAsync()); // mail still waits
                await house.Office.RestartAsync(); // else the connection that is open goes on
                await MoveAsync(house.Microsoft.Dovecot.ImapsPort, house.NotConnected.Port);
            }
            else
            {
                await house.SyncAsync();
            }

            house.Office.Clock.Advance(TimeSpan.FromHours(2));
            await house.SyncAsync();
            Assert.Equal(!hasOpened, (await RoadAsync()).ByGraph);
            await house.SyncAsync();
            await house.SyncAsync();
            Assert.Equal(!hasOpened, (await RoadAsync()).ByGraph); // time and again, and not yet over hours
        }
        finally
        {
            await MoveAsync(house.NotConnected.Port, house.Microsoft.Dovecot.ImapsPort);
            await house.ForgetAsync();
            await house.Office.ChangeAsync(db => db.MailboxFailures.ExecuteDeleteAsync(Cancel));
            await house.Office.ChangeAsync(db => db.Mailboxes.ExecuteUpdateAsync(set => set.SetProperty(m => m.ReceivesByGraph, false), Cancel));
        }
    }

    private async Task MoveAsync(int from, int to)
    {
        await WriteSettingAsync($"localhost:{from}", $"localhost:{to}");
        await house.MoveImapAsync(to);
    }

    /// <summary>Past the settings' own rules, which keep the addresses of a connected mailbox.</summary>
    private Task WriteSettingAsync(string old, string now) => house.Office.ChangeAsync(db => db.Settings.Where(s => s.Name == "microsoft365")
        .ExecuteUpdateAsync(set => set.SetProperty(s => s.Value, s => s.Value.Replace(old, now)), Cancel));

    private Task<(bool ByGraph, MailboxState State)> RoadAsync() => house.Office.ReadAsync(async db => (
        await db.Mailboxes.Select(m => m.ReceivesByGraph).SingleAsync(Cancel), await db.MailboxStatuses.Select(s => s.State).SingleAsync(Cancel)));

    private async Task<List<TestStep>> TestAsync() =>
        await house.Office.Get<ConnectionTest>().RunAsync(ConnectedStore.Input(house.Address, null), house.Office.MailboxId, Cancel).ToListAsync(Cancel);
}
