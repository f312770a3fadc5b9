using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Search;
using Enneo.Core.Search.Language;
using Enneo.Core.Spam;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
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
        await mailbox.Store.Get<SpamDecisions>().MarkAsync([(await mailbox.TicketAsync("old mail")).Id], isSpam: true, Actor.Operator, "test", Cancelled);
        Assert.Equal(0, await retention.RunAsync(Cancelled)); // what is old became spam a moment ago: whoever was mistaken can take that back

        await mailbox.SyncAsync();
        Assert.Single(await dovecot.ListAsync(mailbox.User, Cancelled, "Trash"));
    }

    [Fact]
    public async Task WhatWentIsErasedAMonthLater_ButNotWhatSomebodyBroughtBack()
    {
        await using var mailbox = await SyncedMailbox.ConnectAsync(dovecot, "earlier");
        string[] subjects = ["forgotten spam", "rescued spam", "thrown away spam"];
        foreach (var subject in subjects)
        {
            await dovecot.ArriveAsync(mailbox, Wanted(subject, "a@elsewhere.example").With("X-Spam-Flag", "YES"));
        }

        await mailbox.SyncAsync();
        await AgeAsync(mailbox, subjects);
        var retention = mailbox.Store.Get<SpamRetention>();
        await mailbox.Store.Get<SpamSettingsEditing>().SaveAsync(new SpamSettings { KeptDays = 30 }, Actor.Operator, "test", Cancelled);
        Assert.Equal(3, await retention.RunAsync(Cancelled));
        await mailbox.SyncAsync();
        var filing = mailbox.Store.Get<TicketFiling>();
        var rescued = (await mailbox.TicketAsync("rescued spam")).Id;
        var thrown = (await mailbox.TicketAsync("thrown away spam")).Id;
        await MonthPassesAsync(mailbox);
        await filing.MoveAsync([rescued, thrown], FolderRole.Inbox, Actor.Operator, "test", Cancelled);
        await filing.MoveAsync([thrown], FolderRole.Trash, Actor.Operator, "test", Cancelled);

        Assert.Equal(0, await retention.RunAsync(Cancelled));
        await mailbox.SyncAsync();

        Assert.Equal(["INBOX"], await mailbox.PlacesAsync("rescued spam"));
        Assert.Single(await dovecot.ListAsync(mailbox.User, Cancelled, "Trash"));
        Assert.Equal(TicketPlace.Trash, (await mailbox.TicketAsync("thrown away spam")).Place);
        await using var db = await mailbox.Store.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancelled);
        Assert.Equal(["rescued spam", "thrown away spam"], await db.Tickets.Where(t => t.Subject.EndsWith("spam")).Select(t => t.Subject).Order().ToListAsync(Cancelled));
        Assert.False(await db.Sources.AnyAsync(s => !db.Messages.Any(m => m.SourceId == s.Id), Cancelled));
        Assert.Contains("\"messages\":[null,1]", (await db.Activity.SingleAsync(e => e.Kind == ActivityKind.SpamErased && e.IsAudited, Cancelled)).Changes, StringComparison.Ordinal);
        Assert.Empty((await mailbox.Store.Get<SearchQueries>().FindAsync(Reach.All, new(QueryReader.Read("forgotten", DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc)), Cancelled)).Hits);
    }

    [Fact]
    public async Task AMailboxInShadowModeKeepsAllOfIt()
    {
        await using var mailbox = await SyncedMailbox.ConnectAsync(dovecot, "earlier");
        foreach (var subject in new[] { "spam of before", "spam of since" })
        {
            await dovecot.ArriveAsync(mailbox, Wanted(subject, "a@elsewhere.example").With("X-Spam-Flag", "YES"));
        }

        await mailbox.SyncAsync();
        await AgeAsync(mailbox, "spam of before");
        var retention = mailbox.Store.Get<SpamRetention>();
        await mailbox.Store.Get<SpamSettingsEditing>().SaveAsync(new SpamSettings { KeptDays = 30 }, Actor.Operator, "test", Cancelled);
        Assert.Equal(1, await retention.RunAsync(Cancelled));
        await mailbox.SyncAsync();
        await MonthPassesAsync(mailbox);
        await AgeAsync(mailbox, "spam of since");
        await mailbox.Store.Get<WriterLane>().RunAsync((db, token) => db.Mailboxes.ExecuteUpdateAsync(set => set.SetProperty(m => m.IsShadow, true), token), Cancelled);

        Assert.Equal(0, await retention.RunAsync(Cancelled));

        await using var db = await mailbox.Store.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancelled);
        Assert.False(await db.ServerChanges.AnyAsync(Cancelled)); // nor does anything wait to be done when it goes live
        Assert.Equal(TicketPlace.Junk, (await mailbox.TicketAsync("spam of since")).Place);
    }

    private static Task MonthPassesAsync(SyncedMailbox mailbox) => mailbox.Store.Get<WriterLane>().RunAsync(
        (db, token) => db.Activity.Where(e => e.Kind == ActivityKind.MessageMoved)
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.At, TimeProvider.System.GetUtcNow() - SpamRetention.InTrash - TimeSpan.FromHours(1)), token),
        Cancelled);

    private static Task AgeAsync(SyncedMailbox mailbox, params IReadOnlyList<string> subjects) => mailbox.Store.Get<WriterLane>().RunAsync(
        async (db, token) =>
        {
            var longAgo = TimeProvider.System.GetUtcNow().AddDays(-40);
            await db.Messages.Where(m => subjects.Contains(m.Subject)).ExecuteUpdateAsync(set => set.SetProperty(m => m.ReceivedAt, longAgo), token);
            await db.Tickets.Where(t => subjects.Contains(t.Subject)).ExecuteUpdateAsync(set => set.SetProperty(t => t.LastMessageAt, longAgo), token);
            await db.Activity
                .Where(e => (e.Kind == ActivityKind.TicketCreated || e.Kind == ActivityKind.TicketSpamChanged) && db.Tickets.Any(t => t.Id == e.TicketId && subjects.Contains(t.Subject)))
                .ExecuteUpdateAsync(set => set.SetProperty(e => e.At, longAgo), token);
        },
        Cancelled);
}
