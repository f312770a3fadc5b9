using Enneo.Core.Connections;
using Microsoft.Extensions.Options;

namespace Enneo.Tests.Connections;

/// <summary>Connectors with short patience, and what tests ask of them again and again.</summary>
internal static class Connectors
{
    public static readonly MailCredential Credential = new("support@example.test", "s3cret-and-long");

    public static ImapConnector Imap(TimeSpan? connectTimeout = null, TimeSpan? timeout = null) => new(Options(connectTimeout, timeout));

    public static SmtpConnector Smtp(TimeSpan? connectTimeout = null, TimeSpan? timeout = null) => new(Options(connectTimeout, timeout));

    public static MailEndpoint Endpoint(int port, ConnectionSecurity security, string? trusted = null) => new("localhost", port, security, trusted);

    /// <returns>The failure that connecting by IMAP ends with.</returns>
    public static async Task<MailConnectionException> ImapFailureAsync(MailEndpoint endpoint, CancellationToken cancellationToken, MailCredential? credential = null, ImapConnector? connector = null)
    {
        var exception = await Assert.ThrowsAsync<MailConnectionException>(() => (connector ?? Imap()).ConnectAsync(endpoint, credential ?? Credential, cancellationToken));
        Assert.DoesNotContain((credential ?? Credential).Password, exception.ToString() + exception.ServerText, StringComparison.Ordinal);
        return exception;
    }

    public static async Task<MailConnectionException> SmtpFailureAsync(MailEndpoint endpoint, CancellationToken cancellationToken, MailCredential? credential = null)
    {
        var exception = await Assert.ThrowsAsync<MailConnectionException>(() => Smtp().ConnectAsync(endpoint, credential ?? Credential, cancellationToken));
        Assert.DoesNotContain((credential ?? Credential).Password, exception.ToString() + exception.ServerText, StringComparison.Ordinal);
        return exception;
    }

    private static IOptions<ConnectionOptions> Options(TimeSpan? connectTimeout, TimeSpan? timeout) => Microsoft.Extensions.Options.Options.Create(new ConnectionOptions
    {
        ConnectTimeout = connectTimeout ?? TimeSpan.FromSeconds(10),
        Timeout = timeout ?? TimeSpan.FromSeconds(10),
    });
}
