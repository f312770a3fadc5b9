using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Enneo.Core.Identity.Invitations;

/// <summary>What makes a link of an invitation: 256 random bits, of which only the hash is kept.</summary>
internal static class InvitationToken
{
    private const int Bytes = 32;
    private const int Length = 43;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <returns>Null for what no link of ours can hold.</returns>
    public static string? HashOf(string token) =>
        token.Length == Length && Base64Url.IsValid(token) ? Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(token))) : null;
}
