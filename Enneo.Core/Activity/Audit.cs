using System.Collections.Frozen;

namespace Enneo.Core.Activity;

/// <summary>What an entry of the audit log is about.</summary>
public enum AuditTopic
{
    SignIns,
    SecondStep,
    People,
    Mailboxes,
    Settings,
    Backups,
}

/// <summary>Which activity is shown in the audit log: what decides who gets in and what the installation does, not the daily mail.</summary>
public static class Audit
{
    private static readonly FrozenDictionary<ActivityKind, AuditTopic> s_topics = new Dictionary<ActivityKind, AuditTopic>
    {
        [ActivityKind.UserSignedIn] = AuditTopic.SignIns,
        [ActivityKind.UserSignInFailed] = AuditTopic.SignIns,
        [ActivityKind.UserSignedOut] = AuditTopic.SignIns,
        [ActivityKind.SessionsEnded] = AuditTopic.SignIns,
        [ActivityKind.FactorAdded] = AuditTopic.SecondStep,
        [ActivityKind.FactorRenamed] = AuditTopic.SecondStep,
        [ActivityKind.FactorRemoved] = AuditTopic.SecondStep,
        [ActivityKind.FactorsReset] = AuditTopic.SecondStep,
        [ActivityKind.RecoveryCodesMade] = AuditTopic.SecondStep,
        [ActivityKind.UserAdded] = AuditTopic.People,
        [ActivityKind.UserReset] = AuditTopic.People,
        [ActivityKind.PasswordChanged] = AuditTopic.People,
        [ActivityKind.UserInvited] = AuditTopic.People,
        [ActivityKind.InvitationWithdrawn] = AuditTopic.People,
        [ActivityKind.ApiKeyMade] = AuditTopic.People,
        [ActivityKind.ApiKeyRevoked] = AuditTopic.People,
        [ActivityKind.UserRoleChanged] = AuditTopic.People,
        [ActivityKind.UserAccessChanged] = AuditTopic.People,
        [ActivityKind.UserDisabled] = AuditTopic.People,
        [ActivityKind.UserEnabled] = AuditTopic.People,
        [ActivityKind.MailboxAdded] = AuditTopic.Mailboxes,
        [ActivityKind.MailboxChanged] = AuditTopic.Mailboxes,
        [ActivityKind.MailboxRemoved] = AuditTopic.Mailboxes,
        [ActivityKind.FolderChanged] = AuditTopic.Mailboxes,
        [ActivityKind.SpamErased] = AuditTopic.Mailboxes,
        [ActivityKind.SenderImagesChanged] = AuditTopic.Settings,
        [ActivityKind.TagAdded] = AuditTopic.Settings,
        [ActivityKind.TagChanged] = AuditTopic.Settings,
        [ActivityKind.TagRemoved] = AuditTopic.Settings,
        [ActivityKind.AutomationAdded] = AuditTopic.Settings,
        [ActivityKind.AutomationChanged] = AuditTopic.Settings,
        [ActivityKind.AutomationRemoved] = AuditTopic.Settings,
        [ActivityKind.TemplateAdded] = AuditTopic.Settings,
        [ActivityKind.TemplateChanged] = AuditTopic.Settings,
        [ActivityKind.TemplateRemoved] = AuditTopic.Settings,
        [ActivityKind.AutoReplyChanged] = AuditTopic.Settings,
        [ActivityKind.SpamSenderChanged] = AuditTopic.Settings,
        [ActivityKind.SpamBreakerChanged] = AuditTopic.Mailboxes,
        [ActivityKind.SpamSettingsChanged] = AuditTopic.Settings,
        [ActivityKind.AiSettingsChanged] = AuditTopic.Settings,
        [ActivityKind.BusinessHoursChanged] = AuditTopic.Settings,
        [ActivityKind.Microsoft365SettingsChanged] = AuditTopic.Settings,
        [ActivityKind.Microsoft365Consented] = AuditTopic.Settings,
        [ActivityKind.OAuthProviderChanged] = AuditTopic.Settings,
        [ActivityKind.SpamModelReset] = AuditTopic.Settings,
        [ActivityKind.SecondStepChanged] = AuditTopic.Settings,
        [ActivityKind.WebhookAdded] = AuditTopic.Settings,
        [ActivityKind.WebhookChanged] = AuditTopic.Settings,
        [ActivityKind.WebhookRemoved] = AuditTopic.Settings,
        [ActivityKind.WebhookPaused] = AuditTopic.Settings,
        [ActivityKind.WebhookResumed] = AuditTopic.Settings,
        [ActivityKind.WebhookReplayed] = AuditTopic.Settings,
        [ActivityKind.HookAdded] = AuditTopic.Settings,
        [ActivityKind.HookChanged] = AuditTopic.Settings,
        [ActivityKind.HookRemoved] = AuditTopic.Settings,
        [ActivityKind.IntegrationAdded] = AuditTopic.Settings,
        [ActivityKind.IntegrationChanged] = AuditTopic.Settings,
        [ActivityKind.IntegrationRemoved] = AuditTopic.Settings,
        [ActivityKind.HelpdeskListed] = AuditTopic.Mailboxes,
        [ActivityKind.HelpdeskForgotten] = AuditTopic.Mailboxes,
        [ActivityKind.HelpdeskTakenOver] = AuditTopic.Mailboxes,
        [ActivityKind.HelpdeskGivenBack] = AuditTopic.Mailboxes,
        [ActivityKind.BackupMade] = AuditTopic.Backups,
        [ActivityKind.BackupRestored] = AuditTopic.Backups,
    }.ToFrozenDictionary();

    public static IEnumerable<ActivityKind> Kinds => s_topics.Keys;

    public static bool Shows(ActivityKind kind) => s_topics.ContainsKey(kind);

    public static IReadOnlyList<ActivityKind> Of(AuditTopic topic) => [.. s_topics.Where(pair => pair.Value == topic).Select(pair => pair.Key)];
}
