using System.Threading.Channels;
using Bunit;
using Enneo.Core.Mailboxes;
using Enneo.Web.Mailboxes;

namespace Enneo.Tests.Mailboxes;

public sealed class AccountChecksTests : BunitContext
{
    private readonly Channel<TestStep> _steps = Channel.CreateUnbounded<TestStep>();
    private readonly List<string> _sentTo = [];
    private MailboxInput? _input = SampleAccounts.Input();

    [Fact]
    public async Task StepsAppearOneByOne()
    {
        var checks = Show();
        var test = checks.Find(".checks > button").ClickAsync();

        Assert.Contains("working", checks.Find(".steps").TextContent, StringComparison.Ordinal);
        _steps.Writer.TryWrite(new("imap.example.test reached, TLS 1.3", StepState.Done, TimeSpan.FromMilliseconds(84)));
        await checks.WaitForAssertionAsync(() => Assert.Contains("84 ms", checks.Find("li.done").TextContent, StringComparison.Ordinal));
        Assert.True(checks.Find(".checks > button").HasAttribute("disabled"));

        _steps.Writer.TryWrite(new("The password was refused. Enter it again.", StepState.Failed, TimeSpan.FromMilliseconds(211), "Authentication failed."));
        _steps.Writer.TryWrite(new("Open INBOX", StepState.NotReached, null));
        _steps.Writer.Complete();
        await test;

        Assert.Equal("Authentication failed.", checks.Find("li.failed q").TextContent);
        Assert.Equal("–", checks.Find("li.not-reached .mark").TextContent);
        Assert.Empty(checks.FindAll(".waiting"));
        Assert.False(checks.Find(".checks > button").HasAttribute("disabled"));
    }

    [Fact]
    public async Task ARunningTestCanBeStopped()
    {
        var checks = Show();
        var test = checks.Find(".checks > button").ClickAsync();

        await checks.Find(".btn-quiet").ClickAsync();
        await test;

        Assert.Contains("Stopped.", checks.Find(".steps").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATestEmailGoesToTheAdminUnlessAnotherRecipientIsTyped()
    {
        var checks = Show();
        _steps.Writer.TryWrite(new("accepted", StepState.Done, TimeSpan.FromMilliseconds(30)));
        _steps.Writer.Complete();

        await checks.Find(".send button").ClickAsync();
        Assert.Contains("Look for it at admin@example.test", checks.Find(".steps").TextContent, StringComparison.Ordinal);

        await checks.Find(".send input").ChangeAsync(new() { Value = " ben@example.test " });
        await checks.Find(".send button").ClickAsync();
        Assert.Equal(["admin@example.test", "ben@example.test"], _sentTo);
    }

    [Fact]
    public async Task WithoutARecipientNothingCanBeSent()
    {
        var checks = Show();

        await checks.Find(".send input").ChangeAsync(new() { Value = " " });

        Assert.True(checks.Find(".send button").HasAttribute("disabled"));
    }

    [Fact]
    public async Task AFormWithErrorsIsNotTested()
    {
        _input = null;
        var checks = Show();

        await checks.Find(".checks > button").ClickAsync();

        Assert.Empty(checks.FindAll(".steps"));
    }

    private IRenderedComponent<AccountChecks> Show() => Render<AccountChecks>(parameters => parameters
        .Add(checks => checks.Input, () => _input)
        .Add(checks => checks.Recipient, "admin@example.test")
        .Add(checks => checks.Test, (_, cancellationToken) => _steps.Reader.ReadAllAsync(cancellationToken))
        .Add(checks => checks.Send, (_, recipient, cancellationToken) =>
        {
            _sentTo.Add(recipient);
            return _steps.Reader.ReadAllAsync(cancellationToken);
        }));
}
