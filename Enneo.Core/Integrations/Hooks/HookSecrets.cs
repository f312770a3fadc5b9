using System.Security.Cryptography;
using Enneo.Core.Integrations.Webhooks;
using Microsoft.AspNetCore.DataProtection;

namespace Enneo.Core.Integrations.Hooks;

/// <summary>The secrets of hooks: made, kept encrypted, and exchanged with time to do it on the other side too.</summary>
public sealed class HookSecrets(IDataProtectionProvider protection)
{
    /// <summary>How long the earlier secret is good beside a new one.</summary>
    public static readonly TimeSpan Rotation = TimeSpan.FromDays(1);

    private const int Bytes = 32;

    private readonly IDataProtector _secrets = protection.CreateProtector("Enneo.Integrations.HookSecret");

    /// <summary>256 random bits, written as the kind of proof wants them.</summary>
    public static string New(HookProof proof) =>
        proof is HookProof.StandardWebhooks ? WebhookSigning.NewSecret() : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));

    public string Protect(string secret) => _secrets.Protect(secret);

    /// <returns>Those that are good now, the newest first.</returns>
    /// <exception cref="CryptographicException">The keys that protected them are gone.</exception>
    internal IReadOnlyList<string> Of(IncomingHook hook, DateTimeOffset now) => hook.ProtectedEarlierSecret is { } earlier && hook.EarlierUntil > now
        ? [_secrets.Unprotect(hook.ProtectedSecret), _secrets.Unprotect(earlier)]
        : [_secrets.Unprotect(hook.ProtectedSecret)];
}
