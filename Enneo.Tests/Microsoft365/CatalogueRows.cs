using Enneo.Core.OAuth;


namespace Enneo.Tests.Microsoft365;

/// <summary>Where each code of the catalogue is met.</summary>
internal static class CatalogueRows
{
    /// <summary>Met while Microsoft's login is on the screen.</summary>
    public static readonly string[] Login =
    [
        "AADSTS65001", "AADSTS90094", "AADSTS65004", "access_denied", "AADSTS50020", "AADSTS50034", "AADSTS50105", "AADSTS50053", "AADSTS50055", "AADSTS50126",
        "AADSTS50194", "AADSTS90072", "AADSTS500113", "AADSTS50011", "AADSTS28000", "AADSTS650057", "AADSTS650052", "AADSTS53000", "AADSTS90014",
    ];

    /// <summary>Met when a token is renewed and nobody is there.</summary>
    public static readonly string[] Renewal =
    [
        "AADSTS50076", "AADSTS50079", "AADSTS53003", "AADSTS53004", "AADSTS70000", "AADSTS70008", "AADSTS700082", "AADSTS70043", "AADSTS50173", "AADSTS50133", "AADSTS50057",
        "AADSTS999999",
    ];

    /// <summary>Met when an admin checks the registration.</summary>
    public static readonly string[] Check =
        ["AADSTS700016", "AADSTS7000215", "AADSTS7000222", "AADSTS700027", "AADSTS7000218", "AADSTS90002", "AADSTS90033", "AADSTS50196", "unreachable"];

    /// <summary>What an SMTP server says to a sign-in, with its code.</summary>
    public static readonly (string Code, string Answer)[] SmtpSignIn =
    [
        ("5.7.139", "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled"),
        ("5.7.3", "535 5.7.3 Authentication unsuccessful [FR0P281CA0001.DEUP281.PROD.OUTLOOK.COM]"),
    ];

    /// <summary>And to a mail.</summary>
    public static readonly (string Code, string Answer)[] Smtp =
    [
        ("5.7.60", "550 5.7.60 SMTP; Client does not have permissions to send as this sender"),
        ("5.2.252", "554 5.2.252 SendAsDenied; support@workshop.example not allowed to send as other@workshop.example"),
        ("5.2.2", "552 5.2.2 The mailbox is full"),
        (Causes.SubmissionQuota, "552 5.2.2 Submission quota exceeded"),
        ("4.3.2", "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded"),
    ];

    public static readonly (string Code, int Status)[] Graph =
        [("ErrorAccessDenied", 403), ("MailboxNotEnabledForRESTAPI", 404), ("ErrorSendAsDenied", 403), ("ErrorQuotaExceeded", 507), (Causes.GraphThrottled, 429), (Causes.GraphBusy, 503)];

    /// <summary>Made in tests of their own.</summary>
    public static readonly string[] Others =
        [Causes.ImapDisabled, Causes.MailboxRefused, Causes.WrongHost, Causes.NotConnected, Causes.NotSetUp, Causes.TenantDiffers, Causes.TenantMissing, Causes.GroupsUnknown, Causes.NothingStored, Causes.AppChanged, Causes.TenantChanged, "keys_lost"];
}
