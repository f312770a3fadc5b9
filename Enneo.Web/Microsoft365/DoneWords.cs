using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Enneo.Web.Microsoft365;

/// <summary>A sentence that goes along in the address of <see cref="DonePage"/>: nobody else puts words into our page.</summary>
public sealed class DoneWords(IDataProtectionProvider protection)
{
    private readonly IDataProtector _words = protection.CreateProtector("Enneo.Microsoft365.Done");

    public string Protect(string words) => _words.Protect(words);

    /// <returns>Null for what is not from here.</returns>
    public string? Read(string? given)
    {
        try
        {
            return string.IsNullOrEmpty(given) ? null : _words.Unprotect(given);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
