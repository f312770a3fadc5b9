using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Spam;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using Enneo.Tests.Sync;
using Microsoft.EntityFrameworkCore;
using static Enneo.Tests.Spam.SpamMail;

namespace Enneo.Tests.Spam;

/// <summary>Spam goes to the trash after a time that an admin sets, on the server too; nothing does by itself at first.</summary>
[Trait("Category", "Server")]
public sealed class SpamRetentionTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OnlySpamThatIsOlderGoes_AndOnlyWhereItIsWanted()
    {
        await using var mailbox = await SyncedMailbox.ConnectAsync(dovecot, "earlier");
        await dovecot.ArriveAsync(mailbox, Wanted("old spam", "a@elsewhere.example").With("X-Spam-Flag", "YES"));
        await dovecot.ArriveAsync(mailbox, Wanted("new spam", "b@elsewhere.example").With("X-Spam-Flag", "YES"));
        await dovecot.ArriveAsync(mailbox, Wanted("old mail", "c@elsewhere.example"));
        await mailbox.SyncAsync();
        await AgeAsync(mailbox, "old spam", "old mail");
        var retention = mailbox.Store.Get<SpamRetention>();

        Assert.Equal(0, await retention.RunAsync(Cancelled));

        await mailbox.Store.Get<SpamSettingsEditing>().SaveAsync(new SpamSettings { KeptDays = 30 }, Actor.Operator, "test", Cancelled);
        Assert.Equal(1, await retention.RunAsync(Cancelled));
        Assert.Equal((TicketPlace.Trash, TicketPlace.Junk, TicketPlace.Desk),
            ((await mailbox.TicketAsync("old spam")).Place, (await mailbox.TicketAsync("new spam")).Place, (await mailbox.TicketAsync("old mail")).Place));
        Assert.Equal(["Trash"], await mailbox.PlacesAsync("old spam"));
        Assert.Equal(0, await retention.RunAsync(Cancelled));

        await mailbox.SyncAsync();
        Assert.Single(await dovecot.ListAsync(mailbox.User, Cancelled, "Trash"));
    }

    private static Task AgeAsync(SyncedMailbox mailbox, params IReadOnlyList<string> subjects) => mailbox.Store.Get<WriterLane>().RunAsync(
        async (db, token) =>
        {
            var longAgo = TimeProvider.System.GetUtcNow().AddDays(-40);
            await db.Messages.Where(m => subjects.Contains(m.Subject)).ExecuteUpdateAsync(set => set.SetProperty(m => m.ReceivedAt, longAgo), token);
            await db.Tickets.Where(t => subjects.Contains(t.Subject)).ExecuteUpdateAsync(set => set.SetProperty(t => t.LastMessageAt, longAgo), token);
        },
        Cancelled);
}
