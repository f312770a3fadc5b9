using System.Globalization;
using Enneo.Core.Activity;
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

/// <summary>What becomes of a mailbox over days: tokens end while it waits for news, and sign-ins end for good.</summary>
public sealed class LongConnectionTests(Office365 microsoft) : IClassFixture<Office365>, IAsyncLifetime
{
    private readonly string _address = microsoft.Dovecot.NewUser();
    private Office _office = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _office = await Office.OpenAsync(office => office.ConnectAsync(microsoft, microsoft.Registration, _address, Cancel));

    public async ValueTask DisposeAsync()
    {
        microsoft.Entra.SignsWrongly = false;
        await _office.DisposeAsync();
    }

    [Fact]
    public async Task A_token_that_ends_in_the_middle_of_IDLE_is_renewed_once_and_the_watch_taken_up_again()
    {
        await SpoilTokenAsync(); // good by our clock, and not by the server's
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var mailbox = await _office.ReadAsync(db => db.Mailboxes.AsNoTracking().SingleAsync(Cancel));
        var before = microsoft.Entra.Refreshes;
        var watching = _office.Get<IdleWatcher>().RunAsync(mailbox, stop.Token);
        await UntilIdleAsync();
        Assert.Equal(before + 1, microsoft.Entra.Refreshes);

        await SpoilTokenAsync();
        await _office.Get<StatusRecorder>().ModeAsync(_office.MailboxId, SyncMode.Poll, Cancel);
        before = microsoft.Entra.Refreshes;
        await microsoft.Dovecot.KillSessionsAsync(Cancel); // Exchange ends it so when the token does

        await UntilIdleAsync();
        Assert.Equal(before + 1, microsoft.Entra.Refreshes);
        await stop.CancelAsync();
        await Task.WhenAny(watching);
    }

    [Fact]
    [Trait("Check", "OA10")]
    public async Task A_sign_in_that_ends_for_good_pauses_all_and_loses_nothing_once_somebody_connects_again()
    {
        await DeliverAsync("before");
        await _office.Get<MailboxSync>().RunAsync(_office.MailboxId, Cancel);
        await SpoilTokenAsync();
        microsoft.Entra.RevokeAll();
        var customer = microsoft.Dovecot.NewUser();
        var outgoing = await _office.WriteAndSendAsync(customer);
        await _office.DeliverAsync();
        await _office.DeliverAsync(TimeSpan.FromHours(3));
        await DeliverAsync("meanwhile");

        var (status, row) = (await StatusAsync(), await _office.RowAsync(outgoing.Id));
        Assert.Equal((MailboxState.SignInAgain, DeliveryState.Queued), (status.State, row.State));
        Assert.Contains("AADSTS50173", status.Message, StringComparison.Ordinal);

        var connected = await _office.LogInAsync(microsoft, _address, Cancel, _office.MailboxId);
        Assert.Null(await _office.Get<MailboxEditing>().ReconnectAsync(_office.MailboxId, connected.Account!.Id, Actor.Operator, "test", Cancel));
        await _office.Get<OutgoingRecords>().WakeAsync(_office.MailboxId, Cancel); // as the change wakes it
        await _office.DeliverAsync(TimeSpan.Zero);
        await _office.Get<MailboxSync>().RunAsync(_office.MailboxId, Cancel);

        Assert.Equal((MailboxState.Ok, DeliveryState.Sent), ((await StatusAsync()).State, await _office.StateAsync(outgoing.Id)));
        await EnneoStore.UntilAsync(async () => (await microsoft.Dovecot.SubjectsAsync(customer, "INBOX", Cancel)).Count > 0, TimeSpan.FromSeconds(30), Cancel, 200);
        Assert.Single(await microsoft.Dovecot.SubjectsAsync(customer, "INBOX", Cancel));
        Assert.Equal(["before", "meanwhile"], await _office.ReadAsync(db => db.Messages.Where(m => m.Subject == "before" || m.Subject == "meanwhile").OrderBy(m => m.Id).Select(m => m.Subject).ToListAsync(Cancel)));
        Assert.Equal(DeliveryState.Sent, (await _office.RowAsync(outgoing.Id)).State);
    }

