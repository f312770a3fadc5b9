using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Tests.Identity;
using Enneo.Web.Activity;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace Enneo.Tests.Activity;

public sealed class AuditTests(MigratedStore store) : IClassFixture<MigratedStore>
{
    /// <summary>The daily mail, by name: a new kind is either here or in the audit log, never forgotten.</summary>
    private static readonly HashSet<ActivityKind> s_daily =
    [
        ActivityKind.MailboxStateChanged, ActivityKind.MailboxSyncRequested, ActivityKind.MailboxImported,
        ActivityKind.TicketCreated, ActivityKind.TicketStatusChanged, ActivityKind.TicketAssigned, ActivityKind.TicketRenamed, ActivityKind.TicketSnoozed, ActivityKind.TicketSpamChanged, ActivityKind.SenderUnsubscribed, ActivityKind.AutomationDecided, ActivityKind.ProcessingRequested,
        ActivityKind.TicketsMerged, ActivityKind.TicketRequesterChanged, ActivityKind.TicketSplit, ActivityKind.MessagesJoined, ActivityKind.MessagesLeft,
        ActivityKind.MessageReceived, ActivityKind.MessageSeenChanged, ActivityKind.MessageFlaggedChanged, ActivityKind.MessageMoved,
        ActivityKind.MessageErased, ActivityKind.ServerChangeRefused, ActivityKind.MessageOnServerChanged, ActivityKind.MessageParseRetried,
        ActivityKind.AnalysisRequested, ActivityKind.TicketAnalysed, ActivityKind.TicketPriorityChanged, ActivityKind.TicketFactsChanged, ActivityKind.TicketDueChanged, ActivityKind.NoteAdded, ActivityKind.NoteChanged, ActivityKind.NoteRemoved,
        ActivityKind.TicketTagged, ActivityKind.TicketTakenOver, ActivityKind.WebhookFailed, ActivityKind.DraftSaved, ActivityKind.DraftDiscarded, ActivityKind.OutgoingQueued, ActivityKind.OutgoingCancelled, ActivityKind.OutgoingStateChanged,
    ];

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<ActivityKind> Audited => [.. Audit.Kinds];

    [Fact]
    public void EveryKindIsEitherDailyMailOrAudited() =>
        Assert.All(Enum.GetValues<ActivityKind>(), kind => Assert.True(Audit.Shows(kind) != s_daily.Contains(kind), $"{kind} must be in one of the two"));

    [Theory]
    [MemberData(nameof(Audited))]
    public void EveryAuditedKindHasWords(ActivityKind kind)
    {
        var entry = ActivityEntry.Of(kind, Actor.User(1), "web", _clock);

        Assert.DoesNotContain(kind.ToString(), AuditWords.What(entry, AuditNames.None), StringComparison.Ordinal);
        Assert.NotEmpty(AuditWords.Who(entry, AuditNames.None));
    }

    [Fact]
    public void SentencesSayWhoDidWhat()
    {
        AuditNames names = new(new Dictionary<long, string> { [1] = "Anna", [2] = "Ben" }, new Dictionary<long, string> { [7] = "Support" });

        Assert.Equal("Anna signed in with a passkey", Say(ActivityEntry.Of(
            ActivityKind.UserSignedIn, Actor.User(1), "web", _clock, changes: [("user", null, 1), ("method", null, nameof(SignInMethod.Passkey))])));
        Assert.Equal("Somebody failed to sign in as Ben with a password", Say(ActivityEntry.Of(
            ActivityKind.UserSignInFailed, Actor.System, "web", _clock, changes: [("user", null, 2), ("method", null, nameof(SignInMethod.Password))])));
        Assert.Equal("Somebody failed to sign in with an address that nobody has", Say(ActivityEntry.Of(
            ActivityKind.UserSignInFailed, Actor.System, "web", _clock, changes: [("user", null, null), ("method", null, nameof(SignInMethod.Password))])));
        Assert.Equal("The operator reset the second step of Ben", Say(ActivityEntry.Of(
            ActivityKind.FactorsReset, Actor.Operator, "command", _clock, changes: ("user", null, 2))));
        Assert.Equal("Anna changed the mailbox Support: senderName", Say(ActivityEntry.Of(
            ActivityKind.MailboxChanged, Actor.User(1), "web", _clock, mailboxId: 7, changes: ("senderName", "a", "b"))));

        string Say(ActivityEntry entry) => $"{AuditWords.Who(entry, names)} {AuditWords.What(entry, names)}";
    }

