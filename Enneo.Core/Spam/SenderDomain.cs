using Enneo.Core.Mailboxes.Proposals;
using Enneo.Core.Spam.Model.Features;

namespace Enneo.Core.Spam;

/// <summary>The domain of a sender, as long as all who write from it belong together.</summary>
public static class SenderDomain
{
    /// <param name="address">As it stands in the mail.</param>
    /// <returns>Lower case; null where it is a provider's, at which anybody has an address, and where there is none.</returns>
    public static string? Find(string address)
    {
        var domain = SenderAddress.DomainOf(address.Trim().ToLowerInvariant());
        return domain.Length < address.Trim().Length && domain.Contains('.', StringComparison.Ordinal) && !IsShared(domain) ? domain : null;
    }

    private static bool IsShared(string domain) => WellKnownServers.Find(domain) is not null || SenderFeatures.IsFreeMail(domain);
}
