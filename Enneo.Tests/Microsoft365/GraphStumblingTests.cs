using Enneo.Core.Activity;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Storage;
using Enneo.Core.Sync;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Microsoft365;

/// <summary>Graph is busy or silent about one thing and answers about all else: the rest goes on, and what stands still is counted and told.</summary>
public sealed class GraphStumblingTests(Office365 microsoft) : IClassFixture<Office365>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(503)]
    [InlineData(0)]
    public async Task One_mail_that_Graph_does_not_give_in_time_holds_up_no_other_and_counts_against_itself_in_the_end(int status)
    {
        await using var reader = await GraphReader.ConnectAsync(microsoft);
        var stuck = reader.Mail.Deliver(GraphReader.Letter("Stuck"));
        reader.Mail.Deliver(GraphReader.Letter("Beside it"));
        reader.Mail.Deliver(GraphReader.Letter("Elsewhere"), "archive");
        reader.Server.Fail($"{stuck}/$value", status, "serviceNotAvailable", retryAfter: 1, lasts: true);

        await reader.SyncAsync();
        Assert.Equal(["Beside it", "Elsewhere"], (await reader.SubjectsAsync()).Order());
        Assert.Equal(0, (await reader.LedgerAsync()).Failed); // it may pass
        Assert.NotNull(await MessageAsync(reader));

        await LaterAsync(reader);
        Assert.Equal(0, (await reader.LedgerAsync()).Failed);
        await LaterAsync(reader);
        Assert.Equal(1, (await reader.LedgerAsync()).Failed);
        var listings = Listings();
        reader.Server.Faults.Clear();
        await reader.SyncAsync();

        Assert.Contains("Stuck", await reader.SubjectsAsync());
        Assert.Equal((0, 3, 0, listings), ((await reader.LedgerAsync()).Failed, (await reader.LedgerAsync()).OnServer, (await reader.LedgerAsync()).Difference, Listings()));
        Assert.Null(await MessageAsync(reader));

        int Listings() => reader.Server.Requests.Count(request => request.Contains("/messages/delta?$select", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_that_looks_twice_and_runs_that_follow_at_once_count_against_a_mail_as_one()
    {
        await using var reader = await GraphReader.ConnectAsync(microsoft, "Goes");
        reader.Server.Fail($"{reader.Mail.Deliver(GraphReader.Letter("Stuck"))}/$value", 0, "", lasts: true);
        reader.Mail.Delete(reader.Mail.BySubject("Goes").Id); // it may have gone into a folder that was looked into before
        var before = Looks();

        await reader.SyncAsync();
        Assert.Equal(2, Looks() - before);
        await reader.SyncAsync();
        await reader.SyncAsync();
        await LaterAsync(reader);
        Assert.Equal(0, (await reader.LedgerAsync()).Failed);

        await LaterAsync(reader);
        Assert.Equal(1, (await reader.LedgerAsync()).Failed);

        int Looks() => reader.Server.Requests.Count(request => request.StartsWith($"GET /graph/v1.0/users/{reader.Address}/mailFolders?", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_disk_of_ours_that_takes_nothing_counts_against_no_mail(bool isLarge)
    {
        await using var reader = await GraphReader.ConnectAsync(microsoft);
        reader.Mail.Deliver(isLarge ? GraphReader.LargeLetter("Comes") : GraphReader.Letter("Comes"));
        var directory = reader.Get<DataDirectory>();
        using (new FullFolder(isLarge ? directory.Transit : directory.Segments))
        {
            for (var run = 0; run < 4; run++)
            {
                await Assert.ThrowsAsync<StorageException>(() => LaterAsync(reader));
            }
        }

        Assert.Equal(0, (await reader.LedgerAsync()).Failed);
        await reader.SyncAsync();
        Assert.Equal(["Comes"], await reader.SubjectsAsync());
    }

    [Fact]
    public async Task A_mail_that_is_left_out_is_listed_with_its_cause_and_is_asked_for_again_when_an_admin_wants_that()
    {
        await using var reader = await GraphReader.ConnectAsync(microsoft);
        reader.Server.Fail($"{reader.Mail.Deliver(GraphReader.Letter("Broken"))}/$value", 500, "ErrorMimeContentConversionFailed", lasts: true);
        await reader.SyncAsync();
        var reports = reader.Get<MailboxReports>();
        var failed = Assert.Single(await reports.FailedAsync(reader.Id, Cancel));
        Assert.Contains("ErrorMimeContentConversionFailed", failed.Failure, StringComparison.Ordinal);
        Assert.Null(failed.MessageId);

        reader.Server.Faults.Clear();
        reader.Clock.Shift += TimeSpan.FromHours(2); // by itself it is asked for again once in a day then
        await reader.SyncAsync();
        Assert.Empty(await reader.SubjectsAsync());
        Assert.Equal(0, await reports.RetryFailedAsync(reader.Id, Cancel));
        Assert.True(await reader.ReadAsync(db => db.Activity.AnyAsync(a => a.Kind == ActivityKind.MailboxSyncRequested && a.MailboxId == reader.Id, Cancel))); // which wakes the job

        await reader.SyncAsync();
        Assert.Equal(["Broken"], await reader.SubjectsAsync());
        Assert.Empty(await reports.FailedAsync(reader.Id, Cancel));
    }

    [Fact]
    public async Task While_the_mailbox_itself_does_not_open_nothing_counts_against_a_mail()
    {
        await using var reader = await GraphReader.ConnectAsync(microsoft);
        reader.Mail.Deliver(GraphReader.Letter("One"));
        reader.Mail.Deliver(GraphReader.Letter("Two"));
        reader.Server.Fail("/$value", 0, "", lasts: true);
        reader.Server.Fail("/mailFolders/inbox", 0, "", lasts: true);
        for (var run = 0; run < 4; run++)
        {
            reader.Clock.Shift += TimeSpan.FromMinutes(1);
            Assert.Equal(ConnectionProblem.ServerUnavailable, (await Assert.ThrowsAsync<MailConnectionException>(reader.SyncAsync)).Problem);
        }

        Assert.Equal(0, (await reader.LedgerAsync()).Failed);
        reader.Server.Faults.Clear();
        await reader.SyncAsync();
        Assert.Equal(["One", "Two"], (await reader.SubjectsAsync()).Order());
    }

    [Fact]
    public async Task A_folder_that_Graph_does_not_list_in_time_holds_up_no_other()
    {
        await using var reader = await GraphReader.ConnectAsync(microsoft);
        reader.Mail.Deliver(GraphReader.Letter("Sent"), "sentitems", isRead: true);
        reader.Mail.Deliver(GraphReader.Letter("Filed"), "archive");
        reader.Server.Fail($"/mailFolders/{GraphMail.IdOf("sentitems")}/messages/delta", 0, "", lasts: true);

        await reader.SyncAsync();

        Assert.Equal(["Filed"], await reader.SubjectsAsync());
        Assert.Contains("Sent Items", await MessageAsync(reader), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_over_which_Graph_stumbles_does_not_stop_receiving_and_is_counted()
    {
        await using var reader = await GraphReader.ConnectAsync(microsoft, "Stuck", "Free");
        reader.Server.Fail($"PATCH /graph/v1.0/users/{reader.Address}/messages/{reader.Mail.BySubject("Stuck").Id}", 504, "UnknownError", retryAfter: 1, lasts: true);
        await reader.Get<ReadState>().MarkAsync([(await reader.MessageAsync("Stuck")).Id, (await reader.MessageAsync("Free")).Id], seen: true, await reader.PersonAsync(), "web", Cancel);
        reader.Mail.Deliver(GraphReader.Letter("New"));

        await reader.SyncAsync();

        Assert.Contains("New", await reader.SubjectsAsync());
        Assert.True(reader.Mail.BySubject("Free").IsRead);
        var waiting = Assert.Single(await reader.WaitingAsync());
        Assert.Equal((1, false), (waiting.Attempts, waiting.AwaitsPerson));
        Assert.NotNull(waiting.Refusal);
    }

    [Fact]
    public async Task A_mail_that_is_given_in_the_end_stands_as_failed_until_its_bytes_are_on_disk()
    {
        await using var reader = await GraphReader.ConnectAsync(microsoft);
        reader.Server.Fail($"{reader.Mail.Deliver(GraphReader.Letter("Broken"))}/$value", 500, "ErrorMimeContentConversionFailed", lasts: true);
        await reader.SyncAsync();
        reader.Server.Faults.Clear();
        await reader.ChangeAsync(db => db.Database.ExecuteSqlRawAsync("CREATE TRIGGER full BEFORE INSERT ON sources BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END", Cancel));

        await Assert.ThrowsAnyAsync<Exception>(reader.SyncAsync);
        Assert.Equal(1, (await reader.LedgerAsync()).Failed);

        await reader.ChangeAsync(db => db.Database.ExecuteSqlRawAsync("DROP TRIGGER full", Cancel));
        await reader.SyncAsync();
        Assert.Equal((0, 1), ((await reader.LedgerAsync()).Failed, (await reader.LedgerAsync()).OnServer));
        Assert.Equal(["Broken"], await reader.SubjectsAsync());
    }

    [Fact]
    public async Task A_void_state_is_known_by_its_code_too_and_a_list_that_is_forgotten_in_its_middle_is_no_folder_that_is_gone()
    {
        await using var reader = await GraphReader.ConnectAsync(microsoft);
        reader.Mail.Deliver(GraphReader.Letter("New"));
        reader.Server.Fail($"/mailFolders/{GraphMail.IdOf("inbox")}/messages/delta", 400, "syncStateNotFound");
        await reader.SyncAsync();
        Assert.Equal(["New"], await reader.SubjectsAsync());

        reader.Mail.AddBox("Projects");
        var projects = reader.Mail.Boxes(null).Single(box => box.Name == "Projects");
        reader.Server.Fail($"/mailFolders/{projects.Id}/messages/delta", 410, "SyncStateNotFound", lasts: true);
        await reader.SyncAsync();

        Assert.Contains(SyncText.GraphListingVoid, await MessageAsync(reader), StringComparison.Ordinal);
    }

    /// <summary>A look that is another try.</summary>
    private static Task LaterAsync(GraphReader reader)
    {
        reader.Clock.Shift += TimeSpan.FromMinutes(1);
        return reader.SyncAsync();
    }

    private static Task<string?> MessageAsync(GraphReader reader) => reader.ReadAsync(db => db.MailboxStatuses.Select(s => s.Message).SingleAsync(Cancel));
}
