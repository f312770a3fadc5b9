using Enneo.Core.Activity;
using Enneo.Core.Connections;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;
using Enneo.Core.Tickets;
using Enneo.Tests.Sending;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Microsoft365;

/// <summary>What Graph does now and then, and a mailbox that is read by it must bear: lists that lag behind, mails of nothing, names it does not know, hours in which it wants to be left alone.</summary>
public sealed class GraphTroubleTests(Office365 microsoft) : IClassFixture<Office365>
{
    private static readonly DateTimeOffset s_received = new(2026, 11, 27, 8, 30, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(404, "ErrorItemNotFound")]
    [InlineData(403, "ErrorAccessDenied")]
    public async Task What_was_erased_and_is_listed_all_the_same_stays_away_until_it_is_there_again(int status, string code)
    {
        await using var reader = await GraphReader.ConnectAsync(microsoft, "Erased", "Stays");
        await reader.MoveAsync("Erased", FolderRole.Trash);
        await reader.SyncAsync();
        var letter = reader.Mail.BySubject("Erased");
        await reader.Get<MessageFiling>().EraseAsync([(await reader.MessageAsync("Erased")).Id], await reader.PersonAsync(), "web", Cancel);
        await reader.SyncAsync();
        Assert.Equal(["Stays"], await reader.SubjectsAsync());
        var before = reader.Server.Fetched;

        reader.Mail.Restore(letter); // a list that lags behind
        reader.Mail.Deliver(GraphReader.Letter("Comes"));
        reader.Server.Fail($"GET /graph/v1.0/users/{reader.Address}/messages/{letter.Id}", status, code, lasts: true);
        await reader.SyncAsync();
        Assert.Equal((1, 0), (reader.Server.Fetched - before, (await reader.LedgerAsync()).Difference));
        Assert.Equal(["Stays", "Comes"], await reader.SubjectsAsync());

        reader.Server.Faults.Clear(); // somebody put it back
        reader.Mail.Forget();
        await reader.ChangeAsync(db => db.Folders.ExecuteUpdateAsync(set => set.SetProperty(f => f.LookedAt, (DateTimeOffset?)null), Cancel)); // the folder itself counts as before
        await reader.SyncAsync();
        Assert.Equal(["Stays", "Comes", "Erased"], await reader.SubjectsAsync());
        Assert.Equal((3, 0), ((await reader.LedgerAsync()).OnServer, (await reader.LedgerAsync()).Difference));
    }

    [Fact]
    public async Task Two_mails_with_one_Message_ID_are_told_apart_by_their_time_when_the_road_changes()
    {
        await using var reader = await GraphReader.NewAsync(microsoft);
        await LieAsync(reader, "Earlier", s_received);
        await LieAsync(reader, "Later", s_received.AddMinutes(10));
        await reader.LogInAsync(byGraph: false);
        await reader.SyncAsync();
        reader.Mail.Mark(reader.Mail.BySubject("Later").Id, isRead: true);
        var before = reader.Server.Fetched;

        await reader.ChooseAsync(byGraph: true);
        await reader.SyncAsync();

        Assert.Equal((0, 2, 0), (reader.Server.Fetched - before, (await reader.LedgerAsync()).OnServer, (await reader.LedgerAsync()).Difference));
        Assert.Equal((false, true), ((await reader.MessageAsync("Earlier")).IsSeen, (await reader.MessageAsync("Later")).IsSeen));
    }

    [Fact]
    public async Task A_change_of_road_that_breaks_off_is_taken_up_again_and_fetches_nothing_twice()
    {
        await using var reader = await GraphReader.NewAsync(microsoft);
        await LieAsync(reader, "Here already", s_received);
        await reader.LogInAsync(byGraph: false);
        await reader.SyncAsync();
        Assert.True(await IsCompleteAsync());
        var before = reader.Server.Fetched;

        await reader.ChooseAsync(byGraph: true);
        reader.Server.Fail($"/mailFolders/{GraphMail.IdOf("inbox")}/messages/delta", 400, "ErrorInternalServerTransientError");
        await Assert.ThrowsAsync<MailConnectionException>(reader.SyncAsync);
        Assert.False(await IsCompleteAsync()); // else what is listed next would be taken for news
        await reader.SyncAsync();

        Assert.True(await IsCompleteAsync());
        Assert.Equal(["Here already"], await reader.SubjectsAsync());
        Assert.Equal((0, 1, 0), (reader.Server.Fetched - before, (await reader.LedgerAsync()).OnServer, (await reader.LedgerAsync()).Difference));

        Task<bool> IsCompleteAsync() => reader.ReadAsync(db => db.Folders.Where(f => f.Role == FolderRole.Inbox).Select(f => f.HistoryComplete).SingleAsync(Cancel));
    }

    [Fact]
    public async Task A_folder_that_took_the_name_of_another_is_listed_from_the_start()
    {
        await using var reader = await GraphReader.NewAsync(microsoft);
        var first = reader.Mail.AddBox("Projects");
        reader.Mail.Deliver(GraphReader.Letter("Of the first"), first.Id);
        await reader.LogInAsync();
        await reader.SyncAsync();

        reader.Mail.RemoveBox(first);
        reader.Mail.Deliver(GraphReader.Letter("Of the second"), reader.Mail.AddBox("Projects").Id);
        await reader.SyncAsync();

        Assert.Equal(["Projects"], await reader.PlacesAsync("Of the second"));
        Assert.False((await reader.MessageAsync("Of the first")).OnServer);
        Assert.Equal((1, 0), ((await reader.LedgerAsync()).OnServer, (await reader.LedgerAsync()).Difference));
    }

