using MimeKit;

namespace Enneo.Core.Spam.Headers;

/// <summary>Whom a header names as the sender, in lower case.</summary>
internal sealed record HeaderSender(string Address, string Domain)
{
    /// <returns>Null unless it names exactly one.</returns>
    public static HeaderSender? Of(HeaderList headers)
    {
        var values = HeaderRules.Values(headers, "From").Take(2).ToList();
        return values is [var value] && InternetAddressList.TryParse(value, out var list) && list.Mailboxes.Take(2).ToList() is [var only]
            ? new(only.Address.ToLowerInvariant(), only.Domain.ToLowerInvariant())
            : null;
    }

    /// <summary>Whether mass mail of it is welcome.</summary>
    public bool IsExempt(HeaderList headers, HeaderExemptions exemptions) =>
        exemptions.KnownSenders.Contains(Address)
        || (exemptions.OwnDomains.Contains(Domain) && DmarcResults.VouchFor(Domain, headers, exemptions));
}
