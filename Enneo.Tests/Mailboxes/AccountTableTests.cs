using Bunit;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Enneo.Web.Mailboxes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Enneo.Tests.Mailboxes;

public sealed class AccountTableTests : BunitContext
{
    private readonly FakeTimeProvider _clock = new(SampleAccounts.Now);

    public AccountTableTests()
    {
        Services.AddSingleton<TimeProvider>(_clock);
        SetRendererInfo(new("Server", isInteractive: true));
    }

    [Fact]
    public void ARowSaysWhoHowManyAndHowFast()
    {
        var table = Show(SampleAccounts.Report(delay: TimeSpan.FromSeconds(0.4)));

        var row = table.Find("tbody tr");
        Assert.Equal("Support", row.QuerySelector("a")?.TextContent);
        Assert.Contains("support@example.test · IMAP", row.TextContent, StringComparison.Ordinal);
        Assert.Equal("push, 3 s ago", row.QuerySelector(".state-ok")?.TextContent);
        Assert.Contains("48\u202F211 = 48\u202F211", row.TextContent, StringComparison.Ordinal);
        Assert.Contains("0.4 s", row.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AgesTick()
    {
        var table = Show(SampleAccounts.Report());

        _clock.Advance(TimeSpan.FromSeconds(2));

        await table.WaitForAssertionAsync(() => Assert.Equal("push, 5 s ago", table.Find(".state").TextContent));
    }

    [Fact]
    public void TheFirstSyncHasABar()
    {
        var table = Show(SampleAccounts.Report(s => (s.State, s.ProgressDone, s.ProgressTotal) = (MailboxState.Syncing, 12_400, 20_000)));

        Assert.Equal("62", table.Find("[role=progressbar]").GetAttribute("aria-valuenow"));
        Assert.Equal("first sync", table.Find(".state-warn").TextContent);
    }

    [Fact]
    public void WhatNeedsAPersonIsRedAndSaysWhy()
    {
        var table = Show(SampleAccounts.Report(s => (s.State, s.Message) = (MailboxState.SignInAgain, "the password was refused")));

        Assert.Equal("sign in again", table.Find(".state-bad").TextContent);
        Assert.Contains("the password was refused", table.Find("tbody tr").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSelectedRowIsMarkedAndEachRowLinksToItsAccount()
    {
        var table = Render<AccountTable>(parameters => parameters
            .Add(t => t.Reports, [SampleAccounts.Report(), SampleAccounts.Report(id: 2, name: "Sales")])
            .Add(t => t.Selected, 2));

        Assert.Equal(["/settings/email-accounts?account=1", "/settings/email-accounts?account=2"], table.FindAll("td.mailbox a").Select(a => a.GetAttribute("href")));
        Assert.Equal("Sales", table.Find("tr.selected a").TextContent);
    }

    [Fact]
    public void FailedMailsAreCountedAndLinked()
    {
        var table = Show(SampleAccounts.Report(ledger: SampleAccounts.Ledger with { Failed = 3 }));

        Assert.Contains("3 failed", table.Find("summary").TextContent, StringComparison.Ordinal);
        Assert.Equal("/settings/email-accounts?account=1#failed-mails", table.Find("dd a").GetAttribute("href"));
    }

    [Fact]
    public void TheBreakdownHasEveryOutcome()
    {
        var terms = Show(SampleAccounts.Report()).FindAll("dl > div").Select(line => line.TextContent.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Select(words => string.Join(' ', words));

        Assert.Equal(
            ["Announced48\u202F250", "Imported48\u202F201", "Duplicate10", "Left out0", "Failed 0", "Gone before fetch12", "Erased here27", "On the server48\u202F211"],
            terms);
    }

    private IRenderedComponent<AccountTable> Show(MailboxReport report) =>
        Render<AccountTable>(parameters => parameters.Add(table => table.Reports, [report]));
}
