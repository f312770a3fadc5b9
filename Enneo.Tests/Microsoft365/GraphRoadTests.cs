using System.Text;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.OAuth;
using Enneo.Core.Sending;
using Enneo.Core.Sync;
using Enneo.Tests.Sending;
using Enneo.Tests.Servers;
using MailKit;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Microsoft365;

/// <summary>Mail that goes out by Graph in place of SMTP: handed over once, filed once, and looked for when nobody knows.</summary>
public sealed partial class GraphRoadTests(Office365 microsoft) : IClassFixture<Office365>, IAsyncLifetime
{
    private readonly string _address = microsoft.Dovecot.NewUser();
    private Office _office = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private GraphServer Graph => microsoft.Entra.Graph;

    private int SentCount => Graph.Sent.Count(sent => sent.Address == _address);

    public async ValueTask InitializeAsync()
    {
        _office = await Office.OpenAsync(ConnectAsync, ("Enneo:Sending:FinalAnswerTimeout", "00:00:03"));
        Graph.FileAsync = FileAsync;
    }

    public async ValueTask DisposeAsync()
    {
        (Graph.Refusal, Graph.Delay, Graph.FileAsync) = (null, TimeSpan.Zero, (_, _) => Task.CompletedTask);
        await _office.DisposeAsync();
    }

    [Fact]
    public async Task A_reply_goes_to_all_its_recipients_and_lies_in_Sent_once()
    {
        var outgoing = await _office.SendAsync(await _office.WriteAsync(bcc: ["boss@example.test"]));
        await _office.DeliverAsync();
        await _office.FileAsync(TimeSpan.FromSeconds(15));

        using var mail = await MimeMessage.LoadAsync(new MemoryStream(Graph.Sent.Single(sent => sent.Address == _address).Mime), Cancel);
        Assert.Equal([Office.Customer, "boss@example.test"], mail.GetRecipients().Select(recipient => recipient.Address));
        var row = await _office.RowAsync(outgoing.Id);
        Assert.Equal((DeliveryState.Sent, SentCopyState.Done), (row.State, row.SentCopy));
        Assert.Single(await microsoft.Dovecot.ListAsync(_address, Cancel, "Sent"));
    }

