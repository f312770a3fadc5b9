using System.Text.Json;

namespace Enneo.Core.Activity;

public enum ActivityKind
{
    MailboxAdded,
    MailboxChanged,
    MailboxRemoved,
    MailboxStateChanged,

    /// <summary>A person asks to look into it now.</summary>
    MailboxSyncRequested,

    /// <summary>A person said what a folder is for, or whether it is synced.</summary>
    FolderChanged,

    /// <summary>History came in: one entry per batch, <c>messages</c> says how many.</summary>
    MailboxImported,
    TicketCreated,
    TicketStatusChanged,
    TicketAssigned,

    /// <summary>Somebody gave it another subject: <c>subject</c>.</summary>
    TicketRenamed,

    /// <summary>Put out of sight until then, or brought back: <c>snoozedUntil</c>.</summary>
    TicketSnoozed,

    TicketPriorityChanged,

    /// <summary>What another system knows of it: <c>contractId</c>, <c>channel</c>, <c>additionalData</c>, <c>workedOnBy</c>.</summary>
    TicketFactsChanged,

    /// <summary>When it should be answered and closed: <c>firstResponseDueBy</c>, <c>dueBy</c>.</summary>
    TicketDueChanged,

    /// <summary>One of us wrote something down for the others (or put it back, then <c>note</c> says which), changed it, or took it away.</summary>
    NoteAdded,
    NoteChanged,
    NoteRemoved,

    /// <summary>A mail waits for the language model.</summary>
    AnalysisRequested,

    /// <summary>The language model has read a mail of it, or could not.</summary>
    TicketAnalysed,

    /// <summary>It became spam, or is none any more: <c>spamStatus</c>, and beside it why.</summary>
    TicketSpamChanged,

    /// <summary>A person asked to process its mail again.</summary>
    ProcessingRequested,

    /// <summary>A person had a proposal of an automation done, or did without it: <c>automation</c>.</summary>
    AutomationDecided,

    /// <summary>Another ticket was folded into this one: <c>ticket</c> says which.</summary>
    TicketsMerged,

    /// <summary>A person said whose mail it is.</summary>
    TicketRequesterChanged,

    /// <summary>Messages of it became a ticket of their own: <c>ticket</c> says which.</summary>
    TicketSplit,

    /// <summary>A message came over from another ticket: <c>ticket</c> says which.</summary>
    MessagesJoined,

    /// <summary>A message went over to another ticket: <c>ticket</c> says which.</summary>
    MessagesLeft,
    MessageReceived,
    MessageSeenChanged,
    MessageFlaggedChanged,

    /// <summary>Into another folder of its mailbox: <c>folders</c> lists where it lay and lies.</summary>
    MessageMoved,

    /// <summary>A person asked to erase it for good; it goes as soon as the server has erased it.</summary>
    MessageErased,

    /// <summary>The server no longer holds the message, or holds it again.</summary>
    MessageOnServerChanged,

    /// <summary>The server does not take a change that was made here: <c>kind</c> says which.</summary>
    ServerChangeRefused,
    MessageParseRetried,

    /// <summary>Remote images of the message's sender are shown without asking from now on, or no longer.</summary>
    SenderImagesChanged,

    /// <summary>A sender is trusted or blocked from now on, or no longer: <c>sender</c>, <c>trusted</c>.</summary>
    SpamSenderChanged,

    /// <summary>A sender of mass mail was asked to send no more. Changes: <c>sender</c> and <c>outcome</c>.</summary>
    SenderUnsubscribed,

    /// <summary>A rule or the model hid too much of a mailbox's new mail, or an admin dealt with that: <c>state</c>, <c>rule</c>, <c>hidden</c>, <c>mails</c>.</summary>
    SpamBreakerChanged,

    /// <summary>How spam is found in all mailboxes: a field for each thing that changed.</summary>
    SpamSettingsChanged,

    /// <summary>Which language model reads mail, and how much: a field for each thing that changed.</summary>
    AiSettingsChanged,

