using System.Globalization;

namespace Enneo.Core.Microsoft365;

/// <summary>Which of Microsoft's clouds a tenant lives in.</summary>
public enum Cloud
{
    Global,
    UsGovernment,
    UsDefense,
    China,

    /// <summary>Addresses that an admin names: a test authority, a proxy.</summary>
    Own,
}

/// <summary>Where a cloud's services are reached.</summary>
/// <param name="Authority">Who signs people in, such as <c>https://login.microsoftonline.com</c>.</param>
/// <param name="Graph">Microsoft Graph, such as <c>https://graph.microsoft.com</c>.</param>
/// <param name="Outlook">The resource that IMAP and SMTP permissions belong to; a name rather than an address that is asked.</param>
/// <param name="ApplicationOutlook">The same for an application without a person.</param>
/// <param name="Imap">Host and port; TLS from the first byte.</param>
/// <param name="Smtp">Host and port; STARTTLS.</param>
/// <param name="TrustedCertificate">SHA-256 fingerprint in hex of the one certificate that is trusted at all of them although nobody vouches for it.</param>
public sealed record CloudAddresses(
    string Authority, string Graph, string Outlook, string ApplicationOutlook, string Imap, string Smtp, string? TrustedCertificate = null)
{
    private const string UsualSmtp = "smtp.office365.com:587";

    private static readonly CloudAddresses s_global = new(
        "https://login.microsoftonline.com", "https://graph.microsoft.com", "https://outlook.office.com", "https://outlook.office365.com", "outlook.office365.com:993", UsualSmtp);

    private static readonly CloudAddresses s_usGovernment = new(
        "https://login.microsoftonline.us", "https://graph.microsoft.us", "https://outlook.office365.us", "https://outlook.office365.us", "outlook.office365.us:993", "smtp.office365.us:587");

    private static readonly CloudAddresses s_usDefense = s_usGovernment with
    {
        Graph = "https://dod-graph.microsoft.us",
        Imap = "outlook-dod.office365.us:993",
        Smtp = "outlook-dod.office365.us:587",
    };

    private static readonly CloudAddresses s_china = new(
        "https://login.partner.microsoftonline.cn", "https://microsoftgraph.chinacloudapi.cn", "https://partner.outlook.cn", "https://partner.outlook.cn", "partner.outlook.cn:993", "smtp.partner.outlook.cn:587");

    public static CloudAddresses Of(Cloud cloud) => cloud switch
    {
        Cloud.UsGovernment => s_usGovernment,
        Cloud.UsDefense => s_usDefense,
        Cloud.China => s_china,
        _ => s_global,
    };

    /// <param name="address">Host and port, as <see cref="Imap"/>.</param>
    public static (string Host, int Port) Parse(string address, int usualPort) =>
        address.LastIndexOf(':') is var colon and > 0 && int.TryParse(address[(colon + 1)..], CultureInfo.InvariantCulture, out var port)
            ? (address[..colon], port)
            : (address, usualPort);
}
