using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Enneo.Tests.Servers;

public sealed class SendingServersTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_sink_takes_mail_after_tls_and_sign_in_and_hands_it_on()
    {
        await using var sink = new SmtpSink { OfferStartTls = true, User = "a@example.test", RelayTo = dovecot };
        await sink.InitializeAsync();
        using var message = Message("sink@example.test", "through\r\n.\r\n..the sink");

        using var client = await OpenAsync(sink.Port, sink.CertificateFingerprint, SecureSocketOptions.StartTls);
        await client.AuthenticateAsync("a@example.test", DovecotServer.Password, Cancel);
        await client.SendAsync(message, Cancel);

        var received = Assert.Single(sink.Received);
        Assert.Equal(message.MessageId, received.MessageId);
        Assert.Equal(["sink@example.test"], received.Recipients);
        Assert.True(received.Encrypted);
        Assert.Equal(message.TextBody, received.Parse().TextBody?.TrimEnd());
        Assert.Equal(message.MessageId, Assert.Single(await dovecot.ListAsync("sink@example.test", Cancel)).Parse().MessageId);
    }

    [Fact]
    public async Task The_sink_refuses_as_told()
    {
        await using var sink = new SmtpSink { User = "a@example.test", MaximumSize = 10_000 };
        await sink.InitializeAsync();
        sink.Faults.Answer(SmtpStage.Recipient, "550 5.1.1 no such person", "nobody@example.test");
        sink.Faults.Answer(SmtpStage.Dot, "451 4.3.0 try later", times: 1);
        using var client = await OpenAsync(sink.Port, null, SecureSocketOptions.None);

        await Assert.ThrowsAsync<AuthenticationException>(() => client.AuthenticateAsync("a@example.test", "wrong", Cancel));
        await client.AuthenticateAsync("a@example.test", DovecotServer.Password, Cancel);
        using var toNobody = Message("nobody@example.test", "x");
        Assert.Equal(550, (int)(await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(toNobody, Cancel))).StatusCode);
        using var message = Message("b@example.test", "x");
        Assert.Equal(451, (int)(await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(message, Cancel))).StatusCode);
        using var big = Message("b@example.test", new string('x', 20_000));
        Assert.Equal(552, (int)(await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(big, Cancel))).StatusCode);
        await client.SendAsync(message, Cancel);

        Assert.Single(sink.Received);
        Assert.Equal(3, sink.PasswordsInClear); // PLAIN and LOGIN with the wrong one, then PLAIN
    }

    [Theory]
    [InlineData(AfterDot.AcceptAndHangUp, 1)]
    [InlineData(AfterDot.HangUp, 0)]
    public async Task The_sink_hangs_up_after_the_dot(AfterDot behaviour, int taken)
    {
        await using var sink = new SmtpSink();
        await sink.InitializeAsync();
        sink.Faults.AtDot(behaviour, times: 1);
        using var client = await OpenAsync(sink.Port, null, SecureSocketOptions.None);
        using var message = Message("b@example.test", "x");

        await Assert.ThrowsAsync<SmtpProtocolException>(() => client.SendAsync(message, Cancel));

        Assert.Equal(taken, sink.Received.Count);
    }

    [Fact]
    public async Task The_sink_resets_after_its_answer()
    {
        await using var sink = new SmtpSink();
        await sink.InitializeAsync();
        sink.Faults.AtDot(AfterDot.AnswerAndReset);
        using var client = await OpenAsync(sink.Port, null, SecureSocketOptions.None);
        using var message = Message("b@example.test", "x");

        Assert.Equal("2.0.0 taken", await client.SendAsync(message, Cancel));

        await Assert.ThrowsAnyAsync<IOException>(() => client.NoOpAsync(Cancel));
    }

    [Fact]
    public async Task Exim_asks_for_sign_in_and_delivers_to_dovecot()
    {
        await using var exim = new EximServer(dovecot);
        await exim.InitializeAsync();
        dovecot.AddUser("sender@example.test");
        using var message = Message("exim@example.test", "through Exim");
        using var client = await OpenAsync(exim.Port, dovecot.CertificateFingerprint, SecureSocketOptions.StartTls);

        await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(message, Cancel));
        await client.AuthenticateAsync("sender@example.test", DovecotServer.Password, Cancel);
        await client.SendAsync(message, Cancel);

        dovecot.AddUser("exim@example.test");
        Assert.Equal(message.MessageId, (await ArrivedAsync("exim@example.test")).Parse().MessageId);
    }

    private async Task<ServerMail> ArrivedAsync(string user)
    {
        while (true)
        {
            if (await dovecot.ListAsync(user, Cancel) is [var mail])
            {
                return mail;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancel);
        }
    }

    private static MimeMessage Message(string recipient, string text) => new(
        [MailboxAddress.Parse("sender@example.test")], [MailboxAddress.Parse(recipient)], "Größe", new TextPart("plain") { Text = text });

    private static async Task<SmtpClient> OpenAsync(int port, string? fingerprint, SecureSocketOptions security)
    {
        var client = new SmtpClient
        {
            CheckCertificateRevocation = false,
            ServerCertificateValidationCallback = (_, certificate, _, _) =>
                certificate?.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256) == fingerprint,
        };
        await client.ConnectAsync("localhost", port, security, Cancel);
        return client;
    }
}
