using Enneo.Core.Activity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Microsoft365;

/// <summary>From IMAP to Graph in the middle of things: what lies there is shown, what does not is not, and nothing is dropped in silence.</summary>
public sealed class RoadChangeTests(Office365 microsoft) : IClassFixture<Office365>
{
    private static readonly DateTimeOffset s_received = new(2026, 11, 27, 8, 30, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_that_Graph_never_gives_keeps_no_ghosts_and_may_be_one_that_is_here_already()
    {
        await using var reader = await GraphReader.NewAsync(microsoft);
        await DeliverAsync(reader, GraphReader.Letter("Ghost"), s_received);
        using var unnamed = GraphReader.Letter("Unnamed");
        unnamed.Headers.Remove(HeaderId.MessageId);
        await DeliverAsync(reader, unnamed, s_received.AddHours(1));
        await reader.LogInAsync(byGraph: false);
        await reader.SyncAsync();
        reader.Server.Fail($"{reader.Mail.Deliver(unnamed, at: s_received.AddHours(1))}/$value", 500, "ErrorMimeContentConversionFailed", lasts: true);

        await reader.ChooseAsync(byGraph: true);
        await reader.SyncAsync();

        Assert.False((await reader.MessageAsync("Ghost")).OnServer);
        Assert.Equal(["INBOX"], await reader.PlacesAsync("Unnamed"));
        Assert.True((await reader.MessageAsync("Unnamed")).OnServer);
    }

    [Fact]
    public async Task A_folder_that_Graph_hides_keeps_its_mail_and_one_that_it_has_nowhere_does_not()
    {
        await using var reader = await GraphReader.NewAsync(microsoft);
        await DeliverAsync(reader, GraphReader.Letter("Deep"), s_received, "Hidden");
        await DeliverAsync(reader, GraphReader.Letter("Lost"), s_received, "Removed");
        reader.Mail.Unlisted.Add(reader.Mail.AddBox("Hidden").Id);
        await reader.LogInAsync(byGraph: false);
        await reader.SyncAsync();

        await reader.ChooseAsync(byGraph: true);
        await reader.SyncAsync();
        await reader.SyncAsync();

        Assert.Equal(["Hidden"], await reader.PlacesAsync("Deep"));
        Assert.True((await reader.MessageAsync("Deep")).OnServer);
        Assert.False((await reader.MessageAsync("Lost")).OnServer);
    }

    [Fact]
    public async Task What_is_moved_twice_into_a_folder_that_is_not_synced_is_found_there_by_later_changes()
    {
        await using var reader = await GraphReader.ConnectAsync(microsoft, "Filed");
        await LeaveOutAsync(reader, "Archive");
        foreach (var role in new[] { FolderRole.Archive, FolderRole.Inbox, FolderRole.Archive })
        {
            await reader.MoveAsync("Filed", role);
            await reader.SyncAsync();
        }

        await MarkAsync(reader, "Filed");
        await reader.SyncAsync();

        Assert.True(reader.Mail.BySubject("Filed").IsRead);
        Assert.Empty(await reader.WaitingAsync());
        Assert.Equal(["Archive"], await reader.PlacesAsync("Filed"));
        Assert.Equal(GraphMail.IdOf("archive"), reader.Mail.BySubject("Filed").FolderId);
        Assert.Equal(0, (await reader.LedgerAsync()).Difference);
    }

    [Fact]
    public async Task A_change_to_mail_of_a_folder_that_is_not_synced_is_left_to_a_person_where_the_new_road_does_not_know_it()
    {
        await using var reader = await GraphReader.NewAsync(microsoft);
        using var kept = GraphReader.Letter("Kept");
        await DeliverAsync(reader, kept, s_received, "Archive");
        reader.Mail.Deliver(kept, "archive", s_received);
        await reader.LogInAsync(byGraph: false);
        await reader.SyncAsync();
        await LeaveOutAsync(reader, "Archive");
        await reader.ChooseAsync(byGraph: true);
        await MarkAsync(reader, "Kept");
        for (var attempt = 0; attempt < 6; attempt++)
        {
            await reader.ChangeAsync(db => db.ServerChanges.ExecuteUpdateAsync(set => set.SetProperty(c => c.NextAttemptAt, (DateTimeOffset?)null), Cancel));
            await reader.SyncAsync();
        }

        var waiting = Assert.Single(await reader.WaitingAsync());
        Assert.True(waiting.AwaitsPerson);
        Assert.All(["Archive", SyncText.ChangeLost], words => Assert.Contains(words, waiting.Refusal, StringComparison.Ordinal));
        Assert.Equal(1, await reader.ReadAsync(db => db.Activity.CountAsync(a => a.Kind == ActivityKind.ServerChangeRefused, Cancel)));
        Assert.True((await reader.MessageAsync("Kept")).IsSeen);
    }

    private Task DeliverAsync(GraphReader reader, MimeMessage letter, DateTimeOffset at, string folder = "INBOX") =>
        microsoft.Dovecot.DeliverAsync(reader.Address, letter, Cancel, folder, internalDate: at);

    /// <summary>As if an admin had said so.</summary>
    private static Task LeaveOutAsync(GraphReader reader, string folder) => reader.ChangeAsync(db => db.Folders.Where(f => f.FullName == folder)
        .ExecuteUpdateAsync(set => set.SetProperty(f => f.IsSynced, false).SetProperty(f => f.SyncIsChosen, true), Cancel));

    private static async Task MarkAsync(GraphReader reader, string subject) =>
        await reader.Get<ReadState>().MarkAsync([(await reader.MessageAsync(subject)).Id], seen: true, await reader.PersonAsync(), "web", Cancel);
}
