using System.Net;
using System.Net.Sockets;
using Enneo.Core.Identity;
using Enneo.Core.Sending;
using Enneo.Tests.Servers;

namespace Enneo.Tests.Sending;

public sealed class UncertainTests : IAsyncLifetime
{
    private readonly SmtpSink _sink = new() { User = Office.Address };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _sink.InitializeAsync();

    public ValueTask DisposeAsync() => _sink.DisposeAsync();

    [Theory]
    [InlineData(AfterDot.AcceptAndHangUp, 1)]
    [InlineData(AfterDot.HangUp, 0)]
    public async Task An_end_without_an_answer_is_left_to_a_person_and_never_repeated(AfterDot behaviour, int taken)
    {
        await using var office = await Office.OpenAsync(_sink);
        _sink.Faults.AtDot(behaviour, times: 1);
        var outgoing = await office.WriteAndSendAsync();

        await office.DeliverAsync();
        await office.DeliverAsync(TimeSpan.FromDays(7));
        var status = Assert.Single(await office.Outbox.ForTicketAsync(Reach.All, outgoing.TicketId, Cancel));
        var received = _sink.Received.Count;
        Assert.True(await office.Outbox.SendUncertainAgainAsync(outgoing.Id, Office.Person + 1, Cancel));
        var undone = await office.Outbox.UndoAsync(outgoing.Id, Office.Person, Cancel);
        await office.DeliverAsync(TimeSpan.Zero);

        Assert.Equal(DeliveryState.Uncertain, status.State);
        Assert.False(undone);
        Assert.Equal(taken, received);
        Assert.Equal(taken + 1, _sink.Received.Count);
        Assert.Single(_sink.Received.Select(mail => mail.Sha256).Distinct());
        Assert.Equal(DeliveryState.Sent, await office.StateAsync(outgoing.Id));
    }

    [Fact]
    public async Task A_person_may_say_that_it_arrived()
    {
        await using var office = await Office.OpenAsync(_sink);
        _sink.Faults.AtDot(AfterDot.AcceptAndHangUp, times: 1);
        var outgoing = await office.WriteAndSendAsync();
        await office.DeliverAsync();

        Assert.True(await office.Outbox.ConfirmUncertainAsync(outgoing.Id, Office.Person + 1, Cancel));
        Assert.False(await office.Outbox.ConfirmUncertainAsync(outgoing.Id, Office.Person + 1, Cancel));
        await office.DeliverAsync();

        var row = await office.RowAsync(outgoing.Id);
        Assert.Equal((DeliveryState.Sent, SentCopyState.Wanted, null), (row.State, row.SentCopy, row.ServerText));
        Assert.Single(_sink.Received);
        Assert.Null(await office.Drafts.FindForTicketAsync(outgoing.TicketId, Office.Person, Cancel));
    }

    [Fact]
    public async Task A_confirmed_mail_still_goes_to_whom_the_server_had_put_off()
    {
        await using var office = await Office.OpenAsync(_sink);
        _sink.Faults.Answer(SmtpStage.Recipient, "451 4.2.0 later", "b@x.example", times: 1);
        _sink.Faults.AtDot(AfterDot.AcceptAndHangUp, times: 1);
        var outgoing = await office.WriteAndSendAsync("a@x.example", "b@x.example");
        await office.DeliverAsync();
        await office.Outbox.ConfirmUncertainAsync(outgoing.Id, Office.Person + 1, Cancel);

        await office.DeliverAsync(TimeSpan.Zero);

        Assert.Equal([["a@x.example"], ["b@x.example"]], _sink.Received.Select(mail => mail.Recipients));
        Assert.Equal(DeliveryState.Sent, await office.StateAsync(outgoing.Id));
    }

    [Fact]
    public async Task A_server_that_thinks_too_long_leaves_it_uncertain()
    {
        await using var office = await Office.OpenAsync(_sink, ("Enneo:Sending:FinalAnswerTimeout", "00:00:01"));
        _sink.Faults.DotDelay = TimeSpan.FromSeconds(8);
        var outgoing = await office.WriteAndSendAsync();

        await office.DeliverAsync();

        Assert.Equal(DeliveryState.Uncertain, await office.StateAsync(outgoing.Id));
    }

