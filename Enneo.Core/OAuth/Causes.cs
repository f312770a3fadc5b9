namespace Enneo.Core.OAuth;

/// <summary>The codes of Entra, Exchange and Graph that people meet. Codes: https://learn.microsoft.com/entra/identity-platform/reference-error-codes.</summary>
public static class Causes
{
    /// <summary>Ours: there is no account for the mailbox.</summary>
    public const string NotConnected = "not_connected";

    /// <summary>Ours: there is no registration.</summary>
    public const string NotSetUp = "not_set_up";

    public const string WrongHost = "wrong_host";
    public const string TenantDiffers = "tenant_differs";
    public const string TenantMissing = "tenant_missing";
    public const string ImapDisabled = "imap_disabled";
    public const string MailboxRefused = "mailbox_refused";
    public const string SmtpAuthOff = "5.7.139";

    /// <summary>Ours: in more groups than a token names, and Graph does not say either.</summary>
    public const string GroupsUnknown = "groups_unknown";

    /// <summary>Ours: the registration is of another app than the one to which the sign-in was given.</summary>
    public const string AppChanged = "app_changed";

    /// <summary>Ours: the registration is of another directory than the one in which the sign-in was given.</summary>
    public const string TenantChanged = "tenant_changed";

    /// <summary>MSAL's, where nothing is stored that could be renewed.</summary>
    public const string NothingStored = "invalid_grant";

    public const string Declined = "AADSTS65004";
    public const string SendAsDenied = "5.2.252";
    public const string SendAsDeniedByServer = "5.7.60";

    /// <summary>Exchange's name for it: the same 5.2.2 also says that a mailbox is full.</summary>
    public const string SubmissionQuota = "SubmissionQuotaExceeded";

    public const string GraphDenied = "ErrorAccessDenied";

    /// <summary>Ours for Graph's 429, whatever code stands in it.</summary>
    public const string GraphThrottled = "ApplicationThrottled";

    /// <summary>The same for its 503.</summary>
    public const string GraphBusy = "serviceNotAvailable";

