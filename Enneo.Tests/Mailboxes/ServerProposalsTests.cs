using System.Diagnostics;
using Enneo.Core.Mailboxes;
using Enneo.Core.Mailboxes.Proposals;
using Enneo.Tests.Connections;

namespace Enneo.Tests.Mailboxes;

public sealed class ServerProposalsTests
{
    private readonly ServerProposals _proposals = new(Connectors.Imap(), Connectors.Smtp());

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("anna@gmail.com", "imap.gmail.com:993 Tls", "smtp.gmail.com:465 Tls", "app password")]
    [InlineData(" Anna@GoogleMail.com ", "imap.gmail.com:993 Tls", "smtp.gmail.com:465 Tls", "app password")]
    [InlineData("anna@hotmail.com", "outlook.office365.com:993 Tls", "smtp-mail.outlook.com:587 StartTls", "Microsoft 365")]
    [InlineData("anna@contoso.onmicrosoft.com", "outlook.office365.com:993 Tls", "smtp.office365.com:587 StartTls", "Microsoft 365")]
    [InlineData("anna@yahoo.de", "imap.mail.yahoo.com:993 Tls", "smtp.mail.yahoo.com:465 Tls", "app password")]
    [InlineData("anna@icloud.com", "imap.mail.me.com:993 Tls", "smtp.mail.me.com:587 StartTls", "app-specific password")]
    [InlineData("anna@gmx.de", "imap.gmx.net:993 Tls", "mail.gmx.net:465 Tls", "switched on")]
    [InlineData("anna@web.de", "imap.web.de:993 Tls", "smtp.web.de:587 StartTls", "switched on")]
    [InlineData("anna@t-online.de", "secureimap.t-online.de:993 Tls", "securesmtp.t-online.de:465 Tls", "customer centre")]
    [InlineData("anna@posteo.de", "posteo.de:993 Tls", "posteo.de:465 Tls", null)]
    [InlineData("anna@mailbox.org", "imap.mailbox.org:993 Tls", "smtp.mailbox.org:465 Tls", "app password")]
    public async Task WellKnownProvider_IsProposedAtOnce(string address, string imap, string smtp, string? note)
    {
        var proposal = await _proposals.ProposeAsync(address, Cancelled);

        Assert.Equal((imap, smtp), (Text(proposal!.Imap), Text(proposal.Smtp)));
        Assert.Equal(note is null, proposal.Note is null);
        Assert.Contains(note ?? "", proposal.Note ?? "", StringComparison.Ordinal);
        Assert.Equal(address.Trim(), proposal.Imap.User, ignoreCase: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("anna")]
    [InlineData("@gmail.com")]
    [InlineData("anna@gmail.com\r\n")]
    [InlineData("Anna <anna@gmail.com>")]
    public async Task NotAnAddress_GetsNoProposal(string address) => Assert.Null(await _proposals.ProposeAsync(address, Cancelled));

    [Fact]
    public async Task NothingAnswers_GetsNoProposal_Soon()
    {
        var started = Stopwatch.GetTimestamp();

        Assert.Null(await _proposals.ProposeAsync("anna@company.invalid", Cancelled));

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    [Theory]
    [InlineData("gmail.com", true)]
    [InlineData("com", false)]
    [InlineData("notgmail.com", false)]
    [InlineData("gmail.com.evil.test", false)]
    public void Domain_IsMatchedWhole(string domain, bool known) => Assert.Equal(known, WellKnownServers.Find(domain) is not null);

    private static string Text(ServerInput server) => $"{server.Host}:{server.Port} {server.Security}";
}
