using Microsoft.AspNetCore.DataProtection;
using Microsoft.Identity.Web.TokenCacheProviders;

namespace Enneo.Core.Microsoft365;

/// <summary>MSAL's cache of one mailbox, whatever it calls the account: what is in it is read from one row and written back there.</summary>
internal sealed class TokenCache(IDataProtector protector, byte[]? tokens = null) : MsalAbstractTokenCacheProvider(protector)
{
    /// <summary>Encrypted; null while there is nothing.</summary>
    public byte[]? Tokens { get; private set; } = tokens;

    public bool HasChanged { get; private set; }

    protected override Task WriteCacheBytesAsync(string cacheKey, byte[] bytes)
    {
        (Tokens, HasChanged) = (bytes, true);
        return Task.CompletedTask;
    }

    protected override Task<byte[]?> ReadCacheBytesAsync(string cacheKey) => Task.FromResult(Tokens);

    protected override Task RemoveKeyAsync(string cacheKey)
    {
        (Tokens, HasChanged) = (null, true);
        return Task.CompletedTask;
    }
}
