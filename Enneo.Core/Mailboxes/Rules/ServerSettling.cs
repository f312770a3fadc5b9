using System.Security.Cryptography;
using Enneo.Core.Connections;

namespace Enneo.Core.Mailboxes.Rules;

/// <summary>The two servers as they are stored; null where a password must be typed first, which <paramref name="Errors"/> says by field path.</summary>
internal sealed record SettledServers(ServerSettings? Imap, ServerSettings? Smtp, IReadOnlyDictionary<string, string[]> Errors);

/// <summary>
/// Settles which password each server gets. A stored one is only ever used for the host, port and user
/// it was entered for, and never moves to an unencrypted connection: otherwise whoever may edit a mailbox could have it sent to a host of his own.
/// </summary>
internal sealed class ServerSettling(MailboxCredentials credentials)
{
    public const string ImapPassword = "data.imap.password";
    public const string SmtpPassword = "data.smtp.password";

    /// <param name="input">Normalised; hosts and users may still be missing, as long as the caller does not use that server.</param>
    /// <param name="stored">Null for a new mailbox.</param>
    public SettledServers Settle(MailboxInput input, Mailbox? stored)
    {
        if (input.Data.Method == "api")
        {
            return new SettledServers(NoServer(), NoServer(), new Dictionary<string, string[]>());
        }

        var (imap, smtp) = (input.Data.Imap, input.Data.Smtp);
        if (ByLogin.Is(input.Data.Method))
        {
            return new SettledServers(Settings(imap, ""), Settings(smtp, ""), new Dictionary<string, string[]>());
        }

        Dictionary<string, string[]> errors = [];

        var imapPassword = imap.Password is { } typed ? credentials.Protect(typed) : Kept(stored?.Imap, imap);
        if (imapPassword is null)
        {
            errors[ImapPassword] = [stored is null ? MailboxText.PasswordMissing : MailboxText.PasswordAgain];
        }

        var smtpPassword = smtp.Password is { } typedSmtp ? credentials.Protect(typedSmtp)
            : imap.Password is not null && !HasItsOwnSmtpPassword(stored, smtp) ? imapPassword
            : Kept(stored?.Smtp, smtp);
        if (smtpPassword is null)
        {
            errors[SmtpPassword] = [stored is null ? MailboxText.PasswordMissing : MailboxText.PasswordAgain];
        }

        return new SettledServers(Settings(imap, imapPassword), Settings(smtp, smtpPassword), errors);
    }

    private static ServerSettings NoServer() => new() { Host = "", Port = 0, Security = ConnectionSecurity.None, User = "", ProtectedPassword = "" };

    private static ServerSettings? Settings(ServerInput server, string? protectedPassword) =>
        protectedPassword is null || server is not { Host: { } host, User: { } user, Port: { } port } ? null : new ServerSettings
        {
            Host = host,
            Port = port,
            Security = server.Security,
            User = user,
            ProtectedPassword = protectedPassword,
            TrustedCertificate = server.TrustedCertificate,
        };

    private static string? Kept(ServerSettings? stored, ServerInput wanted) => IsSameTarget(stored, wanted) ? stored!.ProtectedPassword : null;

    private static bool IsSameTarget(ServerSettings? stored, ServerInput wanted) =>
        stored is not null
        && string.Equals(stored.Host, wanted.Host, StringComparison.OrdinalIgnoreCase)
        && stored.Port == wanted.Port
        && string.Equals(stored.User, wanted.User, StringComparison.Ordinal)
        && (wanted.Security is not ConnectionSecurity.None || stored.Security is ConnectionSecurity.None);

    /// <summary>Whether the stored SMTP password is another than that of IMAP, so that a new one for IMAP does not replace it.</summary>
    private bool HasItsOwnSmtpPassword(Mailbox? stored, ServerInput smtp)
    {
        if (stored is null || !IsSameTarget(stored.Smtp, smtp))
        {
            return false;
        }

        try
        {
            return credentials.For(stored.Smtp).Password != credentials.For(stored.Imap).Password;
        }
        catch (CryptographicException)
        {
            return false; // unreadable: the one that was typed is the better guess
        }
    }
}
