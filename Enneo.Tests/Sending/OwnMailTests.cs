using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Core.Sync;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Sending;

/// <summary>What the installation writes itself, while a server takes its time.</summary>
public sealed class OwnMailTests : IAsyncLifetime
{
    private const string OtherAddress = "other@workshop.example";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly SmtpSink _hanging = new() { User = Office.Address };
    private readonly SmtpSink _other = new() { User = Office.Address };
    private readonly TaskCompletionSource _answers = new();
    private Office _office = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _hanging.InitializeAsync();
        await _other.InitializeAsync();
        _office = await Office.OpenAsync(_hanging);
        var other = Office.MailboxOf(_other, FreePort.Next());
        await _office.AddAsync(other with { Name = "Other", Data = other.Data with { Address = OtherAddress } });
        _hanging.Faults.BeforeAnswer = _ => _answers.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _answers.TrySetResult();
        await _office.DisposeAsync();
        await _hanging.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task A_server_that_hangs_holds_up_no_other_mailbox()
    {
        var first = await BegunAsync();
        await _office.Get<StatusRecorder>().FailedAsync(_office.MailboxId, MailboxState.Error, "It hangs.", Cancel); // so that the other is chosen

        Assert.Equal(OtherAddress, (await WriteAsync().WaitAsync(s_patience, Cancel)).From);

        _answers.SetResult();
        Assert.Equal(Office.Address, (await first).From);
    }

    [Fact]
    public async Task A_mailbox_that_is_switched_off_before_its_turn_comes_sends_no_more()
    {
        var first = await BegunAsync();
        var second = WriteAsync();
        await Task.Delay(300, Cancel); // it waits for its turn
        Assert.False(second.IsCompleted);
        await _office.ChangeAsync(db => db.Mailboxes.Where(m => m.Id == _office.MailboxId).ExecuteUpdateAsync(set => set.SetProperty(m => m.Enabled, false), Cancel));

        _answers.SetResult();

        Assert.Equal((Office.Address, OtherAddress), ((await first).From, (await second).From));
        Assert.Single(_hanging.Received);
    }

    /// <returns>What has arrived, and has no answer yet.</returns>
    private async Task<Task<OwnMailResult>> BegunAsync()
    {
        var begun = WriteAsync();
        await _hanging.WaitForAsync("News", Cancel);
        return begun;
    }

    private Task<OwnMailResult> WriteAsync() => _office.Get<OwnMail>().SendAsync(new MailAddress("Chief", "chief@example.test"), "News", "All is well.", Cancel);
}
