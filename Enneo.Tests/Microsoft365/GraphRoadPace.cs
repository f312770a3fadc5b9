using System.Globalization;
using System.Text;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Microsoft365;
using Enneo.Core.Sending;
using Enneo.Tests.Sending;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Microsoft365;

/// <summary>How much of it goes out in a minute, and what the installation writes itself.</summary>
public sealed partial class GraphRoadTests
{
    [Fact]
    public async Task No_more_than_thirty_leave_in_a_minute_whoever_runs_the_sending()
    {
        var last = await _office.WriteAndSendAsync();
        var now = _office.Clock.GetUtcNow();
        await TakeAsync(30); // as another run did, before a restart
        _office.Clock.Advance(TimeSpan.FromSeconds(10));
        var delivering = _office.DeliverAsync(TimeSpan.FromSeconds(1));
        await Task.Delay(300, Cancel);
        Assert.Equal((DeliveryState.Queued, 0), (await _office.StateAsync(last.Id), SentCount));

        await MoveOnAsync(delivering);

        Assert.Equal((DeliveryState.Sent, 1), (await _office.StateAsync(last.Id), SentCount));
        Assert.True(_office.Clock.GetUtcNow() - now >= TimeSpan.FromSeconds(30)); // when the first of them is a minute old
    }

    [Fact]
    public async Task What_nobody_knows_of_a_second_attempt_and_what_the_installation_writes_itself_count_among_the_thirty()
    {
        await TakeAsync(27);
        var uncertain = await _office.WriteAndSendAsync();
        Graph.Refusal = (500, "internalServerError", null);
        await _office.DeliverAsync();
        Assert.Equal(DeliveryState.Uncertain, await _office.StateAsync(uncertain.Id));

        var again = await _office.WriteAndSendAsync();
        Graph.Refusal = (503, "serviceNotAvailable", null);
        await _office.DeliverAsync();
        Assert.Equal(DeliveryState.Queued, await _office.StateAsync(again.Id));

        Graph.Refusal = null;
        Assert.Null((await OwnAsync()).Problem);
        var full = _office.Clock.GetUtcNow();
        await _office.ChangeAsync(db => db.Outbox.Where(o => o.Id == again.Id).ExecuteUpdateAsync(set => set.SetProperty(o => o.NextAttemptAt, full), Cancel));
        var own = OwnAsync();
        var delivering = _office.DeliverAsync(TimeSpan.FromSeconds(1));
        await Task.Delay(300, Cancel);
        Assert.Equal(1, SentCount);

        await MoveOnAsync(Task.WhenAll(own, delivering));
        Assert.Equal((DeliveryState.Sent, 3), (await _office.StateAsync(again.Id), SentCount));
        Assert.True(_office.Clock.GetUtcNow() - full >= TimeSpan.FromSeconds(13));
    }

    [Fact]
    public async Task A_second_handover_with_a_sender_takes_a_place_of_its_own()
    {
        await using SmtpSink sink = new() { Certificate = microsoft.Dovecot.Certificate, OfferStartTls = true, Mechanisms = "XOAUTH2", User = "whoever has a token" };
        await sink.InitializeAsync();
        var registration = microsoft.Registration with { Own = microsoft.Registration.Own! with { Smtp = string.Create(CultureInfo.InvariantCulture, $"localhost:{sink.Port}") } };
        await using var office = await Office.OpenAsync(opened => opened.ConnectAsync(microsoft, registration, _address, Cancel));
        sink.Faults.Answer(SmtpStage.Sender, "550 5.7.60 SMTP; Client does not have permissions to send as this sender", times: 1);
        await office.WriteAndSendAsync();
        await office.ChangeAsync(db => db.Outbox.ExecuteUpdateAsync(set => set.SetProperty(o => o.AuthorId, 0), Cancel)); // as if it were answered by itself

        await office.DeliverAsync();

        Assert.Equal(_address, Assert.Single(sink.Received).Sender);
        Assert.Equal(2, await office.ReadAsync(db => db.MicrosoftPlaces.CountAsync(Cancel)));
    }

    [Fact]
    public async Task A_mailbox_that_is_switched_off_while_its_mail_waits_for_a_place_sends_no_more()
    {
        await TakeAsync(30);
        var own = OwnAsync();
        await Task.Delay(300, Cancel);
        await _office.ChangeAsync(db => db.Mailboxes.ExecuteUpdateAsync(set => set.SetProperty(mailbox => mailbox.Enabled, false), Cancel));

        await MoveOnAsync(own);

        Assert.Equal((SendingText.InvitationWithoutMailbox, 0), ((await own).Problem, SentCount));
    }

    [Fact]
    public async Task A_pause_that_Graph_asks_for_holds_for_what_is_written_only_then_too()
    {
        await _office.WriteAndSendAsync();
        Graph.Refusal = (429, "ApplicationThrottled", 600);
        await _office.DeliverAsync();
        var asked = Graph.Requests.Count;
        Graph.Refusal = null;

        var later = await _office.WriteAndSendAsync();
        await _office.DeliverAsync();
        Assert.Equal(Microsoft365Text.Paused, (await OwnAsync()).Problem);
        Assert.Equal((asked, DeliveryState.Queued), (Graph.Requests.Count, await _office.StateAsync(later.Id)));
        Assert.InRange((await _office.RowAsync(later.Id)).NextAttemptAt - _office.Clock.GetUtcNow(), TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));

