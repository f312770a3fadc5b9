using System.Globalization;
using Enneo.Core.Connections;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;
using Enneo.Core.Sending;
using Enneo.Core.Sync;
using Enneo.Tests.Sending;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Microsoft365;

/// <summary>By which road a mailbox of Microsoft 365 is read, what that takes, and what a change of road leaves as it is.</summary>
public sealed class ReceivingRoadTests(Office365 microsoft) : IClassFixture<Office365>
{
    private static readonly DateTimeOffset s_received = new(2026, 11, 27, 8, 30, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_of_road_doubles_nothing_and_fetches_nothing_twice_although_the_bytes_differ()
    {
        await using var reader = await GraphReader.NewAsync(microsoft);
        await LieAsync(reader, "First");
        await LieAsync(reader, "Second");
        await reader.LogInAsync(byGraph: false);
        await reader.SyncAsync();
        var before = reader.Server.Fetched;

        await reader.ChooseAsync(byGraph: true);
        await reader.SyncAsync();
        Assert.Equal((0, 2, 0), (reader.Server.Fetched - before, (await reader.LedgerAsync()).OnServer, (await reader.LedgerAsync()).Difference));
        reader.Mail.Mark(reader.Mail.BySubject("First").Id, isRead: true);
        await LieAsync(reader, "Third");
        await reader.SyncAsync();
        Assert.Equal((1, true), (reader.Server.Fetched - before, (await reader.MessageAsync("First")).IsSeen));

        await reader.ChooseAsync(byGraph: false);
        await reader.SyncAsync();
        await reader.ChooseAsync(byGraph: true);
        await reader.SyncAsync();

        Assert.Equal(["First", "Second", "Third"], (await reader.SubjectsAsync()).Order());
        Assert.Equal(["INBOX"], await reader.PlacesAsync("Third"));
        Assert.Equal((1, 3, 0), (reader.Server.Fetched - before, (await reader.LedgerAsync()).OnServer, (await reader.LedgerAsync()).Difference));
    }

    [Fact]
    public async Task What_waits_when_the_road_changes_goes_by_the_new_one()
    {
        await using var reader = await GraphReader.NewAsync(microsoft);
        await LieAsync(reader, "Waits");
        await reader.LogInAsync(byGraph: false);
        await reader.SyncAsync();
        await reader.Get<Core.Tickets.ReadState>().MarkAsync([(await reader.MessageAsync("Waits")).Id], seen: true, await reader.PersonAsync(), "web", Cancel);

        await reader.ChooseAsync(byGraph: true);
        await reader.SyncAsync();
        Assert.True((await reader.MessageAsync("Waits")).IsSeen);
        await reader.ChangeAsync(db => db.ServerChanges.ExecuteUpdateAsync(set => set.SetProperty(c => c.NextAttemptAt, (DateTimeOffset?)null), Cancel));
        await reader.SyncAsync();

        Assert.True(reader.Mail.BySubject("Waits").IsRead);
        Assert.Empty(await reader.WaitingAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_shared_mailbox_is_read_with_the_permission_for_shared_ones(bool isAgreed)
    {
        await using var reader = await GraphReader.NewAsync(microsoft);
        reader.Mail.Deliver(GraphReader.Letter("For the team"));
        var person = microsoft.Dovecot.NewUser();
        await reader.LogInAsync(person, isShared: isAgreed, isOther: true);

        if (isAgreed)
        {
            await reader.SyncAsync();
            Assert.Equal(["For the team"], await reader.SubjectsAsync());
            return;
        }

        var refused = await Assert.ThrowsAsync<MailConnectionException>(reader.SyncAsync);
        Assert.Equal((ConnectionProblem.SignInRefused, Causes.Of("ErrorAccessDenied").Sentence), (refused.Problem, refused.Message));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_app_itself_reads_by_its_own_permission(bool isGiven)
    {
        var roles = microsoft.Entra.Rights.Roles["/graph"];
        microsoft.Entra.Rights.Roles["/graph"] = isGiven ? ["Mail.ReadWrite"] : ["Mail.Send"];
        try
        {
            await using var reader = await GraphReader.NewAsync(microsoft);
            reader.Mail.Deliver(GraphReader.Letter("To the app"));
            await reader.AddAsync((await reader.Get<ApplicationConnecting>().ConnectAsync(reader.Address, Cancel)).Account!.Id, byGraph: true);

            var problem = await Record.ExceptionAsync(reader.SyncAsync);

            Assert.Equal(isGiven, problem is null);
            Assert.Equal(isGiven ? ["To the app"] : [], await reader.SubjectsAsync());
        }
        finally
        {
            microsoft.Entra.Rights.Roles["/graph"] = roles;
        }
    }

    [Fact]
    public async Task In_shadow_mode_nothing_is_changed_there()
    {
        await using var reader = await GraphReader.ConnectAsync(microsoft, "Looked at");
        await reader.ChangeAsync(db => db.Mailboxes.ExecuteUpdateAsync(set => set.SetProperty(m => m.IsShadow, true), Cancel));
        await reader.Get<Core.Tickets.ReadState>().MarkAsync([(await reader.MessageAsync("Looked at")).Id], seen: true, await reader.PersonAsync(), "web", Cancel);
        await reader.SyncAsync();

        Assert.False(reader.Mail.BySubject("Looked at").IsRead);
        var remote = await reader.Get<GraphReading>().OpenAsync(await reader.Get<AccountTokens>().AccountOfAsync(reader.Id, Cancel), reader.Address, isReadOnly: true, Cancel);
        await Assert.ThrowsAsync<InvalidOperationException>(() => remote.MarkReadAsync(reader.Mail.BySubject("Looked at").Id, isRead: true, Cancel));
    }

    [Fact]
    public async Task A_blocked_port_leads_to_Graph_as_it_does_for_sending()
    {
        await using var reader = await GraphReader.NewAsync(microsoft);
        var blocked = microsoft.Registration with { Own = microsoft.Registration.Own! with { Imap = string.Create(CultureInfo.InvariantCulture, $"localhost:{FreePort.Next()}") } };
        Assert.Empty(await reader.Get<Microsoft365SettingsEditing>().SaveAsync(blocked, Core.Activity.Actor.Operator, "test", Cancel));
        await reader.LogInAsync();

        var road = await reader.Get<ReceivingRoadCheck>().RunAsync(reader.Address, await reader.Get<AccountTokens>().AccountOfAsync(reader.Id, Cancel), Cancel);

        Assert.True(road.IsByGraph);
        Assert.Contains("cannot be reached on port", road.ImapProblem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_sent_is_looked_for_by_a_date_that_Graph_reads_whatever_the_language_here()
    {
        await using var reader = await GraphReader.ConnectAsync(microsoft);
        var remote = await reader.Get<GraphReading>().OpenAsync(await reader.Get<AccountTokens>().AccountOfAsync(reader.Id, Cancel), reader.Address, isReadOnly: true, Cancel);
        var (before, other) = (CultureInfo.CurrentCulture, (CultureInfo)CultureInfo.InvariantCulture.Clone());
        other.DateTimeFormat.TimeSeparator = ".";
        try
        {
            CultureInfo.CurrentCulture = other;
            Assert.Empty(await remote.SentSinceAsync(s_received, "X-None", Cancel).ToListAsync(Cancel));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.Contains(reader.Server.Requests, request => Uri.UnescapeDataString(request).Contains("ge 2026-11-27T08:30:00Z", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Test_Email_Receipt_looks_by_the_same_road()
    {
        await using var reader = await GraphReader.ConnectAsync(microsoft, "One", "Two");
        var input = ConnectedStore.Input(reader.Address, null);

        var steps = await reader.Get<ConnectionTest>().RunAsync(input with { Data = input.Data with { ReceivesByGraph = true } }, reader.Id, Cancel).ToListAsync(Cancel);

        Assert.All(steps, step => Assert.Equal(StepState.Done, step.State));
        Assert.Contains("Microsoft Graph", steps[0].Text, StringComparison.Ordinal);
        Assert.Contains("2", steps[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_sent_from_here_is_found_in_Sent_Items_and_shows_once()
    {
        var address = microsoft.Dovecot.NewUser();
        var mail = microsoft.Entra.Graph.Mail.Add(address);
        await using var office = await Office.OpenAsync(async office =>
        {
            var input = await office.ConnectAsync(microsoft, microsoft.Registration, address, Cancel);
            return input with { Data = input.Data with { SendsByGraph = true, ReceivesByGraph = true } };
        });
        microsoft.Entra.Graph.FileAsync = (_, mime) => Task.FromResult(mail.Deliver(Rewritten(mime), "sentitems", isRead: true));
        mail.Deliver(GraphReader.Letter("Sent from Outlook just before"), "sentitems", isRead: true);
        microsoft.Entra.Graph.Mail.PageSize = 1;
        var outgoing = await office.WriteAndSendAsync();
        await office.DeliverAsync();
        await office.FileAsync(TimeSpan.FromSeconds(15));
        microsoft.Entra.Graph.Mail.PageSize = 1000;
        await office.Get<MailboxSync>().RunAsync(office.MailboxId, Cancel);
        microsoft.Entra.Graph.FileAsync = (_, _) => Task.CompletedTask;

        var row = await office.RowAsync(outgoing.Id);
        Assert.Equal((DeliveryState.Sent, SentCopyState.Done), (row.State, row.SentCopy));
        Assert.Equal(3, await office.ReadAsync(db => db.Messages.CountAsync(Cancel))); // the question and the answer, and the other one
        Assert.Equal(1, await office.ReadAsync(db => db.MessageFolders.CountAsync(p => p.MessageId == row.MessageId, Cancel)));
    }

    /// <summary>The same mail at both, as Exchange writes it: by Graph in other bytes.</summary>
    private async Task LieAsync(GraphReader reader, string subject)
    {
        using var letter = GraphReader.Letter(subject);
        letter.MessageId = $"{subject}@customer.example";
        await microsoft.Dovecot.DeliverAsync(reader.Address, letter, Cancel, internalDate: s_received);
        letter.Headers.Add("X-MS-Exchange-Organization-AuthSource", "by Graph alone");
        reader.Mail.Deliver(letter, at: s_received);
    }

    /// <summary>Exchange gives it another Message-ID.</summary>
    private static byte[] Rewritten(byte[] mime)
    {
        using var mail = MimeMessage.Load(new MemoryStream(mime), Cancel);
        mail.MessageId = "AM0PR01@eurprd01.prod.exchangelabs.com";
        return mail.ToBytes();
    }
}
