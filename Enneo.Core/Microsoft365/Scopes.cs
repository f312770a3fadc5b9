namespace Enneo.Core.Microsoft365;

/// <summary>
/// The permissions that are asked for, and no others. Outlook and Graph are two resources: consent to all is asked at
/// once, and each token is for one of them. MSAL adds openid, profile and offline_access.
/// </summary>
internal static class Scopes
{
    /// <summary>Asked for besides where a shared mailbox is connected again: large mail is written into it as a draft.</summary>
    private const string SharedDrafts = "Mail.ReadWrite.Shared";

    public static readonly string[] Graph = ["Mail.ReadWrite", "Mail.Send.Shared", "User.Read"];

    private static readonly string[] s_outlook = ["IMAP.AccessAsUser.All", "SMTP.Send"];

    public static string[] OutlookOf(CloudAddresses cloud) => [.. s_outlook.Select(name => $"{cloud.Outlook}/{name}")];

    public static string[] GraphOf(CloudAddresses cloud) => [.. Graph.Select(name => $"{cloud.Graph}/{name}")];

    /// <summary>What a person is asked to agree to besides Outlook.</summary>
    public static string[] ConsentOf(CloudAddresses cloud, bool isShared) => isShared ? [.. GraphOf(cloud), $"{cloud.Graph}/{SharedDrafts}"] : GraphOf(cloud);

    /// <summary>All that an administrator gave the app itself, at one resource.</summary>
    public static string[] ApplicationOf(CloudAddresses cloud, TokenFor use) => [$"{(use is TokenFor.Graph ? cloud.Graph : cloud.ApplicationOutlook)}/.default"];
}
