using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Enneo.Web.Mailboxes;

namespace Enneo.Tests.Mailboxes;

public sealed class AccountWordsTests
{
    private static readonly TimeZoneInfo s_berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    public static TheoryData<string, Action<MailboxStatus>, string, string?> States => new()
    {
        { "push", _ => { }, "push, 3 s ago", null },
        { "push, this moment", s => s.LastSyncAt = SampleAccounts.Now, "push, now", null },
        { "a clock that runs ahead", s => s.LastSyncAt = SampleAccounts.Now.AddSeconds(5), "push, now", null },
        { "poll", s => (s.Mode, s.LastSyncAt) = (SyncMode.Poll, SampleAccounts.Now.AddSeconds(-12)), "poll every 60 s, 12 s ago", null },
        { "overdue", s => s.LastSyncAt = SampleAccounts.Now.AddMinutes(-5), "push, 5 min ago", "overdue, expected every 60 s" },
        { "syncing as ever", s => s.State = MailboxState.Syncing, "push, 3 s ago", null },
        { "just added", s => s.LastSyncAt = null, "first sync", "counting what is there" },
        { "first sync", s => (s.State, s.ProgressDone, s.ProgressTotal, s.ProgressSince) = (MailboxState.Syncing, 12_400, 20_000, SampleAccounts.Now.AddSeconds(-10)), "first sync", "12\u202F400 of 20\u202F000, about 6 s" },
        { "first second of it", s => (s.State, s.ProgressDone, s.ProgressTotal, s.ProgressSince) = (MailboxState.Syncing, 50, 20_000, SampleAccounts.Now), "first sync", "50 of 20\u202F000" },
        { "password changed", s => (s.State, s.Since, s.Message) = (MailboxState.SignInAgain, SampleAccounts.Now.AddMinutes(-46), "password changed"), "sign in again", "since 09:14: password changed" },
        { "for days", s => (s.State, s.Since) = (MailboxState.Error, SampleAccounts.Now.AddDays(-3)), "not syncing", "since 2 Jan, 10:00" },
        { "paused", s => s.State = MailboxState.Paused, "paused", null },
    };

    [Theory]
    [MemberData(nameof(States), DisableDiscoveryEnumeration = true)]
    public void AStateIsSaidInWords(string what, Action<MailboxStatus> status, string pill, string? detail)
    {
        var words = AccountWords.State(SampleAccounts.Report(status), SampleAccounts.Now, s_berlin);

        Assert.True((pill, detail) == (words.Pill, words.Detail), $"{what}: {words}");
    }

    [Fact]
    public void AMailboxThatIsSwitchedOffIsPausedWhateverItsLastState() =>
        Assert.Equal("paused", AccountWords.State(SampleAccounts.Report(s => s.State = MailboxState.Error, enabled: false), SampleAccounts.Now, s_berlin).Pill);

    [Fact]
    public void AMailboxWithoutAServerIsReady()
    {
        var report = SampleAccounts.Report(method: MailboxMethod.Api);

        Assert.Equal(new StateWords(Tone.Fine, "ready"), AccountWords.State(report, SampleAccounts.Now.AddDays(1), s_berlin));
    }

    [Fact]
    public void TheHeadingCountsWhoNeedsAPerson()
    {
        MailboxReport[] reports =
        [
            SampleAccounts.Report(),
            SampleAccounts.Report(s => s.State = MailboxState.SignInAgain),
            SampleAccounts.Report(s => s.State = MailboxState.Error),
            SampleAccounts.Report(enabled: false),
        ];

        Assert.Equal("1 connected · 2 need you · 1 paused", AccountWords.Summary(reports));
        Assert.Equal("1 connected · 1 needs you", AccountWords.Summary(reports[..2]));
        Assert.Equal("1 connected", AccountWords.Summary(reports[..1]));
    }

    [Fact]
    public void TheLedgerComparesWhatTheServerListsWithWhatIsHere()
    {
        var even = SampleAccounts.Report();
        var missing = SampleAccounts.Report(ledger: SampleAccounts.Ledger with { OnServer = 48_199, Difference = 12 });

        Assert.Equal(("48\u202F211 = 48\u202F211", "difference 0"), (AccountWords.Ledger(even), AccountWords.LedgerDetail(even)));
        Assert.Equal(("48\u202F211 = 48\u202F199", "difference 12"), (AccountWords.Ledger(missing), AccountWords.LedgerDetail(missing)));
        Assert.True(AccountWords.Differs(missing));
    }

    [Fact]
    public void NobodyComparesDuringTheFirstSync()
    {
        var running = SampleAccounts.Report(s => (s.State, s.ProgressDone, s.ProgressTotal) = (MailboxState.Syncing, 400, 1000), ledger: SampleAccounts.Ledger with { OnServer = 400, Difference = 600 });

        Assert.Equal(("400", "newest first"), (AccountWords.Ledger(running), AccountWords.LedgerDetail(running)));
        Assert.False(AccountWords.Differs(running));
    }

    [Fact]
    public void ANegativeDifferenceIsSaidToo() =>
        Assert.Equal("difference -2", AccountWords.LedgerDetail(SampleAccounts.Report(ledger: SampleAccounts.Ledger with { Difference = -2 })));

    [Theory]
    [InlineData(84, "84 ms")]
    [InlineData(99.7, "100 ms")]
    [InlineData(400, "0.4 s")]
    [InlineData(12_300, "12 s")]
    public void ADelayIsShort(double milliseconds, string words) =>
        Assert.Equal(words, AccountWords.Delay(new DelayFigures(TimeSpan.FromMilliseconds(milliseconds), null)));

    [Fact]
    public void NoDelayIsADash() => Assert.Equal("–", AccountWords.Delay(new DelayFigures(null, null)));
}
