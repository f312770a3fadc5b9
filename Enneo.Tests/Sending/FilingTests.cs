using Enneo.Core.Mailboxes;
using Enneo.Core.Sending;
using Enneo.Core.Sync;
using Enneo.Tests.Servers;
using MailKit;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Sending;

public sealed class FilingTests : IAsyncLifetime
{
    private readonly SmtpSink _sink = new() { User = Office.Address };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _sink.InitializeAsync();

    public ValueTask DisposeAsync() => _sink.DisposeAsync();

    [Fact]
    public async Task One_copy_with_the_same_bytes_lies_in_sent()
    {
        await using DovecotServer dovecot = new();
        await dovecot.InitializeAsync();
        await using var office = await Office.OpenAsync(dovecot.Mailbox("files@example.test", _sink));
        var outgoing = await office.WriteAndSendAsync();
        await office.DeliverAsync();

        await office.FileAsync();
        await office.FileAsync(TimeSpan.FromHours(1));

        var copy = Assert.Single(await dovecot.ListAsync("files@example.test", Cancel, "Sent"));
        Assert.Equal(await office.SourceAsync(outgoing.MessageId), copy.Source);
        Assert.Equal(Assert.Single(_sink.Received).Source, copy.Source);
        Assert.Equal(MessageFlags.Seen, copy.Flags & MessageFlags.Seen);
        Assert.Equal(SentCopyState.Done, (await office.RowAsync(outgoing.Id)).SentCopy);
    }

    [Fact]
    public async Task The_sync_knows_the_copy_for_what_it_is()
    {
        await using DovecotServer dovecot = new();
        await dovecot.InitializeAsync();
        await using var office = await Office.OpenAsync(dovecot.Mailbox("known@example.test", _sink));
        var outgoing = await office.WriteAndSendAsync();
        await office.DeliverAsync();
        await office.FileAsync();

        await office.Get<MailboxSync>().RunAsync(office.MailboxId, Cancel);

        var entry = await office.ReadAsync(db => db.Ledger.SingleAsync(Cancel));
        Assert.Equal((LedgerOutcome.Duplicate, outgoing.MessageId), (entry.Outcome, entry.MessageId));
        Assert.Equal(2, await office.ReadAsync(db => db.Messages.CountAsync(Cancel)));
    }

    [Fact]
    public async Task A_copy_that_the_server_filed_is_the_only_one()
    {
        await using ScriptedImapServer imap = new();
        await imap.InitializeAsync();
        await using var office = await Office.OpenAsync(imap.Mailbox(Office.Address, _sink));
        var outgoing = await office.WriteAndSendAsync();
        await office.DeliverAsync();
        imap.Folders[1].Add(_sink.Received[0].Source, office.Clock.GetUtcNow());

        await office.FileAsync();

        Assert.Single(imap.Folders[1].Mails);
        Assert.Equal(SentCopyState.Done, (await office.RowAsync(outgoing.Id)).SentCopy);
    }

    [Fact]
    public async Task A_refused_copy_is_tried_again_alone()
    {
        await using ScriptedImapServer imap = new();
        await imap.InitializeAsync();
        await using var office = await Office.OpenAsync(imap.Mailbox(Office.Address, _sink));
        imap.Override = Once("APPEND", (command, session) => session.WriteAsync($"{command.Tag} NO [OVERQUOTA] full"));
        var outgoing = await office.WriteAndSendAsync();
        await office.DeliverAsync();

        await office.FileAsync();
        var between = await office.RowAsync(outgoing.Id);
        await office.FileAsync(TimeSpan.FromMinutes(1));
        await office.DeliverAsync();

        Assert.Equal((DeliveryState.Sent, SentCopyState.Wanted), (between.State, between.SentCopy));
        Assert.Equal(SentCopyState.Done, (await office.RowAsync(outgoing.Id)).SentCopy);
        Assert.Equal(_sink.Received[0].Source, Assert.Single(imap.Folders[1].Mails).Source);
        Assert.Single(_sink.Received);
    }

