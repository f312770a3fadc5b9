using Bunit;
using Enneo.Core.Connections;
using Enneo.Core.Mailboxes;
using Enneo.Web.Mailboxes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Enneo.Tests.Mailboxes;

public sealed class AccountFormTests : BunitContext
{
    private const string Fingerprint = "AB12CD34AB12CD34AB12CD34AB12CD34AB12CD34AB12CD34AB12CD34AB12CD34";

    private readonly List<MailboxInput> _saved = [];
    private readonly List<string> _asked = [];
    private MailboxEditResult _result = new(7, new Dictionary<string, string[]>(), []);
    private ServerProposal? _proposal = new(
        new() { Host = "imap.example.test", Port = 993, User = "anna@example.test" },
        new() { Host = "smtp.example.test", Port = 465, User = "anna@example.test" },
        "Use an app password.");

    public AccountFormTests()
    {
        Services.AddSingleton<MailboxInputValidator>();
        Services.AddSingleton<TimeProvider>(new FakeTimeProvider(SampleAccounts.Now));
    }

    [Theory]
    [InlineData("Quarter", 3)]
    [InlineData("Year", 12)]
    public async Task HowFarBackIsASpanBeforeToday(string choice, int months)
    {
        var form = Show(Inputs.Valid(), 7);

        await form.Find("#how-far-back").ChangeAsync(new() { Value = choice });
        await form.Find("form").SubmitAsync();

        Assert.Equal(SampleAccounts.Now.UtcDateTime.Date.AddMonths(-months), Assert.Single(_saved).Data.Since?.UtcDateTime);
    }