    /// <summary>In the language of whoever asks.</summary>
    public static IReadOnlyList<Cause> All =>
    [
        new("AADSTS65001", CauseText.NotConsented, Mender.TenantAdministrator, CauseText.NotConsentedRemedy),
        new("AADSTS90094", CauseText.AdminApproval, Mender.TenantAdministrator, CauseText.AdminApprovalRemedy),
        new("AADSTS65004", CauseText.Declined, Mender.Person, CauseText.DeclinedRemedy),
        new("access_denied", CauseText.Cancelled, Mender.Person, CauseText.CancelledRemedy),
        new("AADSTS50020", CauseText.OtherTenant, Mender.Person, CauseText.OtherTenantRemedy),
        new("AADSTS50034", CauseText.NoSuchUser, Mender.Person, CauseText.NoSuchUserRemedy),
        new("AADSTS50076", CauseText.SecondFactor, Mender.Person, CauseText.SecondFactorRemedy),
        new("AADSTS50079", CauseText.SecondFactorSetUp, Mender.Person, CauseText.SecondFactorSetUpRemedy),
        new("AADSTS50105", CauseText.NotAssigned, Mender.TenantAdministrator, CauseText.NotAssignedRemedy),
        new("AADSTS53003", CauseText.ConditionalAccess, Mender.TenantAdministrator, CauseText.ConditionalAccessRemedy),
        new("AADSTS53000", CauseText.DeviceNotCompliant, Mender.TenantAdministrator, CauseText.DeviceNotCompliantRemedy),
        new("AADSTS53004", CauseText.SecondFactorBlocked, Mender.TenantAdministrator, CauseText.SecondFactorBlockedRemedy),
        new("AADSTS70000", CauseText.GrantInvalid, Mender.Person, CauseText.GrantInvalidRemedy),
        new(NothingStored, CauseText.GrantInvalid, Mender.Person, CauseText.GrantInvalidRemedy),
        new(AppChanged, CauseText.AppChanged, Mender.Person, CauseText.AppChangedRemedy),
        new(TenantChanged, CauseText.TenantChanged, Mender.Person, CauseText.TenantChangedRemedy),
        new("AADSTS70008", CauseText.GrantExpired, Mender.Person, CauseText.GrantExpiredRemedy),
        new("AADSTS700082", CauseText.GrantInactive, Mender.Person, CauseText.GrantInactiveRemedy),
        new("AADSTS70043", CauseText.SignInFrequency, Mender.TenantAdministrator, CauseText.SignInFrequencyRemedy),
        new("AADSTS50173", CauseText.PasswordChanged, Mender.Person, CauseText.PasswordChangedRemedy),
        new("AADSTS50133", CauseText.SessionEnded, Mender.Person, CauseText.SessionEndedRemedy),
        new("AADSTS50057", CauseText.UserDisabled, Mender.TenantAdministrator, CauseText.UserDisabledRemedy),
        new("AADSTS50053", CauseText.UserLocked, Mender.Person, CauseText.UserLockedRemedy),
        new("AADSTS50055", CauseText.PasswordExpired, Mender.Person, CauseText.PasswordExpiredRemedy),
        new("AADSTS50126", CauseText.PasswordWrong, Mender.Person, CauseText.PasswordWrongRemedy),
        new("AADSTS700016", CauseText.NoSuchApp, Mender.EnneoAdmin, CauseText.NoSuchAppRemedy),
        new("AADSTS7000215", CauseText.SecretWrong, Mender.EnneoAdmin, CauseText.SecretWrongRemedy),
        new("AADSTS7000222", CauseText.SecretExpired, Mender.EnneoAdmin, CauseText.SecretExpiredRemedy),
        new("AADSTS700027", CauseText.CertificateWrong, Mender.EnneoAdmin, CauseText.CertificateWrongRemedy),
        new("AADSTS7000218", CauseText.SecretMissing, Mender.EnneoAdmin, CauseText.SecretMissingRemedy),
        new("AADSTS50194", CauseText.SingleTenant, Mender.EnneoAdmin, CauseText.SingleTenantRemedy),
        new("AADSTS90002", CauseText.NoSuchTenant, Mender.EnneoAdmin, CauseText.NoSuchTenantRemedy),
        new("AADSTS90072", CauseText.GuestUnknown, Mender.TenantAdministrator, CauseText.GuestUnknownRemedy),
        new("AADSTS500113", CauseText.NoRedirect, Mender.EnneoAdmin, CauseText.NoRedirectRemedy),
        new("AADSTS50011", CauseText.RedirectWrong, Mender.EnneoAdmin, CauseText.RedirectWrongRemedy),
        new("AADSTS28000", CauseText.TwoResources, Mender.EnneoAdmin, CauseText.TwoResourcesRemedy),
        new("AADSTS650057", CauseText.NotRegistered, Mender.EnneoAdmin, CauseText.NotRegisteredRemedy),
        new("AADSTS650052", CauseText.NoService, Mender.TenantAdministrator, CauseText.NoServiceRemedy),
        new("AADSTS90033", CauseText.Busy, Mender.Time, CauseText.BusyRemedy),
        new("AADSTS50196", CauseText.Looping, Mender.Time, CauseText.LoopingRemedy),
        new("unreachable", CauseText.Unreachable, Mender.Time, CauseText.UnreachableRemedy),
        new("keys_lost", CauseText.KeysLost, Mender.EnneoAdmin, CauseText.KeysLostRemedy),
        new("not_connected", CauseText.NotConnected, Mender.Person, CauseText.NotConnectedRemedy),
        new("not_set_up", CauseText.NotSetUp, Mender.EnneoAdmin, CauseText.NotSetUpRemedy),
        new("wrong_host", CauseText.WrongHost, Mender.EnneoAdmin, CauseText.WrongHostRemedy),
        new("tenant_differs", CauseText.TenantDiffers, Mender.Person, CauseText.TenantDiffersRemedy),
        new("tenant_missing", CauseText.TenantMissing, Mender.EnneoAdmin, CauseText.TenantMissingRemedy),
        new("5.7.139", CauseText.SmtpAuthOff, Mender.TenantAdministrator, CauseText.SmtpAuthOffRemedy),
        new("5.7.3", CauseText.SmtpAuthUnsuccessful, Mender.TenantAdministrator, CauseText.SmtpAuthUnsuccessfulRemedy),
        new("5.7.60", CauseText.SendAsDenied, Mender.TenantAdministrator, CauseText.SendAsDeniedRemedy),
        new("5.2.252", CauseText.SendAsDeniedToo, Mender.TenantAdministrator, CauseText.SendAsDeniedTooRemedy),
        new("5.2.2", CauseText.Quota, Mender.TenantAdministrator, CauseText.QuotaRemedy),
        new(SubmissionQuota, CauseText.SubmissionQuota, Mender.TenantAdministrator, CauseText.SubmissionQuotaRemedy),
        new("4.3.2", CauseText.Throttled, Mender.Time, CauseText.ThrottledRemedy),
        new("ErrorAccessDenied", CauseText.GraphDenied, Mender.TenantAdministrator, CauseText.GraphDeniedRemedy),
        new("ErrorSendAsDenied", CauseText.GraphSendAsDenied, Mender.TenantAdministrator, CauseText.GraphSendAsDeniedRemedy),
        new("ErrorQuotaExceeded", CauseText.GraphQuota, Mender.TenantAdministrator, CauseText.GraphQuotaRemedy),
        new("MailboxNotEnabledForRESTAPI", CauseText.GraphNoMailbox, Mender.TenantAdministrator, CauseText.GraphNoMailboxRemedy),
        new("ApplicationThrottled", CauseText.GraphThrottled, Mender.Time, CauseText.GraphThrottledRemedy),
        new("serviceNotAvailable", CauseText.GraphBusy, Mender.Time, CauseText.GraphThrottledRemedy),
        new("groups_unknown", CauseText.GroupsUnknown, Mender.TenantAdministrator, CauseText.GroupsUnknownRemedy),
        new("imap_disabled", CauseText.ImapOff, Mender.TenantAdministrator, CauseText.ImapOffRemedy),
        new("mailbox_refused", CauseText.MailboxRefused, Mender.TenantAdministrator, CauseText.MailboxRefusedRemedy),
    ];