    [Fact]
    public async Task A_copy_that_was_stored_without_an_answer_is_not_stored_twice()
    {
        await using ScriptedImapServer imap = new();
        await imap.InitializeAsync();
        await using var office = await Office.OpenAsync(imap.Mailbox(Office.Address, _sink));
        imap.Override = Once("APPEND", (command, session) =>
        {
            imap.Folders[1].Add(command.Literal!, office.Clock.GetUtcNow());
            session.HangUp();
            return Task.CompletedTask;
        });
        var outgoing = await office.WriteAndSendAsync();
        await office.DeliverAsync();

        await office.FileAsync();
        await office.FileAsync(TimeSpan.FromMinutes(1));

        Assert.Single(imap.Folders[1].Mails);
        Assert.Equal(SentCopyState.Done, (await office.RowAsync(outgoing.Id)).SentCopy);
    }

    [Fact]
    public async Task A_mail_with_an_unknown_end_that_lies_in_sent_was_sent()
    {
        await using ScriptedImapServer imap = new();
        await imap.InitializeAsync();
        await using var office = await Office.OpenAsync(imap.Mailbox(Office.Address, _sink));
        _sink.Faults.AtDot(AfterDot.AcceptAndHangUp, times: 1);
        var outgoing = await office.WriteAndSendAsync();
        await office.DeliverAsync();
        await office.FileAsync();
        var before = await office.StateAsync(outgoing.Id);
        imap.Folders[1].Add(_sink.Received[0].Source, office.Clock.GetUtcNow());

        await office.FileAsync(TimeSpan.FromMinutes(1));
        await office.DeliverAsync();

        Assert.Equal(DeliveryState.Uncertain, before);
        var row = await office.RowAsync(outgoing.Id);
        Assert.Equal((DeliveryState.Sent, SentCopyState.Done), (row.State, row.SentCopy));
        Assert.Single(imap.Folders[1].Mails);
        Assert.Single(_sink.Received);
    }

    [Fact]
    public async Task A_mail_with_an_unknown_end_that_lies_nowhere_gets_no_copy()
    {
        await using ScriptedImapServer imap = new();
        await imap.InitializeAsync();
        await using var office = await Office.OpenAsync(imap.Mailbox(Office.Address, _sink));
        _sink.Faults.AtDot(AfterDot.HangUp, times: 1);
        var outgoing = await office.WriteAndSendAsync();
        await office.DeliverAsync();

        for (var look = 0; look < 6; look++)
        {
            await office.FileAsync(TimeSpan.FromHours(2));
        }

        var row = await office.RowAsync(outgoing.Id);
        Assert.Equal((DeliveryState.Uncertain, null), (row.State, row.FilingAt));
        Assert.Empty(imap.Folders[1].Mails);
    }

    [Fact]
    public async Task A_server_without_a_folder_of_sent_mail_gets_one()
    {
        await using DovecotServer dovecot = new();
        await dovecot.InitializeAsync();
        await using var office = await Office.OpenAsync(dovecot.Mailbox("none@example.test", _sink));
        using (var client = await dovecot.OpenAsync("none@example.test", Cancel))
        {
            await (await client.GetFolderAsync("Sent", Cancel)).DeleteAsync(Cancel);
        }

        await office.WriteAndSendAsync();
        await office.DeliverAsync();
        await office.FileAsync();

        Assert.Single(await dovecot.ListAsync("none@example.test", Cancel, "Sent"));
    }

    [Theory]
    [InlineData("smtp.gmail.com", true)]
    [InlineData("smtp.office365.com", true)]
    [InlineData("smtp-mail.outlook.com", true)]
    [InlineData("smtp.office365.us", true)]
    [InlineData("outlook-dod.office365.us", true)]
    [InlineData("smtp.partner.outlook.cn", true)]
    [InlineData("mail.notgmail.com", false)]
    [InlineData("mail.example.com", false)]
    public void Known_providers_file_themselves(string host, bool filesItself)
    {
        ServerSettings smtp = new() { Host = host, Port = 587, Security = Core.Connections.ConnectionSecurity.StartTls, User = "", ProtectedPassword = "" };

        Assert.Equal(filesItself, SelfFilingServers.Contains(smtp));
    }

    private static Func<ImapCommand, ScriptedImapSession, Task<bool>> Once(string name, Func<ImapCommand, ScriptedImapSession, Task> answer)
    {
        var left = 1;
        return async (command, session) =>
        {
            if (command.Name != name || Interlocked.Decrement(ref left) < 0)
            {
                return false;
            }

            await answer(command, session);
            return true;
        };
    }
}
