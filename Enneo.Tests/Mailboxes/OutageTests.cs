using Bunit;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sending;
using Enneo.Core.Sync;
using Enneo.Tests.Sending;
using Enneo.Tests.Servers;
using Enneo.Web.Inbox;
using Enneo.Web.Mailboxes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Tests.Mailboxes;

/// <summary>A mailbox that does not work: its history, and how admins are told.</summary>
public sealed class OutageTests : BunitContext, IAsyncLifetime
{
    private readonly SmtpSink _sink = new() { User = Office.Address };
    private Office _office = null!;

    private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    private MailboxOutages Outages => _office.Get<MailboxOutages>();

    private StatusRecorder Recorder => _office.Get<StatusRecorder>();

    public async ValueTask InitializeAsync()
    {
        await _sink.InitializeAsync();
        _office = await Office.OpenAsync(_sink, ("Enneo:Alerts:MailboxDownFor", "00:20:00"));
        Assert.True((await _office.Get<Accounts>().AddAsync(new NewAccount("chief@example.test", "Chief", Roles.Admin, "four words of chief"), Actor.Operator, "test", Cancel)).Succeeded);
        Services.AddSingleton(Outages).AddSingleton<TimeProvider>(_office.Clock).AddScoped<BrowserTime>();
        this.AddAuthorization().SetAuthorized("chief@example.test").SetRoles(Roles.Admin);
        SetRendererInfo(new("Server", isInteractive: true));
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        await _office.DisposeAsync();
        await _sink.DisposeAsync();
    }