    [Fact]
    [Trait("Check", "OA10")]
    public async Task A_sign_in_that_ended_is_asked_about_once_in_a_quarter_of_an_hour()
    {
        await SpoilTokenAsync();
        microsoft.Entra.RevokeAll();
        var before = microsoft.Entra.Refreshes;
        for (var minute = 0; minute < 14; minute++)
        {
            await _office.SyncAsync(Cancel);
            _office.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(before + 1, microsoft.Entra.Refreshes);
        _office.Clock.Advance(TimeSpan.FromMinutes(2));
        await _office.SyncAsync(Cancel);
        Assert.Equal((before + 2, MailboxState.SignInAgain), (microsoft.Entra.Refreshes, (await StatusAsync()).State));
    }

    [Fact]
    [Trait("Check", "OA14")]
    public async Task Graph_that_refuses_a_token_is_asked_once_more_with_a_new_one()
    {
        microsoft.Entra.Graph.Rejections = 1;
        var before = microsoft.Entra.Refreshes;
        var account = await _office.Get<AccountTokens>().AccountOfAsync(_office.MailboxId, Cancel);
        await _office.Get<AccountTokens>().GetAsync(account, TokenFor.Graph, Cancel);

        var answer = await _office.Get<GraphSending>().SendAsync(account, _address, Office.Letter().ToBytes(), _ => Task.FromResult(true), Cancel);

        Assert.Equal((GraphEnd.Accepted, before + 1), (answer.End, microsoft.Entra.Refreshes));
    }

    [Theory]
    [InlineData("BAD Request is throttled. Suggested Backoff Time: 89117 milliseconds", "holds this mailbox back", true)]
    [InlineData("NO Server Unavailable. 15", "holds this mailbox back", false)]
    [InlineData("NO User is authenticated but not connected", "too many connections", false)]
    public async Task A_server_that_takes_the_token_and_then_nothing_is_left_alone_for_as_long_as_it_says_and_nobody_is_to_sign_in_again(string answer, string words, bool namesTime)
    {
        await using ScriptedImapServer server = new() { Certificate = microsoft.Dovecot.Certificate, ImplicitTls = true };
        server.Override = async (command, session) =>
        {
            var isTaken = command.Name is "CAPABILITY" or "LOGOUT";
            await (isTaken ? Task.CompletedTask : session.WriteAsync(command.Name is "AUTHENTICATE" ? $"{command.Tag} OK AUTHENTICATE completed." : $"{command.Tag} {answer}"));
            return !isTaken;
        };
        await server.InitializeAsync();
        var registration = microsoft.Registration with { Own = microsoft.Registration.Own! with { Imap = string.Create(CultureInfo.InvariantCulture, $"localhost:{server.Port}") } };
        await using var office = await Office.OpenAsync(opened => opened.ConnectAsync(microsoft, registration, _address, Cancel));
        var refreshes = microsoft.Entra.Refreshes;

        await office.SyncAsync(Cancel);
        var status = await office.ReadAsync(db => db.MailboxStatuses.AsNoTracking().SingleAsync(Cancel));
        Assert.Equal((MailboxState.Error, 1, refreshes), (status.State, server.ConnectedAt.Count, microsoft.Entra.Refreshes));
        Assert.Contains(words, status.Message, StringComparison.Ordinal);

        await office.RestartAsync();
        office.Clock.Advance(TimeSpan.FromSeconds(80));
        await office.SyncAsync(Cancel);
        Assert.Equal(namesTime ? 1 : 2, server.ConnectedAt.Count);
        office.Clock.Advance(TimeSpan.FromSeconds(10));
        await office.SyncAsync(Cancel);
        Assert.Equal(namesTime ? 2 : 3, server.ConnectedAt.Count);
    }

    [Fact]
    public async Task What_the_server_files_by_itself_in_whatever_cloud_lies_in_Sent_once()
    {
        await _office.WriteAndSendAsync(microsoft.Dovecot.NewUser());
        await _office.DeliverAsync();
        await _office.FileAsync(); // at once, when the server has not filed it yet
        using var sent = MimeMessage.Load(new MemoryStream(await _office.SourceAsync(await _office.ReadAsync(db => db.Outbox.Select(o => o.MessageId).SingleAsync(Cancel)))), Cancel);
        await microsoft.Dovecot.DeliverAsync(_address, sent, Cancel, folder: "Sent");

        await _office.FileAsync(TimeSpan.FromMinutes(1));

        Assert.Single(await microsoft.Dovecot.ListAsync(_address, Cancel, "Sent"));
        Assert.Equal(SentCopyState.Done, await _office.ReadAsync(db => db.Outbox.Select(o => o.SentCopy).SingleAsync(Cancel)));
    }

    /// <summary>The stored token is one that the servers do not take.</summary>
    private async Task SpoilTokenAsync()
    {
        microsoft.Entra.SignsWrongly = true;
        var tokens = _office.Get<AccountTokens>();
        await tokens.GetAsync(await tokens.AccountOfAsync(_office.MailboxId, Cancel), TokenFor.Mail, Cancel, early: true);
        microsoft.Entra.SignsWrongly = false;
    }

    private Task UntilIdleAsync() => EnneoStore.UntilAsync(
        async () =>
        {
            _office.Clock.Advance(TimeSpan.FromSeconds(1));
            return (await StatusAsync()).Mode is SyncMode.Idle;
        },
        TimeSpan.FromSeconds(60), Cancel, 100);

    private Task<MailboxStatus> StatusAsync() => _office.ReadAsync(db => db.MailboxStatuses.AsNoTracking().SingleAsync(Cancel));

    private async Task DeliverAsync(string subject)
    {
        using MimeMessage mail = new([MailboxAddress.Parse(Office.Customer)], [MailboxAddress.Parse(_address)], subject, new TextPart("plain") { Text = "?" });
        await microsoft.Dovecot.DeliverAsync(_address, mail, Cancel);
    }
}
