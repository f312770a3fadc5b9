using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Enneo.Core.Identity.ApiKeys;

/// <summary>A key as its holder has it: a prefix by which scanners of leaked secrets know it, and 256 random bits.</summary>
internal static class ApiKeySecret
{
    private const string Prefix = "enneo_";
    private const int Bytes = 32;
    private const int Length = 49;
    private const int ShownLetters = 12;

    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <returns>Null for what no key of ours can be.</returns>
    public static string? HashOf(string secret) =>
        secret.Length == Length && secret.StartsWith(Prefix, StringComparison.Ordinal) && Base64Url.IsValid(secret.AsSpan(Prefix.Length))
            ? Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(secret)))
            : null;

    /// <returns>Enough to tell keys apart, too little to guess one.</returns>
    public static string StartOf(string secret) => secret[..ShownLetters];
}
