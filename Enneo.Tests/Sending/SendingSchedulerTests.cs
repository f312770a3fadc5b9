using Enneo.Core.Connections;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sending;
using Enneo.Tests.Servers;

namespace Enneo.Tests.Sending;

public sealed class SendingSchedulerTests : IAsyncLifetime
{
    private static readonly (string, string) s_soon = ("Enneo:Sending:UndoTime", "00:00:01");
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly SmtpSink _sink = new() { User = Office.Address };
    private readonly ScriptedImapServer _imap = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _sink.InitializeAsync();
        await _imap.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _sink.DisposeAsync();
        await _imap.DisposeAsync();
    }

    [Fact]
    public async Task What_is_queued_leaves_by_itself_and_is_filed()
    {
        await using var office = await Office.OpenAsync(_imap.Mailbox(Office.Address, _sink), TimeProvider.System, s_soon);
        await office.StartJobsAsync();

        var outgoing = await office.WriteAndSendAsync();
        await EnneoStore.UntilAsync(async () => (await office.RowAsync(outgoing.Id)).SentCopy == SentCopyState.Done, s_patience, Cancel);

        Assert.Single(_sink.Received);
        Assert.Single(_imap.Folders[1].Mails);
    }

    [Fact]
    public async Task What_waited_when_the_process_ended_leaves_after_the_next_start()
    {
        await using var office = await Office.OpenAsync(_imap.Mailbox(Office.Address, _sink), TimeProvider.System, s_soon);
        var waiting = await office.WriteAndSendAsync();
        var interrupted = await office.WriteAndSendAsync();
        await office.Get<OutgoingRecords>().BeginAsync(interrupted.Id, new Dictionary<string, SmtpAnswer>(), Cancel);

        await office.StartJobsAsync();
        await EnneoStore.UntilAsync(async () => await office.StateAsync(waiting.Id) == DeliveryState.Sent, s_patience, Cancel);

        Assert.Equal(DeliveryState.Uncertain, await office.StateAsync(interrupted.Id));
        Assert.Single(_sink.Received);
    }

    [Fact]
    public async Task A_silent_server_delays_only_its_own_mailbox()
    {
        await using SilentServer silent = new();
        await silent.InitializeAsync();
        await using var office = await Office.OpenAsync(_imap.Mailbox(Office.Address, _sink), TimeProvider.System, ("Enneo:Sending:UndoTime", "00:00:00"));
        var dead = await office.AddAsync(silent.Mailbox("dead@example.test"));
        await office.StartJobsAsync();
        var stuck = await office.SendAsync(await office.WriteAsync(messageId: (await office.ReceiveAsync(mailboxId: dead)).MessageId));
        await EnneoStore.UntilAsync(() => Task.FromResult(silent.Connections > 0), s_patience, Cancel);

        var outgoing = await office.WriteAndSendAsync();
        await EnneoStore.UntilAsync(async () => await office.StateAsync(outgoing.Id) == DeliveryState.Sent, TimeSpan.FromSeconds(5), Cancel);

        Assert.Equal(DeliveryState.Queued, await office.StateAsync(stuck.Id));
    }

    [Fact]
    public async Task A_changed_password_wakes_what_waited_for_it()
    {
        await using var office = await Office.OpenAsync(_imap.Mailbox(Office.Address, _sink), TimeProvider.System, s_soon);
        _sink.Password = "another";
        await office.StartJobsAsync();
        var outgoing = await office.WriteAndSendAsync();
        await EnneoStore.UntilAsync(async () => (await office.RowAsync(outgoing.Id)).Attempts == 1, s_patience, Cancel);

        var input = await office.Get<MailboxEditing>().FindAsync(office.MailboxId, Cancel);
        var changed = input! with { Data = input.Data with { Smtp = input.Data.Smtp with { Password = "another" } } };
        Assert.Empty((await office.Get<MailboxEditing>().UpdateAsync(office.MailboxId, changed, Core.Activity.Actor.Operator, "command", Cancel)).Errors);
        await EnneoStore.UntilAsync(async () => await office.StateAsync(outgoing.Id) == DeliveryState.Sent, s_patience, Cancel);

        Assert.Single(_sink.Received);
    }
}
