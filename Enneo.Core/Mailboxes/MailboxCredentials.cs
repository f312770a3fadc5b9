using Enneo.Core.Connections;
using Microsoft.AspNetCore.DataProtection;

namespace Enneo.Core.Mailboxes;

/// <summary>Encrypts mailbox passwords for the database and decrypts them for the moment of signing in.</summary>
public sealed class MailboxCredentials(IDataProtectionProvider protection)
{
    private readonly IDataProtector _passwords = protection.CreateProtector("Enneo.Mailboxes.Password");

    public string Protect(string password) => _passwords.Protect(password);

    /// <exception cref="System.Security.Cryptography.CryptographicException">The keys that protected it are gone: the password must be entered again.</exception>
    public MailCredential For(ServerSettings server) => new(server.User, _passwords.Unprotect(server.ProtectedPassword));
}
