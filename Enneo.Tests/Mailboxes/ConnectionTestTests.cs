using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Tests.Servers;
using MailKit;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Mailboxes;

public sealed class ConnectionTestTests(ConnectionTestTests.Server server, MailboxStore store)
    : IClassFixture<ConnectionTestTests.Server>, IClassFixture<MailboxStore>
{
    private readonly DovecotServer _dovecot = server.Dovecot;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ConnectionSecurity.Tls)]
    [InlineData(ConnectionSecurity.StartTls)]
    public async Task Receipt_GoesThroughEveryStep_AndChangesNothing(ConnectionSecurity security)
    {
        var user = $"receipt-{security}@example.test".ToLowerInvariant();
        await _dovecot.DeliverAsync(user, Mail("First"), Cancelled, flags: MessageFlags.Seen);
        await _dovecot.DeliverAsync(user, Mail("Second"), Cancelled);
        var before = await _dovecot.ListAsync(user, Cancelled);

        var steps = await ReceiptAsync(Input(user, security, _dovecot.CertificateFingerprint));

        Assert.Equal(Enumerable.Repeat(StepState.Done, 6), steps.Select(step => step.State));
        Assert.Equal("localhost reached, TLS 1.3", steps[0].Text);
        Assert.Equal("Certificate of localhost is the one trusted by its fingerprint", steps[1].Text);
        Assert.Equal($"Signed in as {user}", steps[2].Text);
        Assert.Equal("INBOX opened, mails in it: 2", steps[3].Text);
        Assert.StartsWith("Header of the newest mail read, received 20", steps[4].Text, StringComparison.Ordinal);
        Assert.Equal("Nothing was imported, no flag was changed.", steps[5].Text);
        Assert.All(steps.Where((_, i) => i is not (1 or 5)), step => Assert.NotNull(step.Took));
        var after = await _dovecot.ListAsync(user, Cancelled);
        Assert.Equal(before.Select(mail => (mail.Uid, mail.Flags, mail.Sha256)), after.Select(mail => (mail.Uid, mail.Flags, mail.Sha256)));
        Assert.Equal([MessageFlags.Seen, MessageFlags.None], after.Select(mail => mail.Flags & MessageFlags.Seen));
    }

    [Fact]
    public async Task Receipt_OfAnEmptyInbox_SaysSo()
    {
        var user = "empty@example.test";

        var steps = await ReceiptAsync(Input(user, ConnectionSecurity.Tls, _dovecot.CertificateFingerprint));

        Assert.Equal("INBOX is empty, so there is no newest mail to read", steps[4].Text);
    }

    [Fact]
    public async Task Receipt_WithAWrongPassword_StopsThere_WithTheServersWords()
    {
        var user = "wrong@example.test";
        var input = Input(user, ConnectionSecurity.Tls, _dovecot.CertificateFingerprint).WithImap(imap => imap with { Password = "not-the-password" });

        var steps = await ReceiptAsync(input);

        Assert.Equal(
            [StepState.Done, StepState.Done, StepState.Failed, StepState.NotReached, StepState.NotReached, StepState.Done],
            steps.Select(step => step.State));
        Assert.Contains("refused the user name or the password", steps[2].Text, StringComparison.Ordinal);
        Assert.Equal("NO [AUTHENTICATIONFAILED] Authentication failed.", steps[2].ServerText);
        Assert.Equal(["Open INBOX", "Read the newest header"], steps[3..5].Select(step => step.Text));
    }

    [Fact]
    public async Task UntrustedCertificate_IsExplained_AndItsFingerprintHelps()
    {
        var user = "untrusted@example.test";

        var refused = await ReceiptAsync(Input(user, ConnectionSecurity.Tls, trusted: null));
        var trusted = await ReceiptAsync(Input(user, ConnectionSecurity.Tls, refused[1].UntrustedCertificate));
        var other = await ReceiptAsync(Input(user, ConnectionSecurity.Tls, new string('A', 64)));

        Assert.Equal("localhost reached", refused[0].Text);
        Assert.Equal((StepState.Failed, _dovecot.CertificateFingerprint), (refused[1].State, refused[1].UntrustedCertificate));
        Assert.Contains("signed itself", refused[1].Text, StringComparison.Ordinal);
        Assert.All(trusted, step => Assert.Equal(StepState.Done, step.State));
        Assert.Equal((StepState.Failed, _dovecot.CertificateFingerprint), (other[1].State, other[1].UntrustedCertificate));
        Assert.Contains("another certificate", other[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StoredPassword_IsUsedForItsOwnServerOnly()
    {
        var user = "stored@example.test";
        var input = Input(user, ConnectionSecurity.Tls, _dovecot.CertificateFingerprint);
        var id = await store.AddAsync(input, Cancelled);
        await using ScriptedImapServer elsewhere = new();
        await elsewhere.InitializeAsync();
        var untyped = input.WithImap(imap => imap with { Password = null });

        var same = await ReceiptAsync(untyped, id);
        var moved = await ReceiptAsync(untyped.WithImap(imap => imap with { Port = elsewhere.Port, Security = ConnectionSecurity.None }), id);

        Assert.All(same, step => Assert.Equal(StepState.Done, step.State));
        Assert.Contains("Enter the password again", moved[0].Text, StringComparison.Ordinal);
        Assert.Empty(elsewhere.ConnectedAt);
    }

    [Fact]
    public async Task StoredPassword_WhoseKeysAreGone_IsAskedForAgain()
    {
        var input = Input("keyless@example.test", ConnectionSecurity.Tls, _dovecot.CertificateFingerprint);
        var id = await store.AddAsync(input, Cancelled);
        var keyless = new MailboxCredentials(new EphemeralDataProtectionProvider()).Protect(DovecotServer.Password);
        await store.Get<WriterLane>().RunAsync(
            async (db, token) =>
            {
                var mailbox = await db.Mailboxes.SingleAsync(m => m.Id == id, token);
                mailbox.Imap.ProtectedPassword = keyless;
                await db.SaveChangesAsync(token);
            },
            Cancelled);

        var steps = await ReceiptAsync(input.WithImap(imap => imap with { Password = null }), id);

        Assert.Equal(StepState.Failed, steps[2].State);
        Assert.Contains("Enter it again", steps[2].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsNotFilledIn_IsSaidBeforeAnythingIsTried()
    {
        var steps = await ReceiptAsync(new MailboxInput());

        Assert.Equal([("Enter the server's host name.", StepState.Failed), ("Nothing was imported, no flag was changed.", StepState.Done)], steps.Select(step => (step.Text, step.State)));
    }

    [Fact]
    public async Task Send_DeliversOneMail_MarkedAsAutomatic()
    {
        await using SmtpSink sink = new() { OfferStartTls = true, User = "support@example.test", Password = Inputs.Password };
        await sink.InitializeAsync();
        var input = SendInput(sink);

        var steps = await StepsAsync(store.Get<ConnectionTest>().SendAsync(input, null, "admin@example.test", Cancelled));

        Assert.All(steps, step => Assert.Equal(StepState.Done, step.State));
        Assert.Equal(("Mail to admin@example.test accepted", "2.0.0 taken"), (steps[^1].Text, steps[^1].ServerText));
        var received = Assert.Single(sink.Received);
        var mail = received.Parse();
        Assert.Equal(("support@example.test", true), (received.Sender, received.Encrypted));
        Assert.Equal(["admin@example.test"], received.Recipients);
        Assert.Equal("auto-generated", mail.Headers[HeaderId.AutoSubmitted]);
        Assert.Equal("Test email from Enneo", mail.Subject);
        Assert.EndsWith("@example.test", mail.MessageId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("a@x.test\r\nRCPT TO:<b@x.test>")]
    [InlineData("a@x.test, b@x.test")]
    public async Task Send_ToSomethingElseThanAnAddress_ConnectsNowhere(string recipient)
    {
        await using SmtpSink sink = new() { OfferStartTls = true };
        await sink.InitializeAsync();

        var steps = await StepsAsync(store.Get<ConnectionTest>().SendAsync(SendInput(sink), null, recipient, Cancelled));

        Assert.Contains("recipient is not a mail address", Assert.Single(steps).Text, StringComparison.Ordinal);
        Assert.Equal(0, sink.Connections);
    }

    [Fact]
    public async Task Send_RefusedByTheServer_ShowsItsWords()
    {
        await using SmtpSink sink = new() { OfferStartTls = true, User = "support@example.test", Password = Inputs.Password };
        sink.Faults.Answer(SmtpStage.Recipient, "550 5.7.1 relaying denied");
        await sink.InitializeAsync();

        var steps = await StepsAsync(store.Get<ConnectionTest>().SendAsync(SendInput(sink), null, "admin@example.test", Cancelled));

        Assert.Equal((StepState.Failed, "550 5.7.1 relaying denied"), (steps[^1].State, steps[^1].ServerText));
        Assert.Empty(sink.Received);
    }

    private static MailboxInput Input(string user, int port, ConnectionSecurity security, string? trusted) =>
        Inputs.Valid(user).WithImap(imap => imap with
        {
            Host = DovecotServer.Host,
            Port = port,
            Security = security,
            Password = DovecotServer.Password,
            TrustedCertificate = trusted,
        });

    private MailboxInput Input(string user, ConnectionSecurity security, string? trusted) =>
        Input(user, security is ConnectionSecurity.Tls ? _dovecot.ImapsPort : _dovecot.ImapPort, security, trusted);

    private static MailboxInput SendInput(SmtpSink sink) => Inputs.Valid().WithSmtp(smtp => smtp with
    {
        Host = "localhost",
        Port = sink.Port,
        TrustedCertificate = sink.CertificateFingerprint,
    });

    private Task<List<TestStep>> ReceiptAsync(MailboxInput input, long? mailboxId = null) =>
        StepsAsync(store.Get<ConnectionTest>().RunAsync(input, mailboxId, Cancelled));

    private static async Task<List<TestStep>> StepsAsync(IAsyncEnumerable<TestStep> steps)
    {
        List<TestStep> all = [];
        await foreach (var step in steps)
        {
            all.Add(step);
        }

        return all;
    }

    private static MimeMessage Mail(string subject) => new()
    {
        From = { new MailboxAddress("Customer", "customer@example.org") },
        To = { new MailboxAddress("", "support@example.test") },
        Subject = subject,
        Body = new TextPart("plain") { Text = "Hello" },
    };

    /// <summary>Has its users from the start: Dovecot looks for new ones once a second, and tests do not wait.</summary>
    public sealed class Server : IAsyncLifetime
    {
        private static readonly string[] s_users =
            ["receipt-tls", "receipt-starttls", "empty", "wrong", "untrusted", "stored"];

        public DovecotServer Dovecot { get; } = new();

        public async ValueTask InitializeAsync()
        {
            await Dovecot.InitializeAsync();
            Array.ForEach(s_users, user => Dovecot.AddUser($"{user}@example.test"));
        }

        public ValueTask DisposeAsync() => Dovecot.DisposeAsync();
    }
}
