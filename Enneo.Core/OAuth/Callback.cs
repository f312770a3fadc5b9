using Enneo.Core.Activity;

namespace Enneo.Core.OAuth;

/// <summary>What a provider sent along when it sent somebody back.</summary>
/// <param name="Issuer">Where the answer says who gives it (RFC 9207).</param>
public sealed record Callback(string? State, string? Code, string? Error, string? ErrorDescription, string? AdminConsent, string? Tenant, string? Issuer)
{
    /// <summary>Which address of ours they came back to; null where nobody saw. A provider's answer at another's address is not believed (RFC 9700, section 4.4).</summary>
    public string? ArrivedAt { get; init; }

    /// <summary>Who came back, where they are signed in here.</summary>
    public Actor? By { get; init; }
}
