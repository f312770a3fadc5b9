using Enneo.Core.Activity;
using Enneo.Core.Automations;
using Enneo.Core.Conditions;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Processing;
using Enneo.Core.Sending;
using Enneo.Core.Spam;
using Enneo.Core.Tickets;
using Enneo.Tests.Sending;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Automations;

/// <summary>What answers by itself, as a server on the other side sees it.</summary>
public sealed class AutoReplySendingTests : IAsyncLifetime
{
    private const string Origin = "test";

    private readonly SmtpSink _sink = new() { User = Office.Address };
    private Office _office = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _sink.InitializeAsync();
        _office = await Office.OpenAsync(_sink);
    }

    public async ValueTask DisposeAsync()
    {
        await _office.DisposeAsync();
        await _sink.DisposeAsync();
    }

    [Fact]
    public async Task AMailboxsAnswerHasNoReturnPath_SaysThatItIsAutomatic_AndThreads()
    {
        await AnswerAsync();
        using var letter = LetterWithId("question@customer.example");
        var received = await ReceiveAsync(letter);

        await _office.DeliverAsync();

        var mail = Assert.Single(_sink.Received);
        Assert.Equal("", mail.Sender); // MAIL FROM:<>
        Assert.Equal([Office.Customer], mail.Recipients);
        var parsed = mail.Parse();
        Assert.Equal("auto-replied", parsed.Headers[HeaderId.AutoSubmitted]);
        Assert.Equal("question@customer.example", parsed.InReplyTo);
        Assert.Contains("question@customer.example", parsed.References);
        Assert.Equal(Office.Address, Assert.Single(parsed.From.Mailboxes).Address);
        Assert.Equal(DeliveryState.Sent, (await OutboxAsync()).Single().State);
        Assert.Equal(received.TicketId, (await OutboxAsync()).Single().TicketId);
    }

    [Theory]
    [InlineData(SmtpStage.Sender, "550 5.7.60 SMTP; Client does not have permissions to send as this sender", true)]
    [InlineData(SmtpStage.Dot, "550 5.7.60 SMTP; Client does not have permissions to send as this sender", true)]
    [InlineData(SmtpStage.Dot, "554 5.2.252 SendAsDenied; support@workshop.example not allowed to send as <>", true)]
    [InlineData(SmtpStage.Dot, "554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied", true)]
    [InlineData(SmtpStage.Dot, "554 5.7.1 looks like spam", false)]
    public async Task AServerThatWantsASender_IsGivenOneOnce_WheneverItSaysSo(SmtpStage stage, string answer, bool isGiven)
    {
        await AnswerAsync();
        using var letter = LetterWithId("question@customer.example");
        await ReceiveAsync(letter);
        _sink.Faults.Answer(stage, answer, times: 1);

        await _office.DeliverAsync();
        await _office.DeliverAsync(TimeSpan.FromHours(2));

        Assert.Equal(isGiven ? [Office.Address] : [], _sink.Received.Select(mail => mail.Sender));
        Assert.Equal(isGiven ? DeliveryState.Sent : DeliveryState.Rejected, (await OutboxAsync()).Single().State);
    }

    [Theory]
    [InlineData(true, DeliveryState.Rejected)]
    [InlineData(false, DeliveryState.Uncertain)]
    public async Task AServerThatTakesNoSenderEither_IsNotAskedAThirdTime_AndOneThatSaysNothing_NotASecond(bool answers, DeliveryState state)
    {
        await AnswerAsync();
        using var letter = LetterWithId("question@customer.example");
        await ReceiveAsync(letter);
        if (answers)
        {
            _sink.Faults.Answer(SmtpStage.Dot, "554 5.2.252 SendAsDenied", times: 2);
        }
        else
        {
            _sink.Faults.AtDot(AfterDot.HangUp, times: 1);
        }

        await _office.DeliverAsync();

        Assert.Equal((state, 0), ((await OutboxAsync()).Single().State, _sink.Received.Count)); // a further time would have been taken
    }

    [Fact]
    public async Task AnAutomationsAnswerHasNoReturnPathEither_AndAPersonsHasOne()
    {
        var added = await _office.Get<AutomationEditing>().AddAsync(
            new AutomationInput
            {
                Name = "Bicycles",
                IsEnabled = true,
                Conditions = new(false, [new(ConditionField.Subject, ConditionOperator.Contains, ["bicycle"])], []),
                Actions = [new(AutomationActionKind.Reply) { Text = "On Friday, %NAME%." }],
            },
            Actor.System, Origin, Cancel);
        Assert.Empty(added.Errors);
        var received = await ReceiveAsync(Office.Letter());
        await _office.DeliverAsync();

        await _office.SendAsync(await _office.WriteAsync(messageId: received.MessageId));
        await _office.DeliverAsync();

        Assert.Equal(["", Office.Address], _sink.Received.Select(mail => mail.Sender));
        Assert.Contains("On Friday, Jonas Weber.", _sink.Received[0].Parse().TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerThatInsistsOnASenderGetsOne()
    {
        await AnswerAsync();
        _sink.Faults.Answer(SmtpStage.Sender, "550 5.7.1 no empty sender", times: 1);
        await ReceiveAsync(Office.Letter());

        await _office.DeliverAsync();

        Assert.Equal(Office.Address, Assert.Single(_sink.Received).Sender);
    }

    [Fact]
    public async Task OnceForEachSenderInAConversation()
    {
        await AnswerAsync();
        using var first = LetterWithId("first@customer.example");
        await ReceiveAsync(first);
        using var again = LetterWithId("again@customer.example");
        again.InReplyTo = "first@customer.example";
        await ReceiveAsync(again);

        await _office.DeliverAsync();

        Assert.Single(_sink.Received);
    }

    [Theory]
    [InlineData("Precedence", "bulk")]
    [InlineData("List-Unsubscribe", "<https://news.example/leave>")]
    [InlineData("Auto-Submitted", "auto-replied")]
    [InlineData("Return-Path", "<>")]
    [InlineData("X-Comment", "a person called it spam")]
    public async Task NothingLeavesForBulkAutomaticReturnedMailAndSpam(string field, string value)
    {
        await AnswerAsync();
        using var letter = Office.Letter();
        letter.Headers.Add(field, value);
        var received = await _office.ReceiveAsync(letter);
        if (field is "X-Comment")
        {
            await _office.ChangeAsync(async db => await db.Tickets.Where(t => t.Id == received.TicketId).ExecuteUpdateAsync(set => set.SetProperty(t => t.SpamStatus, SpamStatus.ManualSpam)));
        }

        await ProcessAsync(received.MessageId);
        await _office.DeliverAsync();

        Assert.Empty(_sink.Received);
    }

    [Fact]
    public async Task NothingLeavesForABounce()
    {
        await AnswerAsync();
        var report = new MultipartReport("delivery-status") { new TextPart("plain") { Text = "Could not be delivered." } };
        using MimeMessage bounce = new([new MailboxAddress("", "postmaster-daemon@customer.example")], [new MailboxAddress("", Office.Address)], "Undelivered", report);

        await ReceiveAsync(bounce);
        await _office.DeliverAsync();

        Assert.Empty(_sink.Received);
    }

    [Fact]
    public async Task WhatWaitsIsTakenBackWhenAPersonCallsTheConversationSpam_AndOfferedWhenItIsNone()
    {
        await AnswerAsync();
        var received = await ReceiveAsync(Office.Letter());
        Assert.Single(await OutboxAsync());

        await _office.Get<SpamDecisions>().MarkAsync([received.TicketId], isSpam: true, Actor.System, Origin, Cancel);
        await _office.DeliverAsync();

        Assert.Empty(_sink.Received);
        Assert.Empty(await OutboxAsync());
        Assert.Single((await _office.Get<TicketQueries>().FindThreadAsync(Reach.All, received.TicketId, Cancel))!.Messages);

        await _office.Get<SpamDecisions>().MarkAsync([received.TicketId], isSpam: false, Actor.System, Origin, Cancel);
        await _office.Get<MailProcessing>().RunDueAsync(Cancel);
        await _office.DeliverAsync();
        Assert.Empty(_sink.Received);
        var proposal = Assert.Single(await _office.Get<AutomationProposals>().OfTicketAsync(Reach.All, received.TicketId, Cancel));
        Assert.True(await _office.Get<AutomationProposals>().PerformAsync(proposal.Id, Actor.System, Origin, Cancel));
        await _office.DeliverAsync();
        Assert.Single(_sink.Received);
    }

    private static MimeMessage LetterWithId(string id)
    {
        var letter = Office.Letter();
        letter.MessageId = id;
        return letter;
    }

    private async Task AnswerAsync() =>
        Assert.True(await _office.Get<AutomationEditing>().SetAutoReplyAsync(_office.MailboxId, true, "We got it, %NAME%.", Actor.System, Origin, Cancel));

    private async Task<IntakeResult> ReceiveAsync(MimeMessage letter)
    {
        var received = await _office.ReceiveAsync(letter);
        await ProcessAsync(received.MessageId);
        return received;
    }

    private async Task ProcessAsync(long messageId)
    {
        await _office.Get<WriterLane>().RunAsync(
            async (db, token) =>
            {
                MailProcessing.Enqueue(db, _office.MailboxId, [messageId], ProcessingCause.Arrival, _office.Clock);
                await db.SaveChangesAsync(token);
            },
            Cancel);
        await _office.Get<MailProcessing>().RunDueAsync(Cancel);
    }

    private Task<List<OutgoingMessage>> OutboxAsync() => _office.ReadAsync(db => db.Outbox.AsNoTracking().ToListAsync(Cancel));
}