    [Fact]
    public async Task A_server_may_think_longer_about_a_mail_than_about_anything_else()
    {
        await using var office = await Office.OpenAsync(_sink, ("Enneo:Connections:Timeout", "00:00:02"));
        _sink.Faults.DotDelay = TimeSpan.FromSeconds(4);
        var outgoing = await office.WriteAndSendAsync();

        await office.DeliverAsync();

        Assert.Equal(DeliveryState.Sent, await office.StateAsync(outgoing.Id));
    }

    [Fact]
    public async Task Stopping_waits_a_moment_for_the_answer_to_a_mail_that_has_left()
    {
        await using var office = await Office.OpenAsync(_sink);
        using CancellationTokenSource stop = new();
        _sink.Faults.BeforeAnswer = async _ =>
        {
            await stop.CancelAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, CancellationToken.None);
        };
        var outgoing = await office.WriteAndSendAsync();
        office.Clock.Advance(TimeSpan.FromMinutes(1));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => office.Get<Delivery>().RunAsync(office.MailboxId, stop.Token));

        Assert.Equal(DeliveryState.Sent, await office.StateAsync(outgoing.Id));
    }

    [Fact]
    public async Task A_reset_after_the_answer_counts_as_sent()
    {
        await using var office = await Office.OpenAsync(_sink);
        _sink.Faults.AtDot(AfterDot.AnswerAndReset);
        var first = await office.WriteAndSendAsync();
        var second = await office.WriteAndSendAsync();

        await office.DeliverAsync();
        await office.DeliverAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(DeliveryState.Sent, await office.StateAsync(first.Id));
        Assert.Equal(DeliveryState.Sent, await office.StateAsync(second.Id));
        Assert.Equal(2, _sink.Received.Count);
    }

    [Fact]
    public async Task What_a_dead_process_was_handing_over_is_uncertain()
    {
        await using var office = await Office.OpenAsync(_sink);
        var outgoing = await office.WriteAndSendAsync();
        await office.Get<OutgoingRecords>().BeginAsync(outgoing.Id, new Dictionary<string, Core.Connections.SmtpAnswer>(), Cancel);

        await office.DeliverAsync();

        Assert.Equal(DeliveryState.Uncertain, await office.StateAsync(outgoing.Id));
        Assert.Equal(0, _sink.Connections);
    }

    [Fact]
    public async Task A_connection_lost_within_the_content_is_tried_again()
    {
        await using SmtpSink sink = new() { User = Office.Address };
        using TcpListener listener = new(IPAddress.Loopback, sink.Port);
        listener.Start();
        var cutting = CutContentAsync(listener);
        await using var office = await Office.OpenAsync(sink);
        var draft = await office.WriteAsync();
        using MemoryStream file = new(new byte[8_000_000]);
        await office.Drafts.AttachAsync(draft.Id, "big.bin", "application/octet-stream", file, Office.Person, Cancel);
        var outgoing = await office.SendAsync(draft);

        await office.DeliverAsync();
        await cutting;
        var state = await office.StateAsync(outgoing.Id);
        listener.Stop();
        await sink.InitializeAsync();
        await office.DeliverAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(DeliveryState.Queued, state);
        Assert.Single(sink.Received);
    }

    private static async Task CutContentAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync(Cancel);
        using StreamReader reader = new(client.GetStream());
        await using StreamWriter writer = new(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 localhost");
        while (await reader.ReadLineAsync(Cancel) is { } line)
        {
            await writer.WriteLineAsync(line.StartsWith("EHLO", StringComparison.Ordinal) ? "250-localhost\r\n250 AUTH PLAIN" : line[..4] switch
            {
                "AUTH" => "235 in",
                "DATA" => "354 go on",
                _ => "250 OK",
            });
            if (line == "DATA")
            {
                await reader.ReadLineAsync(Cancel);
                return;
            }
        }
    }
}
