namespace Enneo.Core.Microsoft365;

/// <summary>
/// The permissions that are asked for, and no others. Outlook and Graph are two resources: consent to all is asked at
/// once, and each token is for one of them. MSAL adds openid, profile and offline_access.
/// </summary>
internal static class Scopes
{
    public static readonly string[] Graph = ["Mail.ReadWrite", "Mail.Send.Shared", "User.Read"];

    private static readonly string[] s_outlook = ["IMAP.AccessAsUser.All", "SMTP.Send"];

    public static string[] OutlookOf(CloudAddresses cloud) => [.. s_outlook.Select(name => $"{cloud.Outlook}/{name}")];

    public static string[] GraphOf(CloudAddresses cloud) => [.. Graph.Select(name => $"{cloud.Graph}/{name}")];
}
