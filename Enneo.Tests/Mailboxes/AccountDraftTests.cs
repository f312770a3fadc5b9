using Enneo.Core.Connections;
using Enneo.Core.Mailboxes;
using Enneo.Web.Mailboxes;

namespace Enneo.Tests.Mailboxes;

public sealed class AccountDraftTests
{
    private static readonly ServerProposal s_proposal = new(
        new() { Host = "imap.example.test", Port = 993, User = "anna" },
        new() { Host = "smtp.example.test", Port = 587, Security = ConnectionSecurity.StartTls, User = "anna" },
        null);

    [Fact]
    public void WhatTheFormDoesNotShowIsKept()
    {
        var stored = SampleAccounts.Input() with { Enabled = false };
        stored = stored with { Data = stored.Data with { Spam = System.Text.Json.JsonSerializer.SerializeToElement(new { headers = true }) } };

        var input = new AccountDraft(stored).ToInput();

        Assert.False(input.Enabled);
        Assert.Equal(stored.Data.Spam.ToString(), input.Data.Spam.ToString());
    }

    [Fact]
    public void SmtpSignsInAsImapUnlessToldOtherwise()
    {
        AccountDraft draft = new(new()) { Address = "anna@example.test" };
        draft.Imap.Password = "secret";

        var data = draft.ToInput().Data;

        Assert.Equal(("anna@example.test", "secret"), (data.Imap.User, data.Imap.Password));
        Assert.Equal(("anna@example.test", "secret"), (data.Smtp.User, data.Smtp.Password));
    }

    [Fact]
    public void APasswordNotTypedIsLeftAlone() => Assert.Null(new AccountDraft(SampleAccounts.Input()).ToInput().Data.Imap.Password);

    [Fact]
    public void JoiningTwoSignInsAsksForThePasswordOnceMore()
    {
        var stored = SampleAccounts.Input();
        AccountDraft draft = new(stored with { Data = stored.Data with { Smtp = stored.Data.Smtp with { User = "relay" } } });

        Assert.False(draft.SameSignIn);
        draft.SameSignIn = true;
        Assert.True(draft.NeedsPasswordAgain);
        draft.Imap.Password = "secret";
        Assert.False(draft.NeedsPasswordAgain);
    }

    [Fact]
    public void AProposalFillsTheServersAndMayBeFollowedByAnother()
    {
        AccountDraft draft = new(new()) { Address = "anna@example.test" };
        Assert.True(draft.ServersUntouched);

        draft.Adopt(s_proposal);

        Assert.Equal(("smtp.example.test", "587", ConnectionSecurity.StartTls), (draft.Smtp.Host, draft.Smtp.Port, draft.Smtp.Security));
        Assert.Equal("anna", draft.ToInput().Data.Imap.User);
        Assert.True(draft.ServersUntouched);
    }

    [Fact]
    public void WhatAPersonTypedIsNotOverwritten()
    {
        AccountDraft draft = new(new());
        draft.Adopt(s_proposal);
        draft.Imap.Host = "mail.example.test";

        Assert.False(draft.ServersUntouched);
        Assert.False(new AccountDraft(SampleAccounts.Input()).ServersUntouched);
    }

    [Theory]
    [InlineData("smtp.example.test", "AA", "")]
    [InlineData("IMAP.example.test", "AA", "AA")]
    public void ACertificateIsTrustedForBothServersOfOneMachine(string smtp, string imapTrust, string smtpTrust)
    {
        AccountDraft draft = new(SampleAccounts.Input());
        draft.Smtp.Host = smtp;

        draft.Trust(draft.Imap, "AA");

        Assert.Equal((imapTrust, smtpTrust), (draft.Imap.TrustedCertificate, draft.Smtp.TrustedCertificate));
    }

    [Theory]
    [InlineData("INBOX, Sent", "[\"INBOX\",\"Sent\"]")]
    [InlineData(" All ", "\"all\"")]
    [InlineData("", "")]
    public void FoldersAreAListOrTheWordAll(string typed, string json) =>
        Assert.Equal(json, new AccountDraft(new()) { Folders = typed }.ToInput().Data.Folders?.GetRawText() ?? "");

    [Fact]
    public void HowFarBackIsADay() =>
        Assert.Equal(new DateTimeOffset(2025, 3, 1, 0, 0, 0, TimeSpan.Zero), new AccountDraft(new()) { Since = "2025-03-01" }.ToInput().Data.Since);

    [Fact]
    public void WhatIsNoNumberIsLeftToTheValidator()
    {
        AccountDraft draft = new(new()) { PollSeconds = "often" };
        draft.Imap.Port = "many";

        Assert.Equal((0, (int?)null), (draft.ToInput().Data.PollSeconds, draft.ToInput().Data.Imap.Port));
    }
}
