using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Enneo.Core.Integrations.Webhooks;

/// <summary>Secrets of webhooks and what is signed by them, as the Standard Webhooks specification has it.</summary>
public sealed class WebhookSigning(IDataProtectionProvider protection)
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    private const string Prefix = "whsec_";
    private const int SecretBytes = 32;

    private readonly IDataProtector _secrets = protection.CreateProtector("Enneo.Integrations.WebhookSecret");

    /// <summary>As its receiver has it: a prefix and 256 random bits in base64.</summary>
    public static string NewSecret() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <returns><c>v1,</c> and the HMAC-SHA256 of id, time and body, in base64.</returns>
    /// <param name="timestamp">Unix seconds.</param>
    /// <exception cref="FormatException">It is no secret of ours.</exception>
    public static string Sign(string secret, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        var key = Convert.FromBase64String(secret.StartsWith(Prefix, StringComparison.Ordinal) ? secret[Prefix.Length..] : secret);
        byte[] signed = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")), .. body];
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}";
    }

    public string Protect(string secret) => _secrets.Protect(secret);

    /// <summary>By both secrets while they are exchanged.</summary>
    /// <exception cref="CryptographicException">The keys that protected the secret are gone.</exception>
    public IReadOnlyDictionary<string, string> HeadersOf(Webhook webhook, string id, byte[] body, DateTimeOffset now)
    {
        var timestamp = now.ToUnixTimeSeconds();
        var signature = Sign(_secrets.Unprotect(webhook.ProtectedSecret), id, timestamp, body);
        if (webhook.ProtectedEarlierSecret is { } earlier && webhook.EarlierUntil > now)
        {
            signature += $" {Sign(_secrets.Unprotect(earlier), id, timestamp, body)}";
        }

        return new Dictionary<string, string>
        {
            [IdHeader] = id,
            [TimestampHeader] = timestamp.ToString(CultureInfo.InvariantCulture),
            [SignatureHeader] = signature,
        };
    }
}
