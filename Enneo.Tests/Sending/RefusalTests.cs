using System.Globalization;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Sending;

public sealed class RefusalTests : IAsyncLifetime
{
    private static readonly string[] s_three = ["a@x.example", "b@x.example", "c@x.example"];

    private readonly SmtpSink _sink = new() { User = Office.Address };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _sink.InitializeAsync();

    public ValueTask DisposeAsync() => _sink.DisposeAsync();

    [Theory]
    [InlineData("554 5.2.252 SendAsDenied; anna@x.example not allowed to send as support@x.example", "Send as: add the person")]
    [InlineData("554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed to process message due to a permanent exception", "Send as: add the person")]
    [InlineData("550-5.7.60 SMTP; Client does not have permissions to send as this sender", "Send as: add the person")]
    [InlineData("550 5.1.1 nobody here", null)]
    [InlineData("250 2.0.0 taken", null)]
    public void What_Microsoft_365_refuses_says_who_can_help(string answer, string? help)
    {
        HandoverResult result = new(HandoverEnd.Answered, new Dictionary<string, SmtpAnswer> { ["a@x.example"] = new(int.Parse(answer[..3], CultureInfo.InvariantCulture), answer) });

        var words = result.AtMicrosoft().Answers["a@x.example"].Words;

        Assert.StartsWith(answer, words, StringComparison.Ordinal);
        Assert.Equal(help is not null, words.Length > answer.Length);
        Assert.Contains(help ?? "", words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SmtpStage.Connect, "421 4.3.2 too busy")]
    [InlineData(SmtpStage.Sender, "451 4.3.0 later")]
    [InlineData(SmtpStage.Recipient, "450 4.2.0 greylisted")]
    [InlineData(SmtpStage.Data, "451 4.3.0 later")]
    [InlineData(SmtpStage.Dot, "452 4.3.1 disk full")]
    [InlineData(SmtpStage.Dot, "421 4.3.2 closing")]
    public async Task What_is_refused_for_now_is_tried_again_as_the_same_mail(SmtpStage stage, string answer)
    {
        await using var office = await Office.OpenAsync(_sink);
        _sink.Faults.Answer(stage, answer, times: 2);
        var outgoing = await office.WriteAndSendAsync();

        await office.DeliverAsync();
        var waiting = Assert.Single(await office.Outbox.ForTicketAsync(Reach.All, outgoing.TicketId, Cancel));
        await office.DeliverAsync(TimeSpan.FromSeconds(20)); // too early
        await office.DeliverAsync(TimeSpan.FromSeconds(20));
        await office.DeliverAsync(TimeSpan.FromMinutes(3));

        Assert.Equal((DeliveryState.Queued, null), (waiting.State, waiting.UndoUntil));
        Assert.NotNull(waiting.NextAttemptAt);
        Assert.Contains(answer, waiting.ServerText, StringComparison.Ordinal);
        var received = Assert.Single(_sink.Received);
        Assert.Equal(await office.SourceAsync(outgoing.MessageId), received.Source);
        var row = await office.RowAsync(outgoing.Id);
        Assert.Equal((DeliveryState.Sent, 3, null), (row.State, row.Attempts, row.ServerText));
    }

    [Theory]
    [InlineData(SmtpStage.Connect, "554 5.7.1 no service here")]
    [InlineData(SmtpStage.Sender, "550 5.1.8 sender unknown")]
    [InlineData(SmtpStage.Recipient, "550 5.1.1 no such person")]
    [InlineData(SmtpStage.Data, "554 5.6.0 no")]
    [InlineData(SmtpStage.Dot, "554 5.7.1 looks like spam")]
    public async Task What_is_refused_for_good_is_given_back_with_the_servers_words(SmtpStage stage, string answer)
    {
        await using var office = await Office.OpenAsync(_sink);
        _sink.Faults.Answer(stage, answer, times: 1);
        var outgoing = await office.WriteAndSendAsync();

        await office.DeliverAsync();
        await office.DeliverAsync(TimeSpan.FromDays(1));
        var status = Assert.Single(await office.Outbox.ForTicketAsync(Reach.All, outgoing.TicketId, Cancel));
        var draftId = await office.Outbox.EditRejectedAsync(outgoing.Id, Office.Person, Cancel);
        var draft = await office.Drafts.FindForTicketAsync(outgoing.TicketId, Office.Person, Cancel);

        Assert.Equal(DeliveryState.Rejected, status.State);
        Assert.Contains(answer, status.ServerText, StringComparison.Ordinal);
        Assert.Empty(_sink.Received);
        Assert.Equal((draftId, "<div>It is ready.</div>"), (draft!.Id, draft.Html));
        await office.SendAsync(draft);
        await office.DeliverAsync();
        Assert.Single(_sink.Received);
    }