        await MoveOnAsync(_office.DeliverAsync(TimeSpan.FromMinutes(10)));
        Assert.Equal((DeliveryState.Sent, 2), (await _office.StateAsync(later.Id), SentCount));
    }

    [Fact]
    public async Task A_pause_that_Graph_answers_to_the_test_mail_holds_for_all_of_the_mailbox()
    {
        Graph.Refusal = (429, "ApplicationThrottled", 600);
        var input = ConnectedStore.Input(_address, null);
        var steps = await _office.Get<ConnectionTest>().SendAsync(input with { Data = input.Data with { SendsByGraph = true } }, _office.MailboxId, "me@example.test", Cancel).ToListAsync(Cancel);
        Assert.Equal(StepState.Failed, Assert.Single(steps).State);
        (Graph.Refusal, var asked) = (null, Graph.Requests.Count);
        await _office.RestartAsync();

        var outgoing = await _office.WriteAndSendAsync();
        await _office.DeliverAsync();

        Assert.Equal((asked, DeliveryState.Queued), (Graph.Requests.Count, await _office.StateAsync(outgoing.Id)));
        Assert.Equal(Microsoft365Text.Paused, (await OwnAsync()).Problem);
    }

    [Fact]
    public async Task A_clock_that_is_put_back_holds_nothing_up()
    {
        await TakeAsync(30, TimeSpan.FromDays(1));
        var outgoing = await _office.WriteAndSendAsync();

        await _office.DeliverAsync();

        Assert.Equal(DeliveryState.Sent, await _office.StateAsync(outgoing.Id));
    }

    [Fact]
    public async Task Admins_are_told_of_a_secret_that_ends_once_a_month_once_a_week_and_once_a_day_ahead()
    {
        await _office.Get<Accounts>().AddAsync(new NewAccount("chief@example.test", "Chief", Roles.Admin, "four words of chief"), Actor.Operator, "test", Cancel);
        var endsAt = _office.Clock.GetUtcNow().AddDays(40);
        Assert.Empty(await _office.Get<Microsoft365SettingsEditing>().SaveAsync(microsoft.Registration with { Secret = null, ExpiresAt = endsAt }, Actor.Operator, "test", Cancel));
        List<int> told = [];
        foreach (var daysAhead in new[] { 31, 29, 20, 8, 6.5, 2, 0.9, 0.5 })
        {
            _office.Clock.SetUtcNow(endsAt.AddDays(-daysAhead));
            var before = SentCount;
            await _office.Get<SecretAlerts>().RunAsync(Cancel);
            told.Add(SentCount - before);
        }

        var admins = (await _office.Get<Accounts>().ListAsync(Cancel)).Count(person => person.IsAdmin);
        Assert.Equal([0, admins, 0, 0, admins, 0, admins, 0], told);
        Assert.Contains(endsAt.UtcDateTime.ToString("D", CultureInfo.CurrentCulture), Encoding.UTF8.GetString(Graph.Sent.Last(sent => sent.Address == _address).Mime), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_admin_whose_mail_failed_is_told_later_of_a_secret_that_ends_and_nobody_twice()
    {
        foreach (var name in new[] { "chief", "deputy" })
        {
            await _office.Get<Accounts>().AddAsync(new NewAccount($"{name}@example.test", name, Roles.Admin, $"four words of {name}"), Actor.Operator, "test", Cancel);
        }

        var endsAt = _office.Clock.GetUtcNow().AddDays(20);
        Assert.Empty(await _office.Get<Microsoft365SettingsEditing>().SaveAsync(microsoft.Registration with { Secret = null, ExpiresAt = endsAt }, Actor.Operator, "test", Cancel));
        Graph.FileAsync = (_, _) =>
        {
            Graph.Refusal = (400, "ErrorInvalidRecipients", null); // from the second on
            return Task.CompletedTask;
        };
        await _office.Get<SecretAlerts>().RunAsync(Cancel);
        Assert.Equal(1, SentCount);

        (Graph.Refusal, Graph.FileAsync) = (null, (_, _) => Task.CompletedTask);
        await _office.Get<SecretAlerts>().RunAsync(Cancel);
        await _office.Get<SecretAlerts>().RunAsync(Cancel);

        Assert.Equal(["chief@example.test", "deputy@example.test"], Graph.Sent.Where(sent => sent.Address == _address).Select(sent => RecipientOf(sent.Mime)).Order());

        static string RecipientOf(byte[] mime)
        {
            using var mail = MimeMessage.Load(new MemoryStream(mime), CancellationToken.None);
            return mail.To.Mailboxes.Single().Address;
        }
    }

    private Task<OwnMailResult> OwnAsync() => _office.Get<OwnMail>().SendAsync(new MailAddress("Chief", "chief@example.test"), "News", "All is well.", Cancel);

    /// <summary>So many were handed over within the last minute, one a second.</summary>
    /// <param name="ahead">By a clock that was so far ahead.</param>
    private Task TakeAsync(int count, TimeSpan ahead = default) => _office.ChangeAsync(async db =>
    {
        for (var i = 1; i <= count; i++)
        {
            db.MicrosoftPlaces.Add(new MicrosoftPlace { MailboxId = _office.MailboxId, Until = _office.Clock.GetUtcNow().AddSeconds(60 - i) + ahead });
        }

        await db.SaveChangesAsync(Cancel);
    });
}