    [Fact]
    public async Task A_hidden_recipient_of_an_international_domain_is_named_in_ASCII()
    {
        await _office.SendAsync(await _office.WriteAsync(bcc: ["boss@bücher.example"]));
        await _office.DeliverAsync();

        Assert.StartsWith("Bcc: boss@xn--bcher-kva.example\r\n", Encoding.ASCII.GetString(Graph.Sent.Single(sent => sent.Address == _address).Mime), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_server_took_for_some_of_its_recipients_is_given_back_rather_than_sent_to_them_again()
    {
        var outgoing = await _office.SendAsync(await _office.WriteAsync(cc: ["other@example.test"]));
        await _office.ChangeAsync(async db =>
        {
            var row = await db.Outbox.SingleAsync(Cancel);
            row.Recipients = [.. row.Recipients.Where(recipient => recipient.Address != Office.Customer)];
            (row.Answers, row.SentAt) = ($$"""{"{{Office.Customer}}":"250 OK","other@example.test":"450 later"}""", _office.Clock.GetUtcNow());
            await db.SaveChangesAsync(Cancel);
        });

        await _office.DeliverAsync();

        var row = await _office.RowAsync(outgoing.Id);
        Assert.Equal((DeliveryState.Sent, "other@example.test", 0), (row.State, Assert.Single(row.Recipients).Address, SentCount));
        Assert.Contains("Microsoft Graph would send to them once more", row.ServerText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mailbox_that_is_paused_between_two_mails_sends_no_more()
    {
        await _office.WriteAndSendAsync();
        var second = await _office.WriteAndSendAsync();
        Graph.FileAsync = (_, _) => _office.ChangeAsync(db => db.Mailboxes.ExecuteUpdateAsync(set => set.SetProperty(mailbox => mailbox.Enabled, false), Cancel));

        await MoveOnAsync(_office.DeliverAsync());

        Assert.Equal((DeliveryState.Queued, 1), (await _office.StateAsync(second.Id), SentCount));
    }

    [Fact]
    public async Task Admins_are_told_once_of_an_outage_even_if_Graph_gives_no_answer()
    {
        Graph.Refusal = (500, "internalServerError", null);
        await _office.Get<Accounts>().AddAsync(new NewAccount("chief@example.test", "Chief", Roles.Admin, "four words of chief"), Actor.Operator, "test", Cancel);
        await _office.Get<StatusRecorder>().FailedAsync(_office.MailboxId, MailboxState.Error, "The server cannot be reached.", Cancel);
        _office.Clock.Advance(TimeSpan.FromHours(1));

        await _office.Get<OutageAlerts>().RunAsync(Cancel);

        Assert.True(Assert.Single(await _office.Get<MailboxOutages>().LastingAsync(Cancel)).IsAlerted);
    }

    [Fact]
    public async Task A_time_out_is_uncertain_until_the_mail_is_found_in_Sent()
    {
        Graph.Delay = TimeSpan.FromSeconds(6);
        var outgoing = await _office.WriteAndSendAsync();
        await _office.DeliverAsync();
        Assert.Equal(DeliveryState.Uncertain, await _office.StateAsync(outgoing.Id));

        await _office.FileAsync();
        await _office.DeliverAsync(TimeSpan.FromHours(1));

        Assert.Equal((DeliveryState.Sent, 1), (await _office.StateAsync(outgoing.Id), SentCount));
    }

    [Fact]
    public async Task Nothing_of_the_mailbox_is_tried_before_Graph_said_so()
    {
        Graph.Refusal = (429, "ApplicationThrottled", 600);
        var first = await _office.WriteAndSendAsync();
        var second = await _office.WriteAndSendAsync();
        await _office.DeliverAsync();
        var asked = Graph.Requests.Count;
        Assert.Contains(Causes.Of(Causes.GraphThrottled).Remedy, (await _office.RowAsync(first.Id)).ServerText, StringComparison.Ordinal);
        Graph.Refusal = null;

        await _office.DeliverAsync(TimeSpan.FromMinutes(9));
        Assert.Equal((asked, DeliveryState.Queued, DeliveryState.Queued), (Graph.Requests.Count, await _office.StateAsync(first.Id), await _office.StateAsync(second.Id)));

        await MoveOnAsync(_office.DeliverAsync(TimeSpan.FromMinutes(2)));
        Assert.Equal((DeliveryState.Sent, DeliveryState.Sent, 2), (await _office.StateAsync(first.Id), await _office.StateAsync(second.Id), SentCount));
    }

    [Fact]
    public async Task Without_the_permission_the_queue_waits_for_a_person_and_loses_nothing()
    {
        Graph.Refusal = (403, "ErrorAccessDenied", null);
        var outgoing = await _office.WriteAndSendAsync();
        await _office.DeliverAsync();

        var status = await _office.ReadAsync(db => db.MailboxStatuses.AsNoTracking().SingleAsync(Cancel));
        Assert.Equal((MailboxState.SignInAgain, DeliveryState.Queued), (status.State, await _office.StateAsync(outgoing.Id)));
        Assert.Contains("a permission is missing", status.Message, StringComparison.Ordinal);

        Graph.Refusal = null;
        await _office.DeliverAsync(TimeSpan.FromHours(2));
        Assert.Equal((DeliveryState.Sent, 1), (await _office.StateAsync(outgoing.Id), SentCount));
    }

    [Fact]
    public async Task An_outage_of_sending_alone_is_an_outage_although_receiving_works()
    {
        Graph.Refusal = (403, "ErrorAccessDenied", null);
        await _office.WriteAndSendAsync();
        await _office.DeliverAsync();
        var recorder = _office.Get<StatusRecorder>();

        await recorder.SyncedAsync(_office.MailboxId, notice: null, Cancel);
        _office.Clock.Advance(TimeSpan.FromMinutes(20));
        await recorder.SyncedAsync(_office.MailboxId, notice: null, Cancel);
        Assert.Contains("a permission is missing", Assert.Single(await _office.Get<MailboxOutages>().LastingAsync(Cancel)).Message, StringComparison.Ordinal);

        Graph.Refusal = null;
        await _office.DeliverAsync(TimeSpan.FromHours(2));
        await recorder.SyncedAsync(_office.MailboxId, notice: null, Cancel);
        Assert.Empty(await _office.Get<MailboxOutages>().LastingAsync(Cancel));
        Assert.Equal(MailboxState.Ok, (await _office.ReadAsync(db => db.MailboxStatuses.AsNoTracking().SingleAsync(Cancel))).State);
    }

    [Fact]
    public async Task The_test_mail_takes_the_same_road()
    {
        var input = ConnectedStore.Input(_address, null);

        var steps = await _office.Get<ConnectionTest>().SendAsync(input with { Data = input.Data with { SendsByGraph = true } }, _office.MailboxId, "me@example.test", Cancel).ToListAsync(Cancel);

        Assert.Equal((StepState.Done, 1), (Assert.Single(steps).State, SentCount));
    }

    /// <summary>Between two of them there is a pace.</summary>
    private async Task MoveOnAsync(Task delivering)
    {
        while (!delivering.IsCompleted)
        {
            _office.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, Cancel);
        }

        await delivering;
    }

    private async Task<MailboxInput> ConnectAsync(Office office)
    {
        var input = await office.ConnectAsync(microsoft, microsoft.Registration, _address, Cancel);
        return input with { Data = input.Data with { SendsByGraph = true } };
    }

    private async Task FileAsync(string address, byte[] mime)
    {
        using var client = await microsoft.Dovecot.OpenAsync(address, Cancel);
        var sent = await client.GetFolderAsync("Sent", Cancel);
        using var mail = await MimeMessage.LoadAsync(new MemoryStream(mime), Cancel);
        await sent.AppendAsync(mail, MessageFlags.Seen, Cancel);
        await client.DisconnectAsync(true, Cancel);
    }
}