    [Fact]
    public async Task One_refused_recipient_of_three_is_shown_and_the_others_get_it_once()
    {
        await using var office = await Office.OpenAsync(_sink);
        _sink.Faults.Answer(SmtpStage.Recipient, "550 5.1.1 no such person", "b@x.example");
        var outgoing = await office.WriteAndSendAsync(s_three);

        await office.DeliverAsync();
        var status = Assert.Single(await office.Outbox.ForTicketAsync(Reach.All, outgoing.TicketId, Cancel));
        var rest = await office.Outbox.EditRejectedAsync(outgoing.Id, Office.Person, Cancel);
        var draft = await office.Drafts.FindAsync(rest!.Value, Office.Person, Cancel);
        _sink.Faults.Clear();
        await office.SendAsync(draft!);
        await office.DeliverAsync();

        Assert.Equal((DeliveryState.Sent, "b@x.example: 550 5.1.1 no such person"), (status.State, status.ServerText));
        Assert.Equal([["a@x.example", "c@x.example"], ["b@x.example"]], _sink.Received.Select(mail => mail.Recipients));
        Assert.Null(await office.Outbox.EditRejectedAsync(outgoing.Id, Office.Person, Cancel));
    }

    [Fact]
    public async Task Who_was_accepted_is_not_sent_it_again_when_another_is_to_be_tried_later()
    {
        await using var office = await Office.OpenAsync(_sink);
        _sink.Faults.Answer(SmtpStage.Recipient, "451 4.2.0 greylisted", "c@x.example", times: 1);
        _sink.Faults.Answer(SmtpStage.Recipient, "550 5.1.1 no such person", "b@x.example");
        var outgoing = await office.WriteAndSendAsync(s_three);

        await office.DeliverAsync();
        var between = await office.RowAsync(outgoing.Id);
        await office.DeliverAsync(TimeSpan.FromMinutes(1));

        Assert.Equal((DeliveryState.Queued, SentCopyState.Wanted), (between.State, between.SentCopy));
        Assert.Equal([["a@x.example"], ["c@x.example"]], _sink.Received.Select(mail => mail.Recipients));
        Assert.Single(_sink.Received.Select(mail => mail.Sha256).Distinct());
        var row = await office.RowAsync(outgoing.Id);
        Assert.Equal(DeliveryState.Sent, row.State);
        Assert.Equal("b@x.example: 550 5.1.1 no such person", row.ServerText);
    }

    [Fact]
    public async Task A_refused_password_pauses_the_queue_until_a_person_has_helped()
    {
        await using var office = await Office.OpenAsync(_sink);
        _sink.Password = "another";
        var first = await office.WriteAndSendAsync();
        var second = await office.WriteAndSendAsync();

        await office.DeliverAsync();
        var attempts = _sink.Connections;
        await office.DeliverAsync(TimeSpan.FromMinutes(30));
        var paused = await office.RowAsync(second.Id);
        var status = await office.ReadAsync(db => db.MailboxStatuses.SingleAsync(Cancel));
        _sink.Password = DovecotServer.Password;
        await office.Get<OutgoingRecords>().WakeAsync(office.MailboxId, Cancel);
        await office.DeliverAsync(TimeSpan.Zero);

        Assert.Equal(1, attempts);
        Assert.Equal((DeliveryState.Queued, MailboxState.SignInAgain), (paused.State, status.State));
        Assert.Contains("535 5.7.8", paused.ServerText, StringComparison.Ordinal);
        Assert.Equal(2, _sink.Received.Count);
        Assert.Equal(DeliveryState.Sent, await office.StateAsync(first.Id));
    }

