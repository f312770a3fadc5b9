using Enneo.Core.Activity;
using Enneo.Core.Analysis;
using Enneo.Core.Automations;
using Enneo.Core.Connections;
using Enneo.Core.Contacts;
using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Identity.Factors;
using Enneo.Core.Identity.Invitations;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Messages.Images;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;
using Enneo.Core.Processing;
using Enneo.Core.Search;
using Enneo.Core.Sending;
using Enneo.Core.Spam;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Storage;
using Enneo.Core.Sync;
using Enneo.Core.Sync.Graph;
using Enneo.Core.Tags;
using Enneo.Core.Templates;
using Enneo.Core.Tickets;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Data;

/// <summary>
/// The one model of the one database. Contexts from <see cref="IDbContextFactory{TContext}"/> read
/// only; every change goes through <see cref="WriterLane"/>.
/// New migration: <c>dotnet ef migrations add NAME --project Enneo.Core --output-dir Data/Migrations</c>.
/// </summary>
public sealed class EnneoDbContext(DbContextOptions<EnneoDbContext> options)
    : IdentityDbContext<User, IdentityRole<long>, long, IdentityUserClaim<long>, IdentityUserRole<long>, IdentityUserLogin<long>,
        IdentityRoleClaim<long>, IdentityUserToken<long>, UserPasskey>(options)
{
    /// <summary>Called once, when it has been disposed of.</summary>
    internal Action? Left { get; set; }

    public DbSet<ActivityEntry> Activity => Set<ActivityEntry>();
    public DbSet<Setting> Settings => Set<Setting>();
    public DbSet<Session> Sessions => Set<Session>();
    public DbSet<AuthenticatorApp> AuthenticatorApps => Set<AuthenticatorApp>();
    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();
    public DbSet<StoredSource> Sources => Set<StoredSource>();
    public DbSet<Mailbox> Mailboxes => Set<Mailbox>();
    public DbSet<ConnectedAccount> ConnectedAccounts => Set<ConnectedAccount>();
    public DbSet<ConnectAttempt> ConnectAttempts => Set<ConnectAttempt>();
    public DbSet<MicrosoftPlace> MicrosoftPlaces => Set<MicrosoftPlace>();
    public DbSet<OAuthProvider> OAuthProviders => Set<OAuthProvider>();
    public DbSet<MailboxGrant> MailboxGrants => Set<MailboxGrant>();
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<Invitation> Invitations => Set<Invitation>();
    public DbSet<MailboxStatus> MailboxStatuses => Set<MailboxStatus>();
    public DbSet<MailboxFailure> MailboxFailures => Set<MailboxFailure>();
    public DbSet<MailFolder> Folders => Set<MailFolder>();
    public DbSet<GraphFolder> GraphFolders => Set<GraphFolder>();
    public DbSet<GraphNumber> GraphNumbers => Set<GraphNumber>();
    public DbSet<ServerChange> ServerChanges => Set<ServerChange>();
    public DbSet<LedgerEntry> Ledger => Set<LedgerEntry>();
    public DbSet<Message> Messages => Set<Message>();
    public DbSet<MessageFolder> MessageFolders => Set<MessageFolder>();
    public DbSet<TrustedImageSender> TrustedImageSenders => Set<TrustedImageSender>();
    public DbSet<Ticket> Tickets => Set<Ticket>();
    public DbSet<TicketFolder> TicketFolders => Set<TicketFolder>();
    public DbSet<TicketParticipant> TicketParticipants => Set<TicketParticipant>();
    public DbSet<TicketMerge> TicketMerges => Set<TicketMerge>();
    public DbSet<AnswerTemplate> Templates => Set<AnswerTemplate>();
    public DbSet<Automation> Automations => Set<Automation>();
    public DbSet<AutomationRun> AutomationRuns => Set<AutomationRun>();
    public DbSet<AutoReply> AutoReplies => Set<AutoReply>();
    public DbSet<MailboxAutoReply> MailboxAutoReplies => Set<MailboxAutoReply>();
    public DbSet<Tag> Tags => Set<Tag>();
    public DbSet<TicketTag> TicketTags => Set<TicketTag>();
    public DbSet<ThreadKey> ThreadKeys => Set<ThreadKey>();
    public DbSet<SearchEntry> SearchEntries => Set<SearchEntry>();
    public DbSet<BacklogEntry> SearchBacklog => Set<BacklogEntry>();
    public DbSet<ProcessingRun> ProcessingRuns => Set<ProcessingRun>();
    public DbSet<ProcessingRecord> ProcessingRecords => Set<ProcessingRecord>();
    public DbSet<MailAnalysis> MailAnalyses => Set<MailAnalysis>();
    public DbSet<AiCall> AiCalls => Set<AiCall>();
    public DbSet<SpamVerdict> SpamVerdicts => Set<SpamVerdict>();
    public DbSet<SpamBreaker> SpamBreakers => Set<SpamBreaker>();
    public DbSet<SpamSender> SpamSenders => Set<SpamSender>();
    public DbSet<Unsubscription> Unsubscriptions => Set<Unsubscription>();
    public DbSet<DmarcException> DmarcExceptions => Set<DmarcException>();
    public DbSet<SpamLesson> SpamLessons => Set<SpamLesson>();
    public DbSet<LearnedWeights> LearnedWeights => Set<LearnedWeights>();
    public DbSet<Contact> Contacts => Set<Contact>();
    public DbSet<ContactWord> ContactWords => Set<ContactWord>();
    public DbSet<Draft> Drafts => Set<Draft>();
    public DbSet<DraftAttachment> DraftAttachments => Set<DraftAttachment>();
    public DbSet<NotForwarded> NotForwarded => Set<NotForwarded>();
    public DbSet<OutgoingMessage> Outbox => Set<OutgoingMessage>();

    public override void Dispose()
    {
        base.Dispose();
        Leave();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Leave();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(EnneoDbContext).Assembly);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // SQLite cannot order or compare DateTimeOffset; stored as Unix milliseconds it can.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMillisecondsConverter>();
        configurationBuilder.Properties<TimeSpan>().HaveConversion<MillisecondsConverter>();
        configurationBuilder.Properties<IReadOnlyList<MailAddress>>().HaveConversion<MailAddressesConverter, MailAddressesComparer>();

        configurationBuilder.Properties<ActivityKind>().HaveConversion<string>();
        configurationBuilder.Properties<ActorKind>().HaveConversion<string>();
        configurationBuilder.Properties<SignInMethod>().HaveConversion<string>();
        configurationBuilder.Properties<MailboxMethod>().HaveConversion<string>();
        configurationBuilder.Properties<ConnectionSecurity>().HaveConversion<string>();
        configurationBuilder.Properties<MailboxState>().HaveConversion<string>();
        configurationBuilder.Properties<SyncMode>().HaveConversion<string>();
        configurationBuilder.Properties<FolderRole>().HaveConversion<string>();
        configurationBuilder.Properties<LedgerOutcome>().HaveConversion<string>();
        configurationBuilder.Properties<MessageDirection>().HaveConversion<string>();
        configurationBuilder.Properties<AutomaticKind>().HaveConversion<string>();
        configurationBuilder.Properties<ThreadRule>().HaveConversion<string>();
        configurationBuilder.Properties<TicketStatus>().HaveConversion<string>();
        configurationBuilder.Properties<AiSupportLevel>().HaveConversion<string>();
        configurationBuilder.Properties<TicketPriority>().HaveConversion<string>();
        configurationBuilder.Properties<TicketPlace>().HaveConversion<string>();
        configurationBuilder.Properties<SpamStage>().HaveConversion<string>();
        configurationBuilder.Properties<NotAsked>().HaveConversion<string>();
        configurationBuilder.Properties<HeaderRule>().HaveConversion<string>();
        configurationBuilder.Properties<LessonSource>().HaveConversion<string>();
        configurationBuilder.Properties<JunkMoves>().HaveConversion<string>();
        configurationBuilder.Properties<SpamStatus>().HaveConversion<string>();
        configurationBuilder.Properties<ServerChangeKind>().HaveConversion<string>();
        configurationBuilder.Properties<DeliveryState>().HaveConversion<string>();
        configurationBuilder.Properties<SentCopyState>().HaveConversion<string>();
        configurationBuilder.Properties<DraftMode>().HaveConversion<string>();
    }

    private void Leave()
    {
        var left = Left;
        Left = null;
        left?.Invoke();
    }
}
