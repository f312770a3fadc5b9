namespace Enneo.Core.Spam;

/// <summary>An address, and the domains in which it lies.</summary>
internal static class SenderAddress
{
    /// <returns>What stands after the last @; the whole where there is none.</returns>
    public static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..];

    /// <returns>The address, its domain, and the domains above that but for the last part alone.</returns>
    public static IEnumerable<string> WithDomains(string address)
    {
        yield return address;
        var domain = DomainOf(address);
        while (domain.Contains('.', StringComparison.Ordinal))
        {
            yield return domain;
            domain = domain[(domain.IndexOf('.', StringComparison.Ordinal) + 1)..];
        }
    }
}
