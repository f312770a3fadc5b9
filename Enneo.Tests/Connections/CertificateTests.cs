using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Enneo.Core.Connections;
using Enneo.Tests.Servers;
using static Enneo.Tests.Connections.Connectors;

namespace Enneo.Tests.Connections;

public sealed class CertificateTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SelfSigned_IsRefusedWithItsFingerprint_AndNoPasswordIsSent()
    {
        await using ScriptedImapServer server = new() { ImplicitTls = true };
        await server.InitializeAsync();

        var failure = await ImapFailureAsync(Endpoint(server.Port, ConnectionSecurity.Tls), Cancelled);

        Assert.Equal(ConnectionProblem.CertificateUntrusted, failure.Problem);
        Assert.Equal((CertificateCause.SelfSigned, server.CertificateFingerprint), (failure.Certificate?.Cause, failure.Certificate?.Fingerprint));
        Assert.Contains("signed itself", failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Commands);
    }

    [Theory]
    [InlineData(ConnectionSecurity.Tls)]
    [InlineData(ConnectionSecurity.StartTls)]
    public async Task TrustedByFingerprint_IsAccepted_AndNoOtherIs(ConnectionSecurity security)
    {
        await using ScriptedImapServer server = new() { ImplicitTls = security is ConnectionSecurity.Tls, OfferStartTls = true };
        await using ScriptedImapServer impostor = new() { ImplicitTls = security is ConnectionSecurity.Tls, OfferStartTls = true };
        await server.InitializeAsync();
        await impostor.InitializeAsync();
        var colons = string.Join(':', server.CertificateFingerprint.ToLowerInvariant().Chunk(2).Select(pair => new string(pair)));

        using var client = await Imap().ConnectAsync(Endpoint(server.Port, security, colons), Credential, Cancelled);
        var failure = await ImapFailureAsync(Endpoint(impostor.Port, security, server.CertificateFingerprint), Cancelled);

        Assert.True(client is { IsAuthenticated: true, IsSecure: true });
        Assert.Equal(CertificateCause.Changed, failure.Certificate?.Cause);
        Assert.Equal(impostor.CertificateFingerprint, failure.Certificate?.Fingerprint);
        Assert.DoesNotContain(impostor.Commands, command => command.Name is "LOGIN" or "AUTHENTICATE");
    }

    [Fact]
    public async Task Smtp_TrustedByFingerprint_IsAccepted()
    {
        await using SmtpSink server = new() { OfferStartTls = true, User = Credential.User, Password = Credential.Password };
        await server.InitializeAsync();

        using var client = await Smtp().ConnectAsync(Endpoint(server.Port, ConnectionSecurity.StartTls, server.CertificateFingerprint), Credential, Cancelled);

        Assert.True(client is { IsAuthenticated: true, IsSecure: true });
        Assert.Equal(0, server.PasswordsInClear);
    }

    /// <summary>However well vouched for: the fingerprint is the one thing that counts.</summary>
    [Fact]
    public void PinnedEndpoint_RefusesAValidCertificateThatIsAnother()
    {
        using TestCertificate certificate = new();
        using TestCertificate other = new();
        CertificateCheck check = new(Endpoint(993, ConnectionSecurity.Tls, other.Fingerprint));

        Assert.False(check.Accept(this, certificate.Certificate, null, SslPolicyErrors.None));
        Assert.Equal(CertificateCause.Changed, check.Shown?.Cause);
    }

    [Fact]
    public void WrongHostName_IsNamed()
    {
        using TestCertificate certificate = new("mail.example.test");

        var failure = FailureOf(certificate.Certificate, null, SslPolicyErrors.RemoteCertificateNameMismatch);

        Assert.Equal(CertificateCause.WrongHostName, failure.Certificate?.Cause);
        Assert.Contains("is for mail.example.test", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-30, -1, CertificateCause.Expired)]
    [InlineData(1, 30, CertificateCause.NotYetValid)]
    public void OutOfItsTime_IsNamed(int from, int until, CertificateCause cause)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(from), now.AddDays(until));
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.Build(certificate);

        Assert.Equal(cause, FailureOf(certificate, chain, SslPolicyErrors.RemoteCertificateChainErrors).Certificate?.Cause);
    }

    [Theory]
    [InlineData("ab:cd", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("00112233445566778899aabbccddeeff00112233445566778899aabbccddeef", false)] // a digit short
    [InlineData("00112233445566778899aabbccddeeff00112233445566778899aabbccddeefg", false)]
    [InlineData("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", true)]
    [InlineData("00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF", true)]
    public void Fingerprint_IsHexOfSha256(string? text, bool valid)
    {
        Assert.Equal(valid, CertificateFingerprint.TryNormalize(text, out var fingerprint));
        Assert.Equal(valid ? "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF" : null, fingerprint);
    }

    private MailConnectionException FailureOf(X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var endpoint = Endpoint(993, ConnectionSecurity.Tls);
        CertificateCheck check = new(endpoint);
        Assert.False(check.Accept(this, certificate, chain, errors));
        return new MailConnectionException(ConnectionProblem.CertificateUntrusted, endpoint, certificate: check.Shown);
    }
}
