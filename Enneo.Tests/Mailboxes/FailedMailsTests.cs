using Bunit;
using Enneo.Core.Sync;
using Enneo.Web.Mailboxes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Enneo.Tests.Mailboxes;

public sealed class FailedMailsTests : BunitContext
{
    private readonly TaskCompletionSource<int> _retried = new();

    public FailedMailsTests() => Services.AddSingleton<TimeProvider>(new FakeTimeProvider(SampleAccounts.Now));

    [Fact]
    public void EachSaysWhyAndWhere()
    {
        var panel = Show(new FailedMail(1, 42, "INBOX", 9, SampleAccounts.Now.AddHours(-1), "Nested more than 50 levels deep."));

        var mail = panel.Find("li");
        Assert.Contains("Nested more than 50 levels deep.", mail.TextContent, StringComparison.Ordinal);
        Assert.Contains("INBOX, UID 9, 08:00", mail.TextContent, StringComparison.Ordinal);
        Assert.Equal("/message/42/source", mail.QuerySelector("a[download]")?.GetAttribute("href"));
    }

    [Fact]
    public void WithoutAMessageThereIsNoSourceToLinkTo() =>
        Assert.Empty(Show(new FailedMail(1, null, "INBOX", 9, SampleAccounts.Now, "No header.")).FindAll("a"));

    [Theory]
    [InlineData(2, "2 can be read now.")]
    [InlineData(0, "None of them can be read yet. What the server did not give is asked for once more now.")]
    public async Task RetryingSaysWhatCameOfIt(int readable, string words)
    {
        var panel = Show(new FailedMail(1, 42, "INBOX", 9, SampleAccounts.Now, "No header."));

        var retry = panel.Find("button").ClickAsync();
        Assert.True(panel.Find("button").HasAttribute("disabled"));
        _retried.SetResult(readable);
        await retry;

        Assert.Equal(words, panel.Find("[role=status]").TextContent);
        Assert.False(panel.Find("button").HasAttribute("disabled"));
    }

    [Fact]
    public void AThousandAreNotAllShown()
    {
        var panel = Show([.. Enumerable.Range(1, 1000).Select(i => new FailedMail(i, i, "INBOX", (uint)i, SampleAccounts.Now, "No header."))]);

        Assert.Equal(100, panel.FindAll("li").Count);
        Assert.Contains("and 900 more", panel.Markup, StringComparison.Ordinal);
    }

    private IRenderedComponent<FailedMails> Show(params FailedMail[] mails) => Render<FailedMails>(parameters => parameters
        .Add(panel => panel.Mails, mails)
        .Add(panel => panel.Retry, () => _retried.Task));
}
