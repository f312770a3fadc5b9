using Enneo.Core.Activity;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;
using Enneo.Core.Sending;
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
}
