using Enneo.Core.Mailboxes;
using Enneo.Core.Sending;
using Enneo.Tests.Sending;
using Enneo.Tests.Servers;
using MailKit;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Microsoft365;

/// <summary>Mail that goes out by Graph in place of SMTP: handed over once, filed once, and looked for when nobody knows.</summary>
public sealed class GraphRoadTests(Office365 microsoft) : IClassFixture<Office365>, IAsyncLifetime
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
        Graph.Refusal = null;

        await _office.DeliverAsync(TimeSpan.FromMinutes(9));
        Assert.Equal((asked, DeliveryState.Queued, DeliveryState.Queued), (Graph.Requests.Count, await _office.StateAsync(first.Id), await _office.StateAsync(second.Id)));

        var delivering = _office.DeliverAsync(TimeSpan.FromMinutes(2));
        while (!delivering.IsCompleted)
        {
            _office.Clock.Advance(TimeSpan.FromSeconds(1)); // the pace between two of them
            await Task.Delay(20, Cancel);
        }

        await delivering;
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
    public async Task The_test_mail_takes_the_same_road()
    {
        var input = ConnectedStore.Input(_address, null);

        var steps = await _office.Get<ConnectionTest>().SendAsync(input with { Data = input.Data with { SendsByGraph = true } }, _office.MailboxId, "me@example.test", Cancel).ToListAsync(Cancel);

        Assert.Equal((StepState.Done, 1), (Assert.Single(steps).State, SentCount));
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