    [Fact]
    public async Task Admins_are_told_by_banner_and_by_one_mail_once_it_has_lasted_as_long_as_the_setting_says()
    {
        await FailAsync("The password was refused.");
        await LookAsync(TimeSpan.FromMinutes(19));
        Assert.Empty(_sink.Received);
        Assert.Empty(Render<OutageNotice>().FindAll("[data-outage]"));

        await FailAsync("The server cannot be reached.", MailboxState.Error); // another cause, and the same outage
        await LookAsync(TimeSpan.FromMinutes(2));
        await LookAsync(TimeSpan.FromHours(1));

        var mail = Assert.Single(_sink.Received);
        Assert.Equal(["chief@example.test"], mail.Recipients);
        Assert.Equal("Mailbox Workshop does not work", mail.Parse().Subject);
        Assert.Contains("The server cannot be reached.", mail.Parse().TextBody, StringComparison.Ordinal);
        var banner = Render<OutageNotice>().Find("[data-outage]");
        Assert.Contains("Workshop has not worked since", banner.TextContent, StringComparison.Ordinal);
        Assert.Contains("The server cannot be reached.", banner.TextContent, StringComparison.Ordinal);
        Assert.Equal($"/settings/email-accounts?account={_office.MailboxId}", banner.QuerySelector("a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task The_banner_goes_when_it_works_again_and_the_next_outage_is_told_anew()
    {
        await FailAsync("First.");
        await LookAsync(TimeSpan.FromMinutes(21));
        var banner = Render<OutageNotice>();
        Assert.Single(banner.FindAll("[data-outage]"));

        await Recorder.SyncedAsync(_office.MailboxId, notice: null, Cancel);
        _office.Clock.Advance(TimeSpan.FromMinutes(1));
        await banner.WaitForAssertionAsync(() => Assert.Empty(banner.FindAll("[data-outage]")));

        await FailAsync("Second.");
        await LookAsync(TimeSpan.FromMinutes(21));
        Assert.Equal(2, _sink.Received.Count);
    }

    [Fact]
    public async Task The_mail_comes_from_a_mailbox_that_works_and_is_tried_again_until_one_does()
    {
        _sink.Faults.Answer(SmtpStage.Sender, "451 4.3.0 later", times: 1);
        await FailAsync("First.");
        await LookAsync(TimeSpan.FromMinutes(21));
        Assert.Empty(_sink.Received);
        var other = Office.MailboxOf(_sink, FreePort.Next());
        await _office.AddAsync(other with { Name = "Other", Data = other.Data with { Address = "other@workshop.example" } });

        await LookAsync(TimeSpan.FromMinutes(5));
        Assert.Empty(_sink.Received); // not at once
        await LookAsync(TimeSpan.FromMinutes(11));

        Assert.Equal("other@workshop.example", Assert.Single(_sink.Received).Sender);
    }

    [Fact]
    public async Task An_admin_whose_mail_failed_is_told_later_and_who_was_told_is_not_told_again()
    {
        Assert.True((await _office.Get<Accounts>().AddAsync(new NewAccount("deputy@example.test", "Deputy", Roles.Admin, "four words of deputy"), Actor.Operator, "test", Cancel)).Succeeded);
        _sink.Faults.Answer(SmtpStage.Sender, "451 4.3.0 later", times: 1);
        await FailAsync("First.");
        await LookAsync(TimeSpan.FromMinutes(21));
        var told = Assert.Single(_sink.Received).Recipients;

        await LookAsync(TimeSpan.FromMinutes(16));
        await LookAsync(TimeSpan.FromMinutes(16));

        Assert.Equal(["chief@example.test", "deputy@example.test"], _sink.Received.SelectMany(mail => mail.Recipients).Order());
        Assert.DoesNotContain(_sink.Received[^1].Recipients, told.Contains);
    }

    [Fact]
    public async Task While_the_mail_to_one_admin_fails_a_restart_tells_none_of_the_others_again()
    {
        Assert.True((await _office.Get<Accounts>().AddAsync(new NewAccount("deputy@example.test", "Deputy", Roles.Admin, "four words of deputy"), Actor.Operator, "test", Cancel)).Succeeded);
        _sink.Faults.Answer(SmtpStage.Recipient, "550 5.1.1 nobody", recipient: "deputy@example.test");
        await FailAsync("First.");
        _office.Clock.Advance(TimeSpan.FromMinutes(21));

        await RestartedAsync();
        await RestartedAsync();
        Assert.Equal(["chief@example.test"], _sink.Received.SelectMany(mail => mail.Recipients));
        _sink.Faults.Clear();
        await RestartedAsync();
        await RestartedAsync();

        Assert.Equal(["chief@example.test", "deputy@example.test"], _sink.Received.SelectMany(mail => mail.Recipients));

        Task RestartedAsync() => ActivatorUtilities.CreateInstance<OutageAlerts>(_office.Get<IServiceProvider>()).RunAsync(Cancel);
    }

    [Fact]
    public async Task While_there_is_no_admin_nobody_counts_as_told()
    {
        await DisableChiefAsync(_office.Clock.GetUtcNow());
        await FailAsync("First.");
        await LookAsync(TimeSpan.FromMinutes(21));
        Assert.False(Assert.Single(await Outages.LastingAsync(Cancel)).IsAlerted);

        await DisableChiefAsync(null);
        await LookAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(["chief@example.test"], Assert.Single(_sink.Received).Recipients);
        Assert.True(Assert.Single(await Outages.LastingAsync(Cancel)).IsAlerted);

        Task DisableChiefAsync(DateTimeOffset? at) => _office.ChangeAsync(db => db.Users.Where(u => u.Email == "chief@example.test").ExecuteUpdateAsync(set => set.SetProperty(u => u.DisabledAt, at), Cancel));
    }

    [Fact]
    public async Task The_history_counts_each_cause_and_stands_at_the_mailbox()
    {
        await FailAsync("The password was refused.");
        await FailAsync("The password was refused.");
        await Recorder.ModeAsync(_office.MailboxId, SyncMode.Idle, Cancel);
        await FailAsync("The server cannot be reached.", MailboxState.Error);
        await Recorder.SyncedAsync(_office.MailboxId, notice: null, Cancel);

        var history = await Outages.HistoryAsync(_office.MailboxId, 10, Cancel);

        Assert.Equal([("The server cannot be reached.", 1, true), ("The password was refused.", 2, true)], history.Select(failure => (failure.Message, failure.Times, failure.EndedAt is not null)));
        var rows = Render<AccountHistory>(parameters => parameters.Add(panel => panel.MailboxId, _office.MailboxId)).FindAll("[data-failures] li");
        Assert.Equal(2, rows.Count);
        Assert.Contains("met 2 times", rows[1].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_history_of_a_mailbox_is_bounded()
    {
        for (var i = 0; i < 105; i++)
        {
            await FailAsync($"Cause {i}.");
        }

        Assert.Equal(100, (await Outages.HistoryAsync(_office.MailboxId, 1000, Cancel)).Count);
    }

    private async Task FailAsync(string words, MailboxState state = MailboxState.SignInAgain) => await Recorder.FailedAsync(_office.MailboxId, state, words, Cancel);

    private async Task LookAsync(TimeSpan after)
    {
        _office.Clock.Advance(after);
        await _office.Get<OutageAlerts>().RunAsync(Cancel);
    }
}