    [Fact]
    public async Task LeavingTheAddressProposesServersAndAName()
    {
        var form = Show(new MailboxInput(), null);

        await TypeAsync(form, "data-address", "anna@example.test");

        Assert.Equal(["anna@example.test"], _asked);
        Assert.Equal(("imap.example.test", "smtp.example.test", "Anna"), (Value(form, "data-imap-host"), Value(form, "data-smtp-host"), Value(form, "name")));
        Assert.Contains("Use an app password.", form.Find(".proposal").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NothingFoundIsSaid()
    {
        _proposal = null;
        var form = Show(new MailboxInput(), null);

        await TypeAsync(form, "data-address", "anna@example.test");

        Assert.Contains("Enter the servers yourself", form.Find(".proposal").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsNoAddressIsNotLookedUp()
    {
        var form = Show(new MailboxInput(), null);

        await TypeAsync(form, "data-address", "anna");

        Assert.Empty(_asked);
        Assert.NotEmpty(form.Find("#account-data-address-error").TextContent);
        Assert.Equal("true", form.Find("#account-data-address").GetAttribute("aria-invalid"));
        Assert.Empty(form.FindAll("#account-name-error"));
    }

    [Fact]
    public async Task AnEmptyFormIsNotSavedAndEveryFieldSaysWhy()
    {
        var form = Show(new MailboxInput(), null);

        await form.Find("form").SubmitAsync();

        Assert.Empty(_saved);
        Assert.NotEmpty(form.Find("#account-data-imap-host-error").TextContent);
        Assert.NotEmpty(form.Find("#account-data-imap-password-error").TextContent);
        Assert.StartsWith("Not done", form.Find("[role=alert]").TextContent.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnExistingMailboxIsSavedWithoutItsPassword()
    {
        var form = Show(SampleAccounts.Input(), 7);
        Assert.Equal("stored, leave empty to keep", form.Find("#account-data-imap-password").GetAttribute("placeholder"));

        await TypeAsync(form, "name", "Help");
        await form.Find("form").SubmitAsync();

        var saved = Assert.Single(_saved);
        Assert.Equal(("Help", null), (saved.Name, saved.Data.Imap.Password));
    }

    [Fact]
    public async Task WhatSavingRefusesStandsAtItsField()
    {
        _result = new(null, new Dictionary<string, string[]> { ["data.address"] = ["Another mailbox has this address."], [""] = ["It was changed meanwhile."] }, []);
        var form = Show(SampleAccounts.Input(), 7);

        await form.Find("form").SubmitAsync();

        Assert.Equal("Another mailbox has this address.", form.Find("#account-data-address-error").TextContent.Trim());
        Assert.Contains("It was changed meanwhile.", form.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnErrorUnderMoreOpensIt()
    {
        var form = Show(SampleAccounts.Input(), 7);
        Assert.False(form.Find("details.more").HasAttribute("open"));

        await TypeAsync(form, "data-pollSeconds", "often");
        await form.Find("form").SubmitAsync();

        Assert.True(form.Find("details.more").HasAttribute("open"));
        Assert.Empty(_saved);
    }

    [Fact]
    public async Task SmtpHasItsOwnSignInOnlyWhenAsked()
    {
        var form = Show(SampleAccounts.Input(), 7);
        Assert.Empty(form.FindAll("#account-data-smtp-user"));

        await form.Find("fieldset input[type=checkbox]").ChangeAsync(new() { Value = false });

        Assert.Single(form.FindAll("#account-data-smtp-password"));
    }

    [Fact]
    public async Task WithoutEncryptionItWarns()
    {
        var form = Show(SampleAccounts.Input(), 7);

        await form.Find("#account-data-imap-security").ChangeAsync(new() { Value = nameof(ConnectionSecurity.None) });

        Assert.Contains("can be read on the way", form.Find(".warning").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrustingACertificateFillsItInAndTestsAgain()
    {
        List<MailboxInput> tested = [];
        var form = Show(SampleAccounts.Input(), 7, (input, _) =>
        {
            tested.Add(input);
            return Steps(input.Data.Imap.TrustedCertificate is null
                ? new TestStep("The certificate is not trusted.", StepState.Failed, null, UntrustedCertificate: Fingerprint)
                : new TestStep("Reached.", StepState.Done, TimeSpan.FromMilliseconds(84)));
        });

        await form.Find(".checks > button").ClickAsync();
        await form.Find(".certificate button").ClickAsync();

        Assert.Equal([null, Fingerprint], tested.Select(input => input.Data.Imap.TrustedCertificate));
        Assert.Contains("AB12 CD34", form.Find(".trusted").TextContent, StringComparison.Ordinal);
        Assert.Contains("84 ms", form.Find(".steps").TextContent, StringComparison.Ordinal);

        await form.Find(".trusted button").ClickAsync();
        Assert.Empty(form.FindAll(".trusted"));
    }

    [Fact]
    public async Task AMailboxWithoutAServerIsAddedWithoutOne()
    {
        var form = Show(new MailboxInput(), null);
        await form.FindAll("[role=radio]")[^1].ClickAsync();

        await TypeAsync(form, "data-address", "portal@example.test");
        await form.Find("form").SubmitAsync();

        Assert.Empty(form.FindAll("#account-data-imap-host, #account-data-folders, .checks"));
        Assert.Empty(_asked);
        var saved = Assert.Single(_saved);
        Assert.Equal(("api", "portal@example.test", "Portal"), (saved.Data.Method, saved.Data.Address, saved.Name));
    }

    [Fact]
    public void TheMethodOfAMailboxStays()
    {
        var form = Show(SampleAccounts.Input(), 7);

        Assert.Equal(["Microsoft 365", "Google", "Other (OAuth)", "API"], form.FindAll("[role=radio][disabled]").Select(button => button.TextContent));
    }

    [Fact]
    public async Task APausedMailboxCanBeResumed()
    {
        bool? asked = null;
        var form = Render<AccountForm>(parameters => Fill(parameters, SampleAccounts.Input() with { Enabled = false }, 7, (_, _) => Steps()).Add(f => f.OnEnable, (bool enable) => asked = enable));

        await form.Find(".top button").ClickAsync();

        Assert.True(asked);
        Assert.Contains("nothing is sent", form.Markup, StringComparison.Ordinal);
    }

    private static async IAsyncEnumerable<TestStep> Steps(params TestStep[] steps)
    {
        foreach (var step in steps)
        {
            await Task.Yield();
            yield return step;
        }
    }

    private static string? Value(IRenderedComponent<AccountForm> form, string field) => form.Find($"#account-{field}").GetAttribute("value");

    private static async Task TypeAsync(IRenderedComponent<AccountForm> form, string field, string text)
    {
        await form.Find($"#account-{field}").ChangeAsync(new() { Value = text });
        await form.Find($"#account-{field}").BlurAsync(new());
    }

    private IRenderedComponent<AccountForm> Show(MailboxInput input, long? mailboxId, Func<MailboxInput, CancellationToken, IAsyncEnumerable<TestStep>>? test = null) =>
        Render<AccountForm>(parameters => Fill(parameters, input, mailboxId, test ?? ((_, _) => Steps())));

    private ComponentParameterCollectionBuilder<AccountForm> Fill(
        ComponentParameterCollectionBuilder<AccountForm> parameters, MailboxInput input, long? mailboxId, Func<MailboxInput, CancellationToken, IAsyncEnumerable<TestStep>> test) => parameters
        .Add(form => form.Input, input)
        .Add(form => form.MailboxId, mailboxId)
        .Add(form => form.Save, Save)
        .Add(form => form.Propose, (address, _) =>
        {
            _asked.Add(address);
            return Task.FromResult(_proposal);
        })
        .Add(form => form.Test, test)
        .Add(form => form.Send, (_, _, _) => Steps());

    private Task<MailboxEditResult> Save(MailboxInput input)
    {
        if (_result.Succeeded)
        {
            _saved.Add(input);
        }

        return Task.FromResult(_result);
    }
}