    /// <summary>What a mail server means that refuses a token which was renewed a moment ago.</summary>
    /// <param name="serverText">Its own words.</param>
    public static Cause OfServer(string? serverText) =>
        serverText is null ? Of(MailboxRefused)
        : serverText.Contains("authenticated but not connected", StringComparison.OrdinalIgnoreCase) ? Of(ImapDisabled)
        : InAnswer(serverText) ?? Of(MailboxRefused);

    /// <summary>What the enhanced status code (RFC 3463) in a mail server's answer means, or the name that Exchange gives a fault in place of it; null when none that is known stands in it.</summary>
    public static Cause? InAnswer(string serverText)
    {
        var words = $" {serverText} ".Replace('-', ' '); // which joins the lines of an answer: 550-5.7.60
        return SaysSubmissionQuota(words) ? Of(SubmissionQuota)
            : All.FirstOrDefault(cause => char.IsAsciiDigit(cause.Code[0]) && words.Contains($" {cause.Code} ", StringComparison.Ordinal))
            ?? (serverText.Contains("SendAsDenied", StringComparison.OrdinalIgnoreCase) ? Of(SendAsDenied) : null);
    }

    /// <summary>More was sent in a day than Exchange takes, which is no matter of room.</summary>
    private static bool SaysSubmissionQuota(string words) =>
        words.Contains("submission quota", StringComparison.OrdinalIgnoreCase) || words.Contains(SubmissionQuota, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a mail server refused because of who the sender is.</summary>
    public static bool IsOfSender(string serverText) => InAnswer(serverText)?.Code is SendAsDenied or SendAsDeniedByServer;

    public static bool AreKnownBy(string code) => All.Any(cause => cause.Code == code);

    /// <summary>A code that is not known falls to a general text with the code.</summary>
    public static Cause Of(string code) =>
        All.FirstOrDefault(cause => cause.Code == code) ?? ProviderCauses.Find(code) ?? new Cause(code, CauseText.Unknown, Mender.Person, CauseText.UnknownRemedy);
}
