using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Microsoft365;

/// <summary>A mailbox whose IMAP is switched off is read by Microsoft Graph, both ways: nothing is lost, doubled, or fetched twice.</summary>
public sealed class GraphReadingTests(Office365 microsoft) : IClassFixture<Office365>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_folders_are_read_with_their_purposes_and_a_second_look_fetches_nothing()
    {
        await using var reader = await GraphReader.NewAsync(microsoft);
        var projects = reader.Mail.AddBox("Projects", GraphMail.IdOf("inbox"));
        reader.Mail.AddBox("Either/Or", projects.Id);
        reader.Mail.Deliver(GraphReader.Letter("Offer"), isRead: true);
        reader.Mail.Flag(reader.Mail.Deliver(GraphReader.Letter("Roof"), projects.Id), isFlagged: true);
        reader.Mail.Deliver(GraphReader.Letter("Lottery"), "junkemail");
        await reader.LogInAsync();
        var before = reader.Server.Fetched;

        await reader.SyncAsync();
        await reader.SyncAsync();

        Assert.Equal(3, reader.Server.Fetched - before);
        Assert.Equal(
            [("Archive", FolderRole.Archive), ("Deleted Items", FolderRole.Trash), ("Drafts", FolderRole.Drafts), ("INBOX", FolderRole.Inbox), ("INBOX/Projects", FolderRole.None), ("INBOX/Projects/Either∕Or", FolderRole.None), ("Junk Email", FolderRole.Junk), ("Sent Items", FolderRole.Sent)],
            (await reader.ReadAsync(db => db.Folders.OrderBy(f => f.FullName).Select(f => new { f.FullName, f.Role }).ToListAsync(Cancel))).Select(f => (f.FullName, f.Role)));
        Assert.Equal(["INBOX/Projects"], await reader.PlacesAsync("Roof"));
        Assert.Equal((true, false, false, true), ((await reader.MessageAsync("Offer")).IsSeen, (await reader.MessageAsync("Offer")).IsFlagged, (await reader.MessageAsync("Roof")).IsSeen, (await reader.MessageAsync("Roof")).IsFlagged));
        Assert.Equal((3, 0), ((await reader.LedgerAsync()).OnServer, (await reader.LedgerAsync()).Difference));
        Assert.Equal((MailboxState.Ok, SyncMode.Poll), await reader.ReadAsync(async db => (await db.MailboxStatuses.SingleAsync(Cancel)) is var s ? (s.State, s.Mode) : default));
    }

    [Fact]
    public async Task What_is_done_in_Outlook_shows_here_and_is_not_fetched_again()
    {
        await using var reader = await GraphReader.ConnectAsync(microsoft, "Read", "Starred", "Archived", "Deleted");
        var before = reader.Server.Fetched;
        reader.Mail.Mark(reader.Mail.BySubject("Read").Id, isRead: true);
        reader.Mail.Flag(reader.Mail.BySubject("Starred").Id, isFlagged: true);
        reader.Mail.Move(reader.Mail.BySubject("Archived").Id, "archive");
        reader.Mail.Delete(reader.Mail.BySubject("Deleted").Id);
        reader.Mail.Deliver(GraphReader.Letter("New"));

        await reader.SyncAsync();

        Assert.Equal(1, reader.Server.Fetched - before);
        Assert.True((await reader.MessageAsync("Read")).IsSeen);
        Assert.True((await reader.MessageAsync("Starred")).IsFlagged);
        Assert.Equal(["Archive"], await reader.PlacesAsync("Archived"));
        Assert.False((await reader.MessageAsync("Deleted")).OnServer);
        Assert.Equal(["INBOX"], await reader.PlacesAsync("New"));
        Assert.Equal((4, 0), ((await reader.LedgerAsync()).OnServer, (await reader.LedgerAsync()).Difference));

        reader.Mail.Move(reader.Mail.BySubject("Archived").Id, "inbox");
        await reader.SyncAsync();

        Assert.Equal(["INBOX"], await reader.PlacesAsync("Archived"));
        Assert.Equal(1, reader.Server.Fetched - before);
    }

    [Fact]
    public async Task What_is_done_here_is_carried_to_Exchange_and_shows_once()
    {
        await using var reader = await GraphReader.ConnectAsync(microsoft, "Read", "Starred", "Archived", "Junk", "Thrown away");
        var person = await reader.PersonAsync();
        var before = reader.Server.Fetched;
        await reader.Get<ReadState>().MarkAsync([(await reader.MessageAsync("Read")).Id], seen: true, person, "web", Cancel);
        await reader.Get<MessageFiling>().FlagAsync([(await reader.MessageAsync("Starred")).Id], flagged: true, person, "web", Cancel);
        await reader.MoveAsync("Archived", FolderRole.Archive);
        await reader.MoveAsync("Junk", FolderRole.Junk);
        await reader.MoveAsync("Thrown away", FolderRole.Trash);

        await reader.SyncAsync();
        await reader.SyncAsync();

        Assert.Empty(await reader.WaitingAsync());
        Assert.True(reader.Mail.BySubject("Read").IsRead);
        Assert.True(reader.Mail.BySubject("Starred").IsFlagged);
        Assert.Equal(
            [GraphMail.IdOf("archive"), GraphMail.IdOf("junkemail"), GraphMail.IdOf("deleteditems")],
            new[] { "Archived", "Junk", "Thrown away" }.Select(subject => reader.Mail.BySubject(subject).FolderId));
        Assert.Equal(["Archive"], await reader.PlacesAsync("Archived"));
        Assert.Equal((5, 0, 0), ((await reader.LedgerAsync()).OnServer, (await reader.LedgerAsync()).Difference, reader.Server.Fetched - before));

        await reader.Get<MessageFiling>().EraseAsync([(await reader.MessageAsync("Thrown away")).Id], person, "web", Cancel);
        await reader.MoveAsync("Archived", FolderRole.Inbox);
        await reader.SyncAsync();

        Assert.DoesNotContain(reader.Mail.Letters(), letter => letter.Load().Subject == "Thrown away");
        Assert.DoesNotContain("Thrown away", await reader.SubjectsAsync());
        Assert.Equal(["INBOX"], await reader.PlacesAsync("Archived"));
        Assert.Equal(GraphMail.IdOf("inbox"), reader.Mail.BySubject("Archived").FolderId);
        Assert.Equal((4, 0), ((await reader.LedgerAsync()).OnServer, (await reader.LedgerAsync()).Difference));
    }

    [Fact]
    public async Task Pages_throttling_tokens_that_end_and_mail_that_vanishes_meanwhile_are_taken_as_they_come()
    {
        await using var reader = await GraphReader.NewAsync(microsoft);
        reader.Server.PageSize = 2;
        foreach (var subject in (string[])["One", "Two", "Three", "Four", "Five"])
        {
            reader.Mail.Deliver(GraphReader.Letter(subject));
        }

        await reader.LogInAsync();
        reader.Server.Rejections = 1;
        reader.Server.Fail("GET /graph/v1.0/users/" + reader.Address + "/mailFolders", 429, "ApplicationThrottled", retryAfter: 1);
        reader.Server.Fail($"{reader.Mail.BySubject("Two").Id}/$value", 404, "ErrorItemNotFound");

        await reader.SyncAsync();

        Assert.Equal(["Five", "Four", "One", "Three"], (await reader.SubjectsAsync()).Order());
        Assert.Equal(1, (await reader.LedgerAsync()).GoneBeforeFetch);

        reader.Mail.Forget();
        await reader.SyncAsync();
        Assert.Contains("Two", await reader.SubjectsAsync()); // it was there all the same
    }

    [Fact]
    public async Task A_state_that_Graph_has_forgotten_is_listed_anew_and_compared_with_what_is_here()
    {
        await using var reader = await GraphReader.ConnectAsync(microsoft, "Stays", "Goes", "Is read");
        var before = reader.Server.Fetched;
        reader.Mail.Delete(reader.Mail.BySubject("Goes").Id);
        reader.Mail.Mark(reader.Mail.BySubject("Is read").Id, isRead: true);
        reader.Mail.Deliver(GraphReader.Letter("Comes"));
        reader.Mail.Forget();

        await reader.SyncAsync();

        Assert.Equal((1, true, false), (reader.Server.Fetched - before, (await reader.MessageAsync("Is read")).IsSeen, (await reader.MessageAsync("Goes")).OnServer));
        Assert.Equal((3, 0), ((await reader.LedgerAsync()).OnServer, (await reader.LedgerAsync()).Difference));
    }

    [Fact]
    public async Task A_mail_that_Graph_does_not_give_holds_up_no_other_and_is_asked_for_again()
    {
        await using var reader = await GraphReader.ConnectAsync(microsoft);
        var broken = reader.Mail.Deliver(GraphReader.Letter("Broken"));
        reader.Mail.Deliver(GraphReader.Letter("Whole"));
        reader.Server.Fail($"{broken}/$value", 500, "ErrorMimeContentConversionFailed", lasts: true);
        var before = Listings();

        await reader.SyncAsync();
        await reader.SyncAsync();
        Assert.Equal(["Whole"], await reader.SubjectsAsync());
        Assert.Equal((1, before), ((await reader.LedgerAsync()).Failed, Listings()));
        Assert.Contains("ErrorMimeContentConversionFailed", (await reader.ReadAsync(db => db.MailboxStatuses.Select(s => s.Message).SingleAsync(Cancel))), StringComparison.Ordinal);

        reader.Server.Faults.Clear();
        await reader.SyncAsync();
        Assert.Equal(["Whole", "Broken"], await reader.SubjectsAsync());
        Assert.Equal((0, 2, 0), ((await reader.LedgerAsync()).Failed, (await reader.LedgerAsync()).OnServer, (await reader.LedgerAsync()).Difference));
        Assert.Null(await reader.ReadAsync(db => db.MailboxStatuses.Select(s => s.Message).SingleAsync(Cancel)));

        int Listings() => reader.Server.Requests.Count(request => request.Contains("/messages/delta?$select", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_somebody_took_out_of_the_trash_meanwhile_is_not_erased()
    {
        await using var reader = await GraphReader.ConnectAsync(microsoft, "Rescued");
        await reader.MoveAsync("Rescued", FolderRole.Trash);
        await reader.SyncAsync();
        await reader.Get<MessageFiling>().EraseAsync([(await reader.MessageAsync("Rescued")).Id], await reader.PersonAsync(), "web", Cancel);
        reader.Mail.Move(reader.Mail.BySubject("Rescued").Id, "inbox");

        await reader.SyncAsync();

        Assert.Equal(GraphMail.IdOf("inbox"), reader.Mail.BySubject("Rescued").FolderId);
        Assert.Equal(["INBOX"], await reader.PlacesAsync("Rescued"));
        Assert.Empty(await reader.WaitingAsync());
    }

    [Fact]
    public async Task A_mailbox_that_does_not_open_for_once_loses_no_change_and_a_folder_that_does_not_no_draft()
    {
        await using var reader = await GraphReader.NewAsync(microsoft);
        reader.Mail.Deliver(GraphReader.Letter("Kept"));
        reader.Mail.Deliver(GraphReader.Letter("Dear"), "drafts", isDraft: true);
        await reader.LogInAsync();
        await reader.SyncAsync();
        await reader.Get<ReadState>().MarkAsync([(await reader.MessageAsync("Kept")).Id], seen: true, await reader.PersonAsync(), "web", Cancel);
        reader.Server.Fail("/mailFolders/inbox", 404, "ErrorItemNotFound");
        await Assert.ThrowsAsync<Core.Connections.MailConnectionException>(reader.SyncAsync);
        Assert.Single(await reader.WaitingAsync());

        await reader.ChangeAsync(db => db.Folders.Where(f => f.Role == FolderRole.Drafts).ExecuteUpdateAsync(set => set.SetProperty(f => f.UidValidity, 1u).SetProperty(f => f.HistoryComplete, false), Cancel));
        reader.Server.Fail($"/mailFolders/{GraphMail.IdOf("drafts")}/messages/delta", 400, "ErrorInternalServerTransientError");
        await reader.SyncAsync();
        Assert.True(reader.Mail.BySubject("Kept").IsRead);
        Assert.Contains("Dear", await reader.SubjectsAsync());

        await reader.SyncAsync();
        Assert.Equal(["Drafts"], await reader.PlacesAsync("Dear"));
        Assert.Equal((2, 0), ((await reader.LedgerAsync()).OnServer, (await reader.LedgerAsync()).Difference));
    }

    [Fact]
    public async Task What_Graph_refuses_to_change_is_said_and_tried_again_without_the_others()
    {
        await using var reader = await GraphReader.ConnectAsync(microsoft, "Held", "Free");
        reader.Server.Fail($"PATCH /graph/v1.0/users/{reader.Address}/messages/{reader.Mail.BySubject("Held").Id}", 403, "ErrorAccessDenied");
        await reader.Get<ReadState>().MarkAsync([(await reader.MessageAsync("Held")).Id, (await reader.MessageAsync("Free")).Id], seen: true, await reader.PersonAsync(), "web", Cancel);

        await reader.SyncAsync();

        Assert.Equal((false, true), (reader.Mail.BySubject("Held").IsRead, reader.Mail.BySubject("Free").IsRead));
        Assert.Contains(Core.OAuth.Causes.Of("ErrorAccessDenied").Sentence, Assert.Single(await reader.WaitingAsync()).Refusal, StringComparison.Ordinal);
        Assert.True((await reader.MessageAsync("Held")).IsSeen); // what was changed here is newer

        await reader.ChangeAsync(db => db.ServerChanges.ExecuteUpdateAsync(set => set.SetProperty(c => c.NextAttemptAt, (DateTimeOffset?)null), Cancel));
        await reader.SyncAsync();
        Assert.Empty(await reader.WaitingAsync());
        Assert.True(reader.Mail.BySubject("Held").IsRead);
    }

    [Fact]
    public async Task A_draft_that_is_written_on_is_shown_as_it_is_now_and_what_is_sent_in_the_end_is_another_mail()
    {
        await using var reader = await GraphReader.NewAsync(microsoft);
        var draft = reader.Mail.Deliver(GraphReader.Letter("Dear"), "drafts", isDraft: true);
        await reader.LogInAsync();
        await reader.SyncAsync();
        Assert.Equal(["Dear"], await reader.SubjectsAsync());

        reader.Mail.Rewrite(draft, Bytes("Dear Anna"), isDraft: true);
        reader.Mail.AddBox("Counted"); // the folder itself counts as before
        await reader.ChangeAsync(db => db.Folders.ExecuteUpdateAsync(set => set.SetProperty(f => f.LookedAt, (DateTimeOffset?)null), Cancel));
        await reader.SyncAsync();
        Assert.Equal(["Dear Anna"], await reader.SubjectsAsync());

        reader.Mail.Rewrite(draft, Bytes("Dear Anna, goodbye"), isDraft: false);
        reader.Mail.Move(draft, "sentitems");
        await reader.SyncAsync();
        Assert.Equal(["Dear Anna, goodbye"], await reader.SubjectsAsync());
        Assert.Equal(["Sent Items"], await reader.PlacesAsync("Dear Anna, goodbye"));
    }

    [Fact]
    public async Task A_renamed_folder_keeps_its_mail_and_a_removed_one_is_no_ghost()
    {
        await using var reader = await GraphReader.NewAsync(microsoft);
        var (kept, removed, leftOut) = (reader.Mail.AddBox("Kept"), reader.Mail.AddBox("Removed"), reader.Mail.AddBox("Left out"));
        reader.Mail.Deliver(GraphReader.Letter("Is there"), leftOut.Id);
        reader.Mail.Deliver(GraphReader.Letter("Stays"), kept.Id);
        reader.Mail.Deliver(GraphReader.Letter("Goes"), removed.Id);
        await reader.LogInAsync();
        await reader.SyncAsync();
        var before = reader.Server.Fetched;

        reader.Mail.Rename(kept, "Better");
        reader.Mail.RemoveBox(removed);
        reader.Mail.Unlisted.Add(leftOut.Id);
        await reader.SyncAsync();

        Assert.Equal(["Better"], await reader.PlacesAsync("Stays"));
        Assert.Equal((0, false), (reader.Server.Fetched - before, (await reader.MessageAsync("Goes")).OnServer));
        Assert.Equal(["Left out"], await reader.PlacesAsync("Is there"));
        Assert.Equal((2, 0), ((await reader.LedgerAsync()).OnServer, (await reader.LedgerAsync()).Difference));
    }

    [Fact]
    public async Task A_large_mail_is_taken_whole()
    {
        await using var reader = await GraphReader.ConnectAsync(microsoft);
        var id = reader.Mail.Deliver(GraphReader.LargeLetter("Plans", 9 << 20));

        await reader.SyncAsync();

        Assert.Equal(reader.Mail.Find(id)!.Mime.Length, (await reader.MessageAsync("Plans")).Size);
        Assert.Equal(LedgerOutcome.Imported, await reader.ReadAsync(db => db.Ledger.Select(e => e.Outcome).SingleAsync(Cancel)));
    }

    private static byte[] Bytes(string subject)
    {
        using var letter = GraphReader.Letter(subject);
        return letter.ToBytes();
    }
}
