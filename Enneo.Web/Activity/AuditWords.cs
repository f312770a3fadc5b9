using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Identity.Factors;
using Enneo.Core.Spam.Headers;
using Enneo.Web.Identity;
using Enneo.Web.Spam;

namespace Enneo.Web.Activity;

/// <summary>Entries of the audit log as sentences.</summary>
internal static class AuditWords
{
    public static string Who(ActivityEntry entry, AuditNames names) => entry switch
    {
        { ActorKind: ActorKind.User } => names.Person(entry.ActorUserId),
        { ActorKind: ActorKind.Operator } => AuditText.Operator,
        { Kind: ActivityKind.UserSignInFailed or ActivityKind.Microsoft365Consented } => AuditText.Somebody,
        _ => AuditText.Enneo,
    };

    public static string What(ActivityEntry entry, AuditNames names)
    {
        AuditChanges changes = new(entry);
        var person = names.Person(changes.Id("user"));
        return entry.Kind switch
        {
            ActivityKind.UserSignedIn => Say(AuditText.SignedIn, Method(changes)),
            ActivityKind.UserSignInFailed => Failed(changes, person),
            ActivityKind.UserSignedOut => AuditText.SignedOut,
            ActivityKind.SessionsEnded => Ended(entry, changes, person),
            ActivityKind.PasswordChanged => AuditText.PasswordChanged,
            ActivityKind.FactorAdded => IsPasskey(changes) ? Say(AuditText.PasskeyAdded, changes.New("name")) : IsMicrosoft(changes) ? Say(AuditText.MicrosoftLinked, changes.New("name")) : AuditText.AppAdded,
            ActivityKind.FactorRenamed => Say(AuditText.PasskeyRenamed, changes.Old("name"), changes.New("name")),
            ActivityKind.FactorRemoved => IsPasskey(changes) ? Say(AuditText.PasskeyRemoved, changes.New("name")) : IsMicrosoft(changes) ? Unlinked(entry, changes, person) : AuditText.AppRemoved,
            ActivityKind.FactorsReset => Say(AuditText.FactorsReset, person),
            ActivityKind.RecoveryCodesMade => AuditText.CodesMade,
            ActivityKind.SecondStepChanged => Say(AuditText.SecondStepChanged, Requirement(changes.New("required")), Requirement(changes.Old("required"))),
            ActivityKind.UserAdded => Say(changes.New("role") == Roles.Admin ? AuditText.AdminAdded : AuditText.AgentAdded, person),
            ActivityKind.UserInvited => changes.New("role") == Roles.Admin ? AuditText.AdminInvited : AuditText.AgentInvited,
            ActivityKind.InvitationWithdrawn => AuditText.InvitationWithdrawn,
            ActivityKind.ApiKeyMade => Say(AuditText.KeyMade, changes.New("name"), changes.New("scopes")),
            ActivityKind.ApiKeyRevoked => Say(AuditText.KeyRevoked, changes.New("name")),
            ActivityKind.WebhookAdded => Say(AuditText.WebhookAdded, changes.New("url")),
            ActivityKind.WebhookChanged => Say(AuditText.WebhookChanged, changes.New("url"), string.Join(", ", changes.Fields.Where(field => field is not ("webhook" or "url")))),
            ActivityKind.WebhookRemoved => Say(AuditText.WebhookRemoved, changes.Old("url")),
            ActivityKind.WebhookPaused => Say(AuditText.WebhookPaused, changes.New("url")),
            ActivityKind.WebhookResumed => Say(AuditText.WebhookResumed, changes.New("url")),
            ActivityKind.WebhookReplayed => Say(AuditText.WebhookReplayed, changes.New("deliveries"), changes.New("url")),
            ActivityKind.HookAdded => Say(AuditText.HookAdded, changes.New("name")),
            ActivityKind.HookChanged => Say(AuditText.HookChanged, changes.New("name"), string.Join(", ", changes.Fields.Where(field => field is not ("hook" or "name")))),
            ActivityKind.IntegrationAdded => Say(AuditText.IntegrationAdded, changes.New("name")),
            ActivityKind.IntegrationChanged => Say(AuditText.IntegrationChanged, changes.New("name"), string.Join(", ", changes.Fields.Where(field => field is not ("integration" or "name")))),
            ActivityKind.IntegrationRemoved => Say(AuditText.IntegrationRemoved, changes.New("name")),
            ActivityKind.HookRemoved => Say(AuditText.HookRemoved, changes.New("name")),
            ActivityKind.HelpdeskListed => Say(AuditText.HelpdeskListed, changes.New("helpdesk"), changes.New("mails"), names.Mailbox(entry.MailboxId)),
            ActivityKind.HelpdeskTakenOver => Say(AuditText.HelpdeskTakenOver, changes.New("tickets"), changes.New("helpdesk"), names.Mailbox(entry.MailboxId)),
            ActivityKind.HelpdeskForgotten => Say(AuditText.HelpdeskForgotten, changes.Old("helpdesk"), names.Mailbox(entry.MailboxId)),
            ActivityKind.HelpdeskGivenBack => Say(AuditText.HelpdeskGivenBack, changes.New("tickets"), changes.New("helpdesk"), names.Mailbox(entry.MailboxId)),
            ActivityKind.UserRoleChanged => Say(changes.New("role") == Roles.Admin ? AuditText.MadeAdmin : AuditText.MadeAgent, person),
            ActivityKind.UserAccessChanged => Say(AuditText.AccessChanged, person),
            ActivityKind.UserDisabled => Say(AuditText.UserDisabled, person),
            ActivityKind.UserEnabled => Say(AuditText.UserEnabled, person),
            ActivityKind.UserReset => Say(AuditText.PasswordReset, person),
            ActivityKind.MailboxAdded => Say(AuditText.MailboxAdded, names.Mailbox(entry.MailboxId)),
            ActivityKind.MailboxChanged => Say(AuditText.MailboxChanged, names.Mailbox(entry.MailboxId), string.Join(", ", changes.Fields)),
            ActivityKind.MailboxRemoved => Say(AuditText.MailboxRemoved, changes.Old("address") ?? names.Mailbox(entry.MailboxId)),
            ActivityKind.FolderChanged => Say(AuditText.FolderChanged, changes.New("folder"), names.Mailbox(entry.MailboxId)),
            ActivityKind.SpamSenderChanged => Say(
                changes.New("trusted") switch { "True" => AuditText.SenderTrusted, "False" => AuditText.SenderBlocked, _ => AuditText.SenderForgotten },
                changes.New("sender") ?? changes.Old("sender")),
            ActivityKind.SpamBreakerChanged => Say(
                changes.New("state") switch { "restored" => AuditText.BreakerRestored, "dismissed" => AuditText.BreakerDismissed, _ => AuditText.BreakerTripped },
                SpamWords.Of(Enum.TryParse<HeaderRule>(changes.New("rule"), out var rule) ? rule : null), changes.New("hidden"), changes.New("mails"), names.Mailbox(entry.MailboxId)),
            ActivityKind.SpamSettingsChanged => AuditText.SpamSettingsChanged,
            ActivityKind.Microsoft365SettingsChanged => Say(AuditText.Microsoft365SettingsChanged, string.Join(", ", changes.Fields)),
            ActivityKind.Microsoft365Consented => Say(AuditText.Microsoft365Consented, changes.New("tenant")),
            ActivityKind.OAuthProviderChanged => Say(AuditText.OAuthProviderChanged, changes.New("name") ?? changes.Old("name"), string.Join(", ", changes.Fields)),
            ActivityKind.AiSettingsChanged => Say(AuditText.AiSettingsChanged, string.Join(", ", changes.Fields)),
            ActivityKind.BusinessHoursChanged => Say(AuditText.BusinessHoursChanged, string.Join(", ", changes.Fields)),
            ActivityKind.SpamModelReset => AuditText.SpamModelReset,
            ActivityKind.SenderImagesChanged => changes.New("shown") == bool.TrueString ? AuditText.ImagesShown : AuditText.ImagesBlocked,
            ActivityKind.TemplateAdded => Say(AuditText.TemplateAdded, changes.New("name")),
            ActivityKind.TemplateChanged => Say(AuditText.TemplateChanged, changes.New("name")),
            ActivityKind.TemplateRemoved => Say(AuditText.TemplateRemoved, changes.Old("name")),
            ActivityKind.SpamErased => Say(AuditText.SpamErased, changes.New("messages"), changes.New("days")),
            ActivityKind.BackupMade => Say(AuditText.BackupMade, changes.New("backup")),
            ActivityKind.BackupRestored => Say(AuditText.BackupRestored, changes.New("backup")),
            ActivityKind.TagAdded => Say(AuditText.TagAdded, changes.New("name")),
            ActivityKind.TagChanged => Say(AuditText.TagChanged, string.Join(", ", changes.Fields.Where(field => field != "tag"))),
            ActivityKind.TagRemoved => Say(AuditText.TagRemoved, changes.Old("name")),
            ActivityKind.AutomationAdded => Say(AuditText.AutomationAdded, changes.New("name")),
            ActivityKind.AutomationChanged => Say(AuditText.AutomationChanged, changes.New("name")),
            ActivityKind.AutomationRemoved => Say(AuditText.AutomationRemoved, changes.Old("name")),
            ActivityKind.AutoReplyChanged => Say(AuditText.AutoReplyChanged, names.Mailbox(entry.MailboxId)),
            _ => entry.Kind.ToString(),
        };
    }

