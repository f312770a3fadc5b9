using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Enneo.Core.Integrations.Webhooks;

namespace Enneo.Core.Integrations.Hooks;

/// <summary>Whether a call was proven.</summary>
/// <param name="Problem">Why it was not, in words.</param>
/// <param name="MessageKey">By which its repetition is known; null where nothing tells.</param>
internal sealed record HookProven(string? Problem, string? MessageKey = null);

/// <summary>
/// Checks that a call comes from who knows the secret, in a time that does not depend on how much of it is right, and
/// that it was made now. A signature that holds no time makes up for it: the same bytes are the same call.
/// </summary>
internal static class HookProving
{
    public const string GitHubHeader = "X-Hub-Signature-256";

    private const string Bearer = "Bearer ";
    private const string HexPrefix = "sha256=";

    /// <summary>By which senders without a signature may tell a repetition, the first that is there.</summary>
    private static readonly string[] s_idHeaders = [WebhookSigning.IdHeader, "Idempotency-Key"];

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    public static HookProven Check(IncomingHook hook, IReadOnlyList<string> secrets, HookRequest request, DateTimeOffset now)
    {
        var given = Given(hook, request);
        if (string.IsNullOrEmpty(given))
        {
            return new HookProven(Say(HookText.ProofMissing, HeaderOf(hook)));
        }

        var time = request.Header(WebhookSigning.TimestampHeader);
        if (time is null && hook.Proof is HookProof.StandardWebhooks)
        {
            return new HookProven(Say(HookText.ProofMissing, WebhookSigning.TimestampHeader));
        }

        if (hook.Proof is HookProof.StandardWebhooks && request.Header(WebhookSigning.IdHeader) is not { Length: > 0 and <= 200 })
        {
            return new HookProven(Say(HookText.ProofMissing, WebhookSigning.IdHeader));
        }

        var isRight = false;
        foreach (var secret in secrets) // each is tried, whichever is right
        {
            isRight |= IsRight(hook.Proof, secret, given, time, request);
        }

        return !isRight ? new HookProven(hook.Proof is HookProof.Header or HookProof.Bearer ? HookText.KeyWrong : HookText.SignatureWrong)
            : time is not null && !IsNow(time, now) ? new HookProven(Say(HookText.TimeWrong, Window.TotalMinutes))
            : new HookProven(null, KeyOf(hook.Proof, request));
    }

    public static string HeaderOf(IncomingHook hook) => hook.Proof switch
    {
        HookProof.StandardWebhooks => WebhookSigning.SignatureHeader,
        HookProof.GitHub => GitHubHeader,
        HookProof.Bearer => "Authorization",
        _ => hook.ProofHeader ?? "",
    };

    private static string? Given(IncomingHook hook, HookRequest request) => (hook.Proof, request.Header(HeaderOf(hook))) switch
    {
        (HookProof.Bearer, { } token) => token.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? token[Bearer.Length..].Trim() : null,
        (_, var value) => value,
    };

    private static bool IsRight(HookProof proof, string secret, string given, string? time, HookRequest request) => proof switch
    {
        HookProof.StandardWebhooks => IsSigned(secret, given, time!, request),
        HookProof.GitHub => given.StartsWith(HexPrefix, StringComparison.OrdinalIgnoreCase) && IsHmac(secret, given, request.Body.Span),
        HookProof.Hmac => IsHmac(secret, given, request.Body.Span),
        _ => AreSame(Hash(secret), Hash(given)), // of equal length, whatever was given
    };

    private static bool IsSigned(string secret, string given, string time, HookRequest request)
    {
        if (!long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return false;
        }

        var expected = Encoding.ASCII.GetBytes(WebhookSigning.Sign(secret, request.Header(WebhookSigning.IdHeader)!, seconds, request.Body.Span));
        var isRight = false;
        foreach (var signature in given.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(8))
        {
            isRight |= AreSame(expected, Encoding.UTF8.GetBytes(signature));
        }

        return isRight;
    }

    private static bool IsHmac(string secret, string given, ReadOnlySpan<byte> body)
    {
        var signature = given.StartsWith(HexPrefix, StringComparison.OrdinalIgnoreCase) ? given[HexPrefix.Length..] : given;
        return Decoded(signature.Trim()) is { } bytes && AreSame(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body), bytes);
    }

    private static byte[]? Decoded(string signature)
    {
        if (signature.Length == 2 * SHA256.HashSizeInBytes)
        {
            return signature.All(char.IsAsciiHexDigit) ? Convert.FromHexString(signature) : null;
        }

        var bytes = new byte[SHA256.HashSizeInBytes];
        return Convert.TryFromBase64String(signature, bytes, out var length) && length == bytes.Length ? bytes
            : Base64Url.IsValid(signature) && Base64Url.TryDecodeFromChars(signature, bytes, out length) && length == bytes.Length ? bytes
            : null;
    }

    private static bool IsNow(string time, DateTimeOffset now) =>
        long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(now.ToUnixTimeSeconds() - seconds) <= Window.TotalSeconds;

    private static string? KeyOf(HookProof proof, HookRequest request) => proof switch
    {
        HookProof.StandardWebhooks => Keyed(request.Header(WebhookSigning.IdHeader)!),
        HookProof.GitHub or HookProof.Hmac => Convert.ToHexString(SHA256.HashData(request.Body.Span)),
        _ => s_idHeaders.Select(request.Header).FirstOrDefault(id => !string.IsNullOrEmpty(id)) is { } id ? Keyed(id) : null,
    };

    /// <summary>Of one length, whatever it was.</summary>
    private static string Keyed(string id) => Convert.ToHexString(Hash(id));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static bool AreSame(byte[] one, byte[] other) => CryptographicOperations.FixedTimeEquals(one, other);

    private static string Say(string text, params object?[] values) => string.Format(CultureInfo.CurrentCulture, text, values);
}