    /// <summary>When mail is worked on: <c>alwaysOpen</c>, <c>timeZone</c>, <c>week</c>, <c>holidays</c>.</summary>
    BusinessHoursChanged,

    /// <summary>The registration at Microsoft: a field for each thing that changed, and never a secret.</summary>
    Microsoft365SettingsChanged,

    /// <summary>Somebody came back from Microsoft, which says that an administrator agreed for everybody: <c>tenant</c>, <c>clientId</c>. Who came is not always one of us.</summary>
    Microsoft365Consented,

    /// <summary>Who else signs people in for mailboxes: a field for each thing that changed, and never a secret; a name that became nothing was removed.</summary>
    OAuthProviderChanged,

    /// <summary>Spam that was old enough was erased from the trash by itself: <c>messages</c> says how many, <c>days</c> what was set.</summary>
    SpamErased,

    /// <summary>All that was learned from people was forgotten.</summary>
    SpamModelReset,

    /// <summary>A tag was given or taken off: <c>tag</c>, its <c>name</c>, and <c>source</c>, who or what did it.</summary>
    TicketTagged,

    /// <summary>There is a new tag: <c>tag</c>, and a field for each of what it is.</summary>
    TagAdded,
    TagChanged,
    TagRemoved,

    /// <summary>What is done by itself: <c>automation</c>, its <c>name</c>, and what changed.</summary>
    AutomationAdded,
    AutomationChanged,
    AutomationRemoved,

    /// <summary>A text that is put into answers: <c>template</c>, its <c>name</c>.</summary>
    TemplateAdded,
    TemplateChanged,
    TemplateRemoved,

    /// <summary>What a mailbox answers by itself.</summary>
    AutoReplyChanged,
    DraftSaved,
    DraftDiscarded,
    OutgoingQueued,
    OutgoingCancelled,
    OutgoingStateChanged,
    UserAdded,
    UserReset,

    /// <summary>A one-time link was made for somebody; <c>invitation</c> says which.</summary>
    UserInvited,
    InvitationWithdrawn,

    /// <summary>A key to the API: <c>key</c>, its <c>name</c> and <c>scopes</c>, and <c>user</c>, in whose name it acts.</summary>
    ApiKeyMade,
    ApiKeyRevoked,

    /// <summary>Another system is told what happens: <c>webhook</c>, its <c>url</c>, and a field for each thing that changed.</summary>
    WebhookAdded,
    WebhookChanged,
    WebhookRemoved,

    /// <summary>It rests after a day of failures, or goes on: <c>webhook</c>, its <c>url</c>.</summary>
    WebhookPaused,
    WebhookResumed,

    /// <summary>Somebody has told again what was told before: <c>webhook</c>, its <c>url</c>, <c>deliveries</c> how many.</summary>
    WebhookReplayed,

    /// <summary>A system that is called at once could not be told: <c>host</c>, <c>problem</c> or <c>status</c> and <c>answer</c>, and <c>user</c>, whose change it was.</summary>
    WebhookFailed,

    /// <summary>Another system may tell us something: <c>hook</c>, its <c>name</c>, and a field for each thing that changed.</summary>
    HookAdded,
    HookChanged,
    HookRemoved,

    /// <summary>Another ticket system is kept in step: <c>integration</c>, its <c>name</c>, and a field for each thing that changed; never its credential.</summary>
    IntegrationAdded,
    IntegrationChanged,
    IntegrationRemoved,

    /// <summary>What another helpdesk has of a mailbox was told: <c>helpdesk</c>, and <c>mails</c> how many.</summary>
    HelpdeskListed,

    /// <summary>That list was removed: <c>helpdesk</c>.</summary>
    HelpdeskForgotten,

    /// <summary>How its tickets stand was taken over, or given back: <c>helpdesk</c>, and <c>tickets</c> how many.</summary>
    HelpdeskTakenOver,
    HelpdeskGivenBack,

