using Enneo.Core.Mailboxes;

namespace Enneo.Core.Sending;

/// <summary>Providers whose servers put what they send into Sent themselves: there we look first and wait a while.</summary>
internal static class SelfFilingServers
{
    private static readonly string[] s_domains = ["gmail.com", "googlemail.com", "google.com", "office365.com", "office365.us", "outlook.com", "partner.outlook.cn"];

    /// <summary>Also wherever an admin says that Microsoft's or Google's servers stand: those file what they send in every cloud.</summary>
    public static bool Serve(Mailbox mailbox) => mailbox.SendsByGraph || mailbox.Method is MailboxMethod.Microsoft365 or MailboxMethod.Google || Contains(mailbox.Smtp);

    internal static bool Contains(ServerSettings smtp) => s_domains.Any(domain =>
        smtp.Host.Equals(domain, StringComparison.OrdinalIgnoreCase) || smtp.Host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase));
}