    [Fact]
    public async Task A_refused_password_gives_nothing_up()
    {
        await using var office = await Office.OpenAsync(_sink);
        _sink.Password = "another";
        var outgoing = await office.WriteAndSendAsync();

        await office.DeliverAsync();
        await office.DeliverAsync(TimeSpan.FromDays(10));

        Assert.Equal(DeliveryState.Queued, await office.StateAsync(outgoing.Id));
    }

    [Fact]
    public async Task A_mail_that_is_too_big_is_refused_in_words_before_it_leaves()
    {
        await using SmtpSink small = new() { User = Office.Address, MaximumSize = 100_000 };
        await small.InitializeAsync();
        await using var office = await Office.OpenAsync(small);
        var draft = await office.WriteAsync();
        using MemoryStream file = new(new byte[150_000]);
        Assert.NotNull(await office.Drafts.AttachAsync(draft.Id, "big.bin", "application/octet-stream", file, Office.Person, Cancel));
        var outgoing = await office.SendAsync(draft);

        await office.DeliverAsync();

        var row = await office.RowAsync(outgoing.Id);
        Assert.Equal((DeliveryState.Rejected, "localhost takes mail of at most 0.1 MB, this one has 0.2 MB. Send fewer or smaller files."), (row.State, row.ServerText));
        Assert.Empty(small.Received);
        await office.Outbox.EditRejectedAsync(outgoing.Id, Office.Person, Cancel);
        Assert.Single((await office.Drafts.FindAsync(draft.Id, Office.Person, Cancel))!.Attachments);
    }

    [Fact]
    public async Task A_server_that_never_takes_it_is_given_up_visibly()
    {
        await using var office = await Office.OpenAsync(_sink);
        _sink.Faults.Answer(SmtpStage.Dot, "451 4.3.0 later");
        var outgoing = await office.WriteAndSendAsync();
        await office.DeliverAsync();

        for (var hours = 0; hours < 50 && await office.StateAsync(outgoing.Id) == DeliveryState.Queued; hours += 2)
        {
            await office.DeliverAsync(TimeSpan.FromHours(2));
        }

        var row = await office.RowAsync(outgoing.Id);
        Assert.Equal(DeliveryState.Rejected, row.State);
        Assert.EndsWith("451 4.3.0 later", row.ServerText, StringComparison.Ordinal);
        Assert.NotNull(await office.Outbox.EditRejectedAsync(outgoing.Id, Office.Person, Cancel));
    }

    [Fact]
    public async Task An_unreachable_server_costs_one_attempt_for_all_that_is_due()
    {
        SmtpSink gone = new() { User = Office.Address };
        await using var office = await Office.OpenAsync(gone);
        var first = await office.WriteAndSendAsync();
        await office.WriteAndSendAsync();

        await office.DeliverAsync();
        await gone.InitializeAsync();
        await office.DeliverAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(2, gone.Received.Count);
        Assert.Equal(2, (await office.RowAsync(first.Id)).Attempts);
        await gone.DisposeAsync();
    }

    [Fact]
    public async Task A_damaged_store_sends_nothing()
    {
        await using var office = await Office.OpenAsync(_sink);
        var outgoing = await office.WriteAndSendAsync();
        await office.Get<WriterLane>().RunAsync(
            (db, token) => db.Sources.ExecuteUpdateAsync(set => set.SetProperty(s => s.Sha256, new byte[32]), token), Cancel);

        await office.DeliverAsync();

        Assert.Equal(DeliveryState.Rejected, await office.StateAsync(outgoing.Id));
        Assert.Equal(0, _sink.Connections);
        Assert.Equal("Jonas Weber", (await office.Drafts.StartReplyAsync(
            await office.ReadAsync(db => db.Messages.Where(m => m.Direction == MessageDirection.In).Select(m => m.Id).SingleAsync(Cancel)), DraftMode.Reply, 8, Cancel))!.To[0].Name);
    }
}