    [Fact]
    public async Task A_mail_of_nothing_is_no_mail_and_is_asked_for_again()
    {
        await using var reader = await GraphReader.ConnectAsync(microsoft);
        var empty = reader.Mail.Deliver(GraphReader.Letter("Not yet"));
        reader.Mail.Deliver(GraphReader.Letter("Whole"));
        reader.Server.Empty.Add(empty);

        await reader.SyncAsync();
        Assert.Equal(["Whole"], await reader.SubjectsAsync());
        Assert.Equal(1, (await reader.LedgerAsync()).Failed);
        Assert.Contains(Microsoft365Text.GraphEmpty, await reader.ReadAsync(db => db.MailboxStatuses.Select(s => s.Message).SingleAsync(Cancel)), StringComparison.Ordinal);

        reader.Server.Empty.Remove(empty);
        await reader.SyncAsync();
        Assert.Equal(["Whole", "Not yet"], await reader.SubjectsAsync());
        Assert.Equal((0, 2, 0), ((await reader.LedgerAsync()).Failed, (await reader.LedgerAsync()).OnServer, (await reader.LedgerAsync()).Difference));
    }

    [Theory]
    [InlineData(EntraServer.Tenant)]
    [InlineData(ConnectedAccount.PersonalTenant)]
    public async Task A_mailbox_that_is_an_alias_or_private_is_read_by_the_name_that_Graph_knows(string tenant)
    {
        await using var reader = await GraphReader.NewAsync(microsoft);
        var isPrivate = tenant == ConnectedAccount.PersonalTenant;
        var person = $"{Guid.NewGuid():N}@signs-in.example";
        microsoft.Entra.Add(new EntraPerson(person, Guid.Parse("00000000-0000-0000-0a1b-2c3d4e5f6072")) { Tenant = tenant, MailAddress = isPrivate ? reader.Address : person, Aliases = isPrivate ? [] : [reader.Address] });
        reader.Server.Mailboxes[person] = reader.Mail;
        reader.Server.Mailboxes.TryRemove(reader.Address, out _);
        reader.Mail.Deliver(GraphReader.Letter("Reaches them"));
        microsoft.Entra.IsMultiTenant = isPrivate;
        try
        {
            Assert.Empty(await reader.Get<Microsoft365SettingsEditing>().SaveAsync(microsoft.Registration with { Tenant = isPrivate ? "common" : EntraServer.Tenant }, Actor.Operator, "test", Cancel));
            await reader.LogInAsync(person);

            await reader.SyncAsync();
            await reader.Get<ReadState>().MarkAsync([(await reader.MessageAsync("Reaches them")).Id], seen: true, await reader.PersonAsync(), "web", Cancel);
            await reader.SyncAsync();

            Assert.True(reader.Mail.BySubject("Reaches them").IsRead);
        }
        finally
        {
            microsoft.Entra.IsMultiTenant = false;
            reader.Server.Mailboxes.TryRemove(person, out _);
        }
    }

    [Fact]
    public async Task For_as_long_as_Graph_wants_to_be_left_alone_it_is_whichever_starts_lie_between()
    {
        var address = microsoft.Dovecot.NewUser();
        var server = microsoft.Entra.Graph.Mail;
        server.Add(address).Deliver(GraphReader.Letter("Waits"));
        await using var office = await Office.OpenAsync(async opened =>
        {
            var input = await opened.ConnectAsync(microsoft, microsoft.Registration, address, Cancel);
            return input with { Data = input.Data with { ReceivesByGraph = true } };
        });
        server.Fail($"/users/{address}/mailFolders", 429, "ApplicationThrottled", retryAfter: 600);
        await office.SyncAsync(Cancel);
        var asked = Asked();

        await office.RestartAsync();
        office.Clock.Advance(TimeSpan.FromMinutes(9));
        await office.SyncAsync(Cancel);
        Assert.Equal(asked, Asked());
        Assert.Contains(Causes.Of(Causes.GraphThrottled).Sentence, await office.ReadAsync(db => db.MailboxStatuses.Select(s => s.Message).SingleAsync(Cancel)), StringComparison.Ordinal);

        office.Clock.Advance(TimeSpan.FromMinutes(2));
        await office.SyncAsync(Cancel);
        Assert.True(await office.ReadAsync(db => db.Messages.AnyAsync(m => m.Subject == "Waits", Cancel)));

        int Asked() => server.Requests.Count(request => request.Contains(address, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The same mail at both, as Exchange writes it, under an id that another one has too.</summary>
    private async Task LieAsync(GraphReader reader, string subject, DateTimeOffset at)
    {
        using var letter = GraphReader.Letter(subject);
        letter.MessageId = "always-the-same@customer.example";
        await microsoft.Dovecot.DeliverAsync(reader.Address, letter, Cancel, internalDate: at);
        letter.Headers.Add("X-MS-Exchange-Organization-AuthSource", "by Graph alone");
        reader.Mail.Deliver(letter, at: at);
    }
}
