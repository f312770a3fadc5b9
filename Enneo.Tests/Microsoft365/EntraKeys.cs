using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Enneo.Tests.Microsoft365;

/// <summary>Signs tokens as Entra does: RS256, not encrypted, type JWT.</summary>
internal sealed class EntraKeys : IDisposable
{
    public const string Id = "entra-1";

    private readonly RSA _key = RSA.Create(2048);
    private readonly RSA _unknown = RSA.Create(2048);

    public string PublicPem => _key.ExportSubjectPublicKeyInfoPem();

    /// <param name="trusted">False for a signature that the mail server does not accept.</param>
    public string Sign(IReadOnlyDictionary<string, object> claims, bool trusted = true)
    {
        var header = Encode(JsonSerializer.SerializeToUtf8Bytes(new { typ = "JWT", alg = "RS256", kid = Id }));
        var body = $"{header}.{Encode(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        return $"{body}.{Encode((trusted ? _key : _unknown).SignData(Encoding.ASCII.GetBytes(body), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    /// <summary>A token with which tests look into a mailbox, whatever is refused to the product meanwhile.</summary>
    /// <param name="claim">Which names the mailbox.</param>
    public string LookingInto(string address, string claim, string issuer, string audience)
    {
        var now = TimeProvider.System.GetUtcNow();
        return Sign(new Dictionary<string, object>
        {
            ["iss"] = issuer,
            ["aud"] = audience,
            ["sub"] = address,
            [claim] = address,
            ["iat"] = now.AddMinutes(-1).ToUnixTimeSeconds(),
            ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
        });
    }

    public object Published()
    {
        var key = _key.ExportParameters(false);
        return new { keys = new[] { new { kty = "RSA", use = "sig", kid = Id, n = Encode(key.Modulus!), e = Encode(key.Exponent!) } } };
    }

    public static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>Whether a client assertion (RFC 7523) was signed with the key of that certificate, by PS256 or RS256.</summary>
    public static bool IsSignedBy(X509Certificate2 certificate, string assertion)
    {
        if (assertion.Split('.') is not [var header, var body, var signature])
        {
            return false;
        }

        using var key = certificate.GetRSAPublicKey()!;
        var padding = Encoding.UTF8.GetString(Decode(header)).Contains("PS256", StringComparison.Ordinal) ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        return key.VerifyData(Encoding.ASCII.GetBytes($"{header}.{body}"), Decode(signature), HashAlgorithmName.SHA256, padding);
    }

    private static byte[] Decode(string text) => Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '='));

    public void Dispose()
    {
        _key.Dispose();
        _unknown.Dispose();
    }
}