    [Fact]
    public async Task IsFilteredByPersonTopicAndTime_NewestFirst()
    {
        var (anna, ben) = (await AddAsync("audit-a@example.test"), await AddAsync("audit-b@example.test"));
        var sessions = store.Get<Sessions>();
        await sessions.StartAsync(ben, SignInMethod.Password, new SignInPlace("Firefox", "198.51.100.9"), "web", Cancelled);
        await sessions.EndAllAsync(ben, null, Actor.User(anna, "198.51.100.8"), "web", Cancelled);

        Assert.Equal([ActivityKind.SessionsEnded, ActivityKind.UserSignedIn, ActivityKind.UserAdded], await KindsAsync(new AuditFilter(ben)));
        Assert.Equal([ActivityKind.SessionsEnded, ActivityKind.UserAdded], await KindsAsync(new AuditFilter(anna)));
        Assert.Equal([ActivityKind.UserAdded], await KindsAsync(new AuditFilter(ben, AuditTopic.People)));
        Assert.Empty(await KindsAsync(new AuditFilter(ben, Since: TimeProvider.System.GetUtcNow().AddDays(1))));
        Assert.Empty(await KindsAsync(new AuditFilter(ben, Until: TimeProvider.System.GetUtcNow().AddDays(-1))));
        var entries = await store.Get<AuditQueries>().PageAsync(new AuditFilter(ben), 0, 2, Cancelled);
        Assert.Equal(["198.51.100.8", "198.51.100.9"], entries.Select(e => e.Address));
        Assert.Equal(3, await store.Get<AuditQueries>().CountAsync(new AuditFilter(ben), Cancelled));
    }

    [Fact]
    public async Task AFailedSignIn_IsRecordedWithoutWhatWasTyped_AndOnlySoOften()
    {
        await using MigratedStore fresh = new();
        await fresh.InitializeAsync();
        SignInLog log = new(fresh.Get<IDbContextFactory<EnneoDbContext>>(), fresh.Get<WriterLane>(), fresh.Get<ILookupNormalizer>(), _clock);
        for (var i = 0; i < SignInLog.MostPerMinute + 20; i++)
        {
            await log.NoteFailureAsync("my secret password", "198.51.100.1", "web", Cancelled);
        }

        var queries = fresh.Get<AuditQueries>();
        Assert.Equal(SignInLog.MostPerMinute, await queries.CountAsync(new AuditFilter(), Cancelled));
        Assert.All(await queries.PageAsync(new AuditFilter(), 0, 100, Cancelled), e => Assert.DoesNotContain("secret", e.Changes, StringComparison.Ordinal));

        _clock.Advance(TimeSpan.FromMinutes(1));
        await log.NoteFailureAsync("anna@example.test", null, "web", Cancelled);
        Assert.Equal(SignInLog.MostPerMinute + 1, await queries.CountAsync(new AuditFilter(), Cancelled));
    }

    [Fact]
    public async Task ItsPagesAreFoundByTheirIndex()
    {
        await using var db = await store.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancelled);
        await db.Database.OpenConnectionAsync(Cancelled);
        await using var explain = db.Database.GetDbConnection().CreateCommand();
        explain.CommandText = """EXPLAIN QUERY PLAN SELECT "a"."Kind" FROM "activity" AS "a" WHERE "a"."IsAudited" ORDER BY "a"."Sequence" DESC LIMIT 50""";
        await using var plan = await explain.ExecuteReaderAsync(Cancelled);

        Assert.True(await plan.ReadAsync(Cancelled));
        Assert.Contains("IX_activity_audited", plan.GetString(3), StringComparison.Ordinal);
        Assert.False(await plan.ReadAsync(Cancelled)); // and nothing is sorted
    }

    [Theory]
    [InlineData("Anna", "\"Anna\"")]
    [InlineData("", "\"\"")]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("＝1", "\"'＝1\"")]
    [InlineData("say \"hi\", Ben", "\"say \"\"hi\"\", Ben\"")]
    public void ACellOfTheFileIsNoFormula(string value, string cell) => Assert.Equal(cell + "\r\n", CsvRow.Of(value));

    [Fact]
    public async Task NoCellOfTheKnownOnesBeginsAFormula()
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(await Exams.RequireAsync("lists"), "csv_formula.jsonl"), Cancelled);

        Assert.All(lines, line =>
        {
            var cell = CsvRow.Of(JsonDocument.Parse(line).RootElement.GetProperty("cell").GetString())[1..];
            Assert.True(char.IsLetterOrDigit(cell[0]) || cell[0] is '\'' or '"', cell);
        });
    }

    private async Task<IEnumerable<ActivityKind>> KindsAsync(AuditFilter filter) =>
        (await store.Get<AuditQueries>().PageAsync(filter, 0, 100, Cancelled)).Select(e => e.Kind);

    private async Task<long> AddAsync(string email) =>
        (await store.Get<Accounts>().AddAsync(new NewAccount(email, "", Roles.Agent, "blaue Stühle im Regen"), Actor.Operator, "command", Cancelled)).UserId!.Value;
}
