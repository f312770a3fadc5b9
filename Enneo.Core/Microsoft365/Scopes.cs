using Enneo.Core.OAuth;

namespace Enneo.Core.Microsoft365;

/// <summary>
/// The permissions that are asked for, and no others. Outlook and Graph are two resources: consent to all is asked at
/// once, and each token is for one of them. MSAL adds openid, profile and offline_access.
/// </summary>
internal static class Scopes
{
    private static readonly string[] s_graph = ["Mail.ReadWrite", "User.Read"];

    /// <summary>For the person's own mailbox, in an organisation or private.</summary>
    private static readonly string[] s_own = ["Mail.Send"];

    /// <summary>For a shared mailbox, which there is in organisations alone: sending as it, and large mail, which is written into it as a draft.</summary>
    private static readonly string[] s_shared = ["Mail.Send.Shared", "Mail.ReadWrite.Shared"];

    private static readonly string[] s_outlook = ["IMAP.AccessAsUser.All", "SMTP.Send"];

    public static string[] OutlookOf(CloudAddresses cloud) => [.. s_outlook.Select(name => $"{cloud.Outlook}/{name}")];

    /// <summary>What a token for Graph is asked with. In an organisation it holds whatever else was agreed to there, be that for the own mailbox or a shared one; a private account's holds what is asked for.</summary>
    public static string[] GraphOf(CloudAddresses cloud, bool isPrivate) => [.. s_graph.Concat(isPrivate ? s_own : []).Select(name => $"{cloud.Graph}/{name}")];

    /// <summary>What a person is asked to agree to besides Outlook.</summary>
    public static string[] ConsentOf(CloudAddresses cloud, bool isShared) => [.. s_graph.Concat(isShared ? s_shared : s_own).Select(name => $"{cloud.Graph}/{name}")];

    /// <summary>All that an administrator gave the app itself, at one resource.</summary>
    public static string[] ApplicationOf(CloudAddresses cloud, TokenFor use) => [$"{(use is TokenFor.Graph ? cloud.Graph : cloud.ApplicationOutlook)}/.default"];
}
