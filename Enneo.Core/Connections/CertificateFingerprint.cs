using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Enneo.Core.Connections;

/// <summary>SHA-256 fingerprints as people write them (<c>ab:cd:…</c>) and as we keep them (<c>ABCD…</c>).</summary>
public static class CertificateFingerprint
{
    private const int HexLength = SHA256.HashSizeInBytes * 2;

    /// <param name="text">64 hex digits in either case, with or without colons.</param>
    public static bool TryNormalize(string? text, [NotNullWhen(true)] out string? fingerprint)
    {
        fingerprint = text?.Trim(' ').Replace(":", "", StringComparison.Ordinal).ToUpperInvariant();
        if (fingerprint is { Length: HexLength } && fingerprint.All(char.IsAsciiHexDigit))
        {
            return true;
        }

        fingerprint = null;
        return false;
    }

    /// <summary>Whether two fingerprints, as people write them, are of one certificate; two that are empty are: that of none.</summary>
    internal static bool AreSame(string? one, string? other) => TryNormalize(one, out var fingerprint)
        ? TryNormalize(other, out var another) && another == fingerprint
        : string.IsNullOrWhiteSpace(one) && string.IsNullOrWhiteSpace(other);

    internal static bool Matches(string trusted, string shown) =>
        TryNormalize(trusted, out var fingerprint) && string.Equals(fingerprint, shown, StringComparison.Ordinal);
}
