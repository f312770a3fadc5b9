using System.Text;
using Enneo.Core.Connections;
using static Enneo.Tests.Connections.Connectors;

namespace Enneo.Tests.Connections;

public sealed class StartTlsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Imap_StrippedStartTls_SendsNoByteOfThePassword()
    {
        await using RecordingServer server = new("* OK ready\r\n", (line, _) => Imap(line, "IMAP4rev1 AUTH=PLAIN AUTH=LOGIN SASL-IR"));

        var failure = await ImapFailureAsync(Endpoint(server.Port, ConnectionSecurity.StartTls), Cancelled);

        Assert.Equal(ConnectionProblem.StartTlsMissing, failure.Problem);
        NoCredentialIn(server.InClear);
    }

    [Fact]
    public async Task Imap_StartTlsAnnouncedAndRefused_SendsNoByteOfThePassword()
    {
        await using RecordingServer server = new("* OK ready\r\n", (line, _) =>
            line.EndsWith("STARTTLS", StringComparison.Ordinal) ? $"{Tag(line)} NO not today\r\n" : Imap(line, "IMAP4rev1 STARTTLS AUTH=PLAIN SASL-IR"));

        var failure = await ImapFailureAsync(Endpoint(server.Port, ConnectionSecurity.StartTls), Cancelled);

        Assert.Equal(ConnectionProblem.StartTlsMissing, failure.Problem);
        Assert.Equal("NO not today", failure.ServerText);
        NoCredentialIn(server.InClear);
    }

    /// <summary>RFC 9051, section 7.1.4: such a greeting leaves no room for STARTTLS.</summary>
    [Fact]
    public async Task Imap_GreetingThatPretendsASignedInSession_SendsNothingAndIsNotUsed()
    {
        await using RecordingServer server = new("* PREAUTH welcome\r\n", (line, _) => Imap(line, "IMAP4rev1 AUTH=PLAIN SASL-IR"));

        var failure = await ImapFailureAsync(Endpoint(server.Port, ConnectionSecurity.StartTls), Cancelled);

        Assert.Equal(ConnectionProblem.StartTlsMissing, failure.Problem);
        NoCredentialIn(server.InClear);
    }

    /// <summary>What is said in clear behind the answer to STARTTLS must not be taken for words of the encrypted server.</summary>
    [Fact]
    public async Task Imap_WordsInjectedBeforeTls_AreForgotten()
    {
        await using RecordingServer server = new("* OK ready\r\n", (line, encrypted) =>
            line.EndsWith("STARTTLS", StringComparison.Ordinal)
                ? $"{Tag(line)} OK begin\r\n* CAPABILITY IMAP4rev1 XINJECTED AUTH=XINJECTED\r\nA00000002 OK injected\r\n"
                : encrypted ? Imap(line, "IMAP4rev1 AUTH=PLAIN SASL-IR") : Imap(line, "IMAP4rev1 STARTTLS"));

        using var connection = await Connectors.Imap().OpenAsync(Endpoint(server.Port, ConnectionSecurity.StartTls, server.Certificate.Fingerprint), Cancelled);

        Assert.True(connection.Client.IsSecure);
        Assert.Equal(["PLAIN"], connection.Client.AuthenticationMechanisms);
        NoCredentialIn(server.InClear);
    }

    [Theory]
    [InlineData("250-localhost\r\n250 AUTH PLAIN LOGIN\r\n")]
    [InlineData("250-localhost\r\n250-XXXXXXXA\r\n250 AUTH PLAIN LOGIN\r\n")]
    public async Task Smtp_StrippedStartTls_SendsNoByteOfThePassword(string hello)
    {
        await using RecordingServer server = new("220 localhost ESMTP\r\n", (line, _) => line.StartsWith("EHLO", StringComparison.Ordinal) ? hello : "235 2.7.0 signed in\r\n");

        var failure = await SmtpFailureAsync(Endpoint(server.Port, ConnectionSecurity.StartTls), Cancelled);

        Assert.Equal(ConnectionProblem.StartTlsMissing, failure.Problem);
        NoCredentialIn(server.InClear);
    }

    [Fact]
    public async Task Smtp_WordsInjectedBeforeTls_AreForgotten()
    {
        await using RecordingServer server = new("220 localhost ESMTP\r\n", (line, encrypted) => line switch
        {
            "STARTTLS" => "220 2.0.0 ready\r\n250-localhost\r\n250 AUTH XINJECTED\r\n",
            _ when encrypted => "250-localhost\r\n250 AUTH PLAIN\r\n",
            _ => "250-localhost\r\n250 STARTTLS\r\n",
        });

        using var connection = await Connectors.Smtp().OpenAsync(Endpoint(server.Port, ConnectionSecurity.StartTls, server.Certificate.Fingerprint), Cancelled);

        Assert.True(connection.Client.IsSecure);
        Assert.Equal(["PLAIN"], connection.Client.AuthenticationMechanisms);
    }

    [Fact]
    public async Task Imap_StartTlsWithAnUntrustedCertificate_SendsNoByteOfThePassword()
    {
        await using RecordingServer server = new("* OK ready\r\n", (line, _) =>
            line.EndsWith("STARTTLS", StringComparison.Ordinal) ? $"{Tag(line)} OK begin\r\n" : Imap(line, "IMAP4rev1 STARTTLS AUTH=PLAIN SASL-IR"));

        var failure = await ImapFailureAsync(Endpoint(server.Port, ConnectionSecurity.StartTls), Cancelled);

        Assert.Equal(ConnectionProblem.CertificateUntrusted, failure.Problem);
        NoCredentialIn(server.InClear);
    }

    /// <summary>None is none: only because it was chosen, and only then.</summary>
    [Fact]
    public async Task Imap_WithoutEncryption_SignsInAsConfigured()
    {
        await using RecordingServer server = new("* OK ready\r\n", (line, _) => Imap(line, "IMAP4rev1 AUTH=PLAIN SASL-IR"));

        using var client = await Connectors.Imap().ConnectAsync(Endpoint(server.Port, ConnectionSecurity.None), Credential, Cancelled);

        Assert.True(client.IsAuthenticated);
        Assert.False(client.IsSecure);
    }

    private static string Imap(string line, string capabilities) =>
        line.EndsWith("CAPABILITY", StringComparison.Ordinal) ? $"* CAPABILITY {capabilities}\r\n{Tag(line)} OK\r\n" : $"{Tag(line)} OK\r\n";

    private static string Tag(string line) => line.Split(' ')[0];

    private static void NoCredentialIn(string sent)
    {
        Assert.DoesNotContain("AUTH", sent, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("LOGIN", sent, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Credential.Password, sent, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Credential.Password)), sent, StringComparison.Ordinal);
    }
}
