using Enneo.Core.Mailboxes.Proposals;
using Enneo.Core.Spam.Model.Features;

namespace Enneo.Core.Spam;

/// <summary>The domain of a sender, as long as all who write from it belong together.</summary>
public static class SenderDomain
{
    private static readonly HashSet<string> s_families =
        ["aol", "gmail", "gmx", "hotmail", "icloud", "live", "msn", "outlook", "proton", "protonmail", "tuta", "tutanota", "yahoo", "yandex", "ymail", "zoho"];

    private static readonly HashSet<string> s_providers =
    [
        "alice.it", "arcor.de", "bluewin.ch", "bol.com.br", "btinternet.com", "comcast.net", "cox.net", "email.de", "fastmail.com", "free.fr", "freenet.de", "hey.com", "hispeed.ch", "home.nl",
        "inbox.lv", "interia.pl", "kpnmail.nl", "laposte.net", "libero.it", "mac.com", "mail.com", "mail.de", "mail.ru", "mailbox.org", "me.com", "naver.com", "neuf.fr", "o2.pl", "onet.pl",
        "online.de", "online.no", "orange.fr", "pm.me", "posteo.de", "posteo.net", "qq.com", "rambler.ru", "sapo.pt", "seznam.cz", "sfr.fr", "skynet.be", "sunrise.ch", "t-online.de", "telenet.be",
        "terra.com.br", "tiscali.it", "uol.com.br", "verizon.net", "virgilio.it", "vodafone.de", "wanadoo.fr", "web.de", "wp.pl", "xs4all.nl", "ziggo.nl", "163.com", "126.com",
    ];

    /// <param name="address">As it stands in the mail.</param>
    /// <param name="own">The domains of our own mailboxes.</param>
    /// <returns>Lower case; null as well where it is one of our own, in whose name strangers write too.</returns>
    public static string? Find(string address, IReadOnlySet<string> own) => Find(address) is { } domain && !own.Contains(domain) ? domain : null;

    /// <param name="address">As it stands in the mail.</param>
    /// <returns>Lower case; null where it is a provider's, at which anybody has an address, and where there is none.</returns>
    public static string? Find(string address)
    {
        var domain = SenderAddress.DomainOf(address.Trim().ToLowerInvariant());
        return domain.Length < address.Trim().Length && domain.Contains('.', StringComparison.Ordinal) && !IsShared(domain) ? domain : null;
    }

    internal static bool IsShared(string domain) =>
        WellKnownServers.Find(domain) is not null || SenderFeatures.IsFreeMail(domain) || s_providers.Contains(domain) || s_families.Contains(FamilyOf(domain));

    /// <summary>The name that a provider has in front of the ending of each country.</summary>
    private static string FamilyOf(string domain) => domain.Split('.') switch
    {
        [var name, _] => name,
        [var name, "co" or "com", _] => name,
        _ => "",
    };
}