    /// <summary>The door it came through.</summary>
    public static string Door(ActivityEntry entry) => entry.Origin switch
    {
        "web" => AuditText.DoorWeb,
        "api" => AuditText.DoorApi,
        "command" => AuditText.DoorCommand,
        _ => AuditText.DoorItself,
    };

    public static string Topic(AuditTopic topic) => topic switch
    {
        AuditTopic.SignIns => AuditText.TopicSignIns,
        AuditTopic.SecondStep => AuditText.TopicSecondStep,
        AuditTopic.People => AuditText.TopicPeople,
        AuditTopic.Mailboxes => AuditText.TopicMailboxes,
        AuditTopic.Backups => AuditText.TopicBackups,
        _ => AuditText.TopicSettings,
    };

    private static string Failed(AuditChanges changes, string person) => changes.Id("user") is not null ? Say(AuditText.SignInFailed, person, Method(changes))
        : changes.New("method") == nameof(SignInMethod.Passkey) ? AuditText.SignInFailedPasskey
        : AuditText.SignInFailedUnknown;

    private static string Unlinked(ActivityEntry entry, AuditChanges changes, string? person) =>
        entry.ActorUserId == changes.Id("user") ? AuditText.MicrosoftUnlinked : Say(AuditText.MicrosoftUnlinkedOf, person);

    private static string Ended(ActivityEntry entry, AuditChanges changes, string person) => entry.ActorUserId is { } actor && actor == changes.Id("user")
        ? Say(AuditText.OwnSessionsEnded, changes.New("sessions"))
        : Say(AuditText.SessionsEnded, person, changes.New("sessions"));

    private static bool IsMicrosoft(AuditChanges changes) => changes.New("factor") == "microsoft";

    private static bool IsPasskey(AuditChanges changes) => changes.New("factor") == "passkey";

    private static string Method(AuditChanges changes) =>
        SignInWords.By(Enum.TryParse<SignInMethod>(changes.New("method"), out var method) ? method : SignInMethod.Password);

    private static string Requirement(string? name) => name switch
    {
        nameof(SecondStepRequirement.Everybody) => AuditText.OfEverybody,
        nameof(SecondStepRequirement.Admins) => AuditText.OfAdmins,
        _ => AuditText.OfNobody,
    };

    private static string Say(string text, params object?[] values) => string.Format(CultureInfo.CurrentCulture, text, values);
}
