using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Web.Inbox;

namespace Enneo.Tests.Access;

/// <summary>What happens in a mailbox reaches the open pages of those who see it, and of nobody else.</summary>
public sealed class LiveAccessTests
{
    private const long Granted = 3;
    private const long Withheld = 7;
    private const long Agent = 1;

    /// <summary>Those that say who there is, or what somebody may see: they make a page look again, and name no mail.</summary>
    private static readonly HashSet<ActivityKind> s_aboutPeople =
        [ActivityKind.UserAdded, ActivityKind.UserRoleChanged, ActivityKind.UserAccessChanged, ActivityKind.UserDisabled, ActivityKind.UserEnabled];

    /// <summary>Those that say which tags there are: they make a page look again, and name no mail.</summary>
    private static readonly HashSet<ActivityKind> s_aboutTags = [ActivityKind.TagAdded, ActivityKind.TagChanged, ActivityKind.TagRemoved];

    /// <summary>Those that no mailbox has.</summary>
    private static readonly HashSet<ActivityKind> s_silent =
    [
        ActivityKind.UserReset, ActivityKind.UserSignedIn, ActivityKind.UserSignInFailed, ActivityKind.UserSignedOut, ActivityKind.SessionsEnded,
        ActivityKind.PasswordChanged, ActivityKind.FactorAdded, ActivityKind.FactorRenamed, ActivityKind.FactorRemoved, ActivityKind.FactorsReset,
        ActivityKind.RecoveryCodesMade, ActivityKind.SecondStepChanged, ActivityKind.UserInvited, ActivityKind.InvitationWithdrawn, ActivityKind.ApiKeyMade, ActivityKind.ApiKeyRevoked,
        ActivityKind.BackupMade, ActivityKind.BackupRestored, ActivityKind.SpamSettingsChanged, ActivityKind.SpamErased, ActivityKind.SpamModelReset, ActivityKind.AiSettingsChanged, ActivityKind.BusinessHoursChanged, ActivityKind.Microsoft365SettingsChanged, ActivityKind.Microsoft365Consented, ActivityKind.OAuthProviderChanged,
        ActivityKind.AutomationAdded, ActivityKind.AutomationChanged, ActivityKind.AutomationRemoved, ActivityKind.TemplateAdded, ActivityKind.TemplateChanged, ActivityKind.TemplateRemoved,
        ActivityKind.WebhookAdded, ActivityKind.WebhookChanged, ActivityKind.WebhookRemoved, ActivityKind.WebhookPaused, ActivityKind.WebhookResumed, ActivityKind.WebhookReplayed,
        ActivityKind.IntegrationAdded, ActivityKind.IntegrationChanged, ActivityKind.IntegrationRemoved, ActivityKind.HookAdded, ActivityKind.HookChanged, ActivityKind.HookRemoved,
    ];

    /// <summary>Those that are about a mailbox and what is in it.</summary>
    private static readonly HashSet<ActivityKind> s_ofMailboxes =
    [
        ActivityKind.MailboxAdded, ActivityKind.MailboxChanged, ActivityKind.MailboxRemoved, ActivityKind.MailboxStateChanged, ActivityKind.MailboxSyncRequested,
        ActivityKind.FolderChanged, ActivityKind.MailboxImported, ActivityKind.TicketCreated, ActivityKind.TicketStatusChanged, ActivityKind.TicketAssigned, ActivityKind.TicketRenamed,
        ActivityKind.TicketSpamChanged, ActivityKind.AutomationDecided, ActivityKind.ProcessingRequested, ActivityKind.SpamSenderChanged, ActivityKind.SpamBreakerChanged, ActivityKind.SenderUnsubscribed, ActivityKind.TicketSnoozed, ActivityKind.TicketsMerged, ActivityKind.TicketRequesterChanged, ActivityKind.TicketSplit, ActivityKind.MessagesJoined,
        ActivityKind.MessagesLeft, ActivityKind.MessageReceived, ActivityKind.MessageSeenChanged, ActivityKind.MessageFlaggedChanged, ActivityKind.MessageMoved,
        ActivityKind.MessageErased, ActivityKind.MessageOnServerChanged, ActivityKind.MessageParseRetried, ActivityKind.SenderImagesChanged, ActivityKind.DraftSaved,
        ActivityKind.AnalysisRequested, ActivityKind.TicketAnalysed, ActivityKind.TicketPriorityChanged, ActivityKind.TicketFactsChanged, ActivityKind.TicketDueChanged, ActivityKind.NoteAdded, ActivityKind.NoteChanged, ActivityKind.NoteRemoved,
        ActivityKind.HelpdeskListed, ActivityKind.HelpdeskForgotten, ActivityKind.HelpdeskTakenOver, ActivityKind.HelpdeskGivenBack, ActivityKind.TicketTakenOver,
        ActivityKind.TicketTagged, ActivityKind.WebhookFailed, ActivityKind.AutoReplyChanged, ActivityKind.ServerChangeRefused, ActivityKind.DraftDiscarded, ActivityKind.OutgoingQueued, ActivityKind.OutgoingCancelled, ActivityKind.OutgoingStateChanged,
    ];

    public static TheoryData<ActivityKind> Kinds => [.. Enum.GetValues<ActivityKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AKindOfActivityReachesOnlyWhoMaySeeIt(ActivityKind kind)
    {
        Assert.True(
            s_aboutPeople.Contains(kind) || s_aboutTags.Contains(kind) || s_silent.Contains(kind) || s_ofMailboxes.Contains(kind),
            $"Say in LiveAccessTests whether {kind} is about a mailbox, about people, about tags, or about none of them.");

        if (s_ofMailboxes.Contains(kind))
        {
            Assert.True(Told(kind, Withheld, Reach.Of(Granted)).IsEmpty);
            Assert.Equal(Told(kind, Withheld, Reach.All).IsEmpty, Told(kind, Granted, Reach.Of(Granted)).IsEmpty);
            Assert.Equal(Told(kind, Withheld, Reach.All).Tickets, Told(kind, Granted, Reach.Of(Granted)).Tickets);
        }
        else
        {
            var told = Told(kind, null, Reach.Of(Granted));
            Assert.Empty(told.Tickets);
            Assert.Equal(s_aboutPeople.Contains(kind), told.People);
            Assert.Equal(s_aboutTags.Contains(kind), told.Tags);
        }
    }

    [Fact]
    public void WhoSeesOtherMailboxesThanBeforeReadsEverythingAgain()
    {
        var own = Told(ActivityKind.UserAccessChanged, null, Reach.None);
        Assert.True(own is { Access: true, Mailboxes: true, History: true, Drafts: true });

        InboxChanges others = new();
        others.Add(EntryOf(ActivityKind.UserAccessChanged, null), Reach.None, personId: Agent + 1);
        Assert.True(others is { Access: false, People: true });
    }

    private static InboxChanges Told(ActivityKind kind, long? mailboxId, Reach reach)
    {
        InboxChanges changes = new();
        changes.Add(EntryOf(kind, mailboxId), reach, Agent);
        return changes;
    }

    private static ActivityEntry EntryOf(ActivityKind kind, long? mailboxId) => ActivityEntry.Of(
        kind, Actor.System, "test", TimeProvider.System, mailboxId, mailboxId is null ? null : 42, changes: [("user", null, Agent), ("ticket", 41, 42)]);
}
