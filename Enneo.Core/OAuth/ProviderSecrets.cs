using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace Enneo.Core.OAuth;

/// <summary>What is kept of a connected account.</summary>
internal sealed record ProviderTokens(string AccessToken, DateTimeOffset ValidUntil, string RefreshToken)
{
    /// <summary>Never shows them, wherever it may be printed.</summary>
    public override string ToString() => $"ProviderTokens {{ {ValidUntil:O} }}";
}

/// <summary>Encrypts what providers gave, with the keys in the data directory. What cannot be decrypted throws a <see cref="System.Security.Cryptography.CryptographicException"/>.</summary>
internal sealed class ProviderSecrets(IDataProtectionProvider protection)
{
    private readonly IDataProtector _secrets = protection.CreateProtector("Enneo.OAuth.Secret");
    private readonly IDataProtector _tokens = protection.CreateProtector("Enneo.OAuth.Tokens");
    private readonly IDataProtector _verifiers = protection.CreateProtector("Enneo.OAuth.Verifier");

    public string ProtectSecret(string secret) => _secrets.Protect(secret);

    public string UnprotectSecret(string secret) => _secrets.Unprotect(secret);

    public string ProtectVerifier(string verifier) => _verifiers.Protect(verifier);

    public string UnprotectVerifier(string verifier) => _verifiers.Unprotect(verifier);

    public byte[] Protect(ProviderTokens tokens) => _tokens.Protect(JsonSerializer.SerializeToUtf8Bytes(tokens));

    public ProviderTokens Tokens(byte[] tokens) => JsonSerializer.Deserialize<ProviderTokens>(_tokens.Unprotect(tokens))!;
}