    /// <summary>A ticket took over from another helpdesk how it stands, which is no news to anybody: <c>status</c>, <c>assignee</c>, and <c>number</c>, what it is called there.</summary>
    TicketTakenOver,
    UserRoleChanged,

    /// <summary>Other mailboxes than before: <c>mailboxes</c> lists those of before and of now.</summary>
    UserAccessChanged,
    UserDisabled,
    UserEnabled,
    UserSignedIn,

    /// <summary>A wrong password, code or passkey: <c>user</c> says whose, where there is such a person.</summary>
    UserSignInFailed,

    /// <summary>By the person, on the device itself.</summary>
    UserSignedOut,

    /// <summary>Sessions of <c>user</c> were ended from elsewhere: <c>sessions</c> says how many.</summary>
    SessionsEnded,
    PasswordChanged,

    /// <summary>What proves a person besides the password: <c>factor</c> is <c>app</c> or <c>passkey</c>, <c>name</c> a passkey's.</summary>
    FactorAdded,
    FactorRenamed,
    FactorRemoved,

    /// <summary>All factors of <c>user</c> were taken away by an admin or the operator.</summary>
    FactorsReset,
    RecoveryCodesMade,

    /// <summary>Who must have a second step.</summary>
    SecondStepChanged,
    BackupMade,

    /// <summary>Written into the restored data: <c>backup</c> says which one, <c>uncertain</c> how many answers may have left since.</summary>
    BackupRestored,
}

/// <summary>
/// One thing that happened, written in the transaction of the change itself. History, live screens
/// and everything that others are told read this log; nothing else announces anything.
/// </summary>
public sealed class ActivityEntry
{
    /// <summary>Ascending in commit order, since there is one writer; never reused.</summary>
    public long Sequence { get; init; }

    public required DateTimeOffset At { get; init; }
    public required ActivityKind Kind { get; init; }
    public required ActorKind ActorKind { get; init; }
    public long? ActorUserId { get; init; }

    /// <summary>The key of the program that did it in that person's name.</summary>
    public long? ApiKeyId { get; init; }

    /// <summary>The door through which the change came: <c>web</c>, <c>api</c>, <c>command</c>, <c>sync</c>, <c>sending</c>, <c>snooze</c>, <c>closing</c>, <c>backup</c>, <c>demo</c>, <c>hook:</c> and the id of an incoming hook, <c>integration:</c> and that of an integration.</summary>
    public required string Origin { get; init; }

    /// <summary>From where it came, as an IP address; kept for what is audited only.</summary>
    public string? Address { get; init; }

    /// <summary>Whether it is of those that the audit log shows: see <see cref="Audit"/>.</summary>
    public bool IsAudited { get; init; }

    public long? MailboxId { get; init; }
    public long? TicketId { get; init; }
    public long? MessageId { get; init; }

    /// <summary>JSON: <c>{"field":[old,new]}</c>.</summary>
    public string Changes { get; init; } = "{}";

    public static ActivityEntry Of(ActivityKind kind, Actor actor, string origin, TimeProvider clock,
        long? mailboxId = null, long? ticketId = null, long? messageId = null,
        params ReadOnlySpan<(string Field, object? Old, object? New)> changes)
    {
        Dictionary<string, object?[]> fields = [];
        foreach (var (field, old, @new) in changes)
        {
            fields[field] = [old, @new];
        }

        return new ActivityEntry
        {
            At = clock.GetUtcNow(),
            Kind = kind,
            ActorKind = actor.Kind,
            ActorUserId = actor.UserId,
            ApiKeyId = actor.ApiKeyId,
            Origin = origin,
            Address = Audit.Shows(kind) ? actor.Address : null,
            IsAudited = Audit.Shows(kind),
            MailboxId = mailboxId,
            TicketId = ticketId,
            MessageId = messageId,
            Changes = fields.Count == 0 ? "{}" : JsonSerializer.Serialize(fields),
        };
    }
}
