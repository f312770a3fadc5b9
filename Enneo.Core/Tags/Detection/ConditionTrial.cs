using System.Text.Json;
using Enneo.Core.Conditions;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Processing;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tags.Detection;

/// <summary>A mail that conditions would have matched.</summary>
/// <param name="Because">The tests that hold.</param>
public sealed record TrialMatch(long MessageId, long TicketId, long MailboxId, string FromName, string FromAddress, string Subject, IReadOnlyList<ConditionTest> Because);

/// <param name="Tried">How many mails were looked at.</param>
/// <param name="Matches">Newest first.</param>
public sealed record TrialResult(int Tried, IReadOnlyList<TrialMatch> Matches);

/// <summary>
/// What conditions would have matched of the mails that came last: by the very evaluation of the real run, and nothing is
/// changed. Of tags they see what they would have seen then: those that the conversation bore as the mail came, not what
/// became of it later, and those that are found for the mail by itself.
/// </summary>
public sealed class ConditionTrial(IDbContextFactory<EnneoDbContext> dbFactory, MailFactsReading reading, TagDetection detection)
{
    public const int Tried = 500;

    /// <param name="mailboxIds">Only mail of these; none for all.</param>
    /// <param name="tagId">The tag that finds its mail by them; null for a new one.</param>
    public async Task<TrialResult> RunAsync(
        Reach reach, ConditionGroup conditions, IReadOnlyCollection<long> mailboxIds, CancellationToken cancellationToken, long? tagId = null)
    {
        var tags = await TagsForAsync(conditions, cancellationToken);
        Tag tried = new() { Id = tagId ?? long.MaxValue, Name = "", Detection = TagDetectionMode.Conditions, Conditions = conditions, ModifiedAt = default };
        List<Tag> before = [.. TagOrder.Of(tags.Where(tag => tag.Id != tried.Id && tag.IsFoundByItself).Append(tried)).TakeWhile(tag => tag != tried)];
        return await RunAsync(
            reach, conditions, mailboxIds, tags.Count == 0 ? null : async mail => TagDetection.Seen(mail.Facts, await detection.FindAsync(mail, before, cancellationToken), tried.Id), cancellationToken);
    }

    /// <summary>The same for an automation, which comes when all tags have been given.</summary>
    /// <inheritdoc cref="RunAsync(Reach, ConditionGroup, IReadOnlyCollection{long}, CancellationToken, long?)"/>
    public async Task<TrialResult> RunForAutomationAsync(Reach reach, ConditionGroup conditions, IReadOnlyCollection<long> mailboxIds, CancellationToken cancellationToken)
    {
        var tags = await TagsForAsync(conditions, cancellationToken);
        var ordered = TagOrder.Of(tags.Where(tag => tag.IsFoundByItself));
        return await RunAsync(
            reach, conditions, mailboxIds,
            tags.Count == 0 ? null : async mail =>
            {
                var seen = TagDetection.Seen(mail.Facts, await detection.FindAsync(mail, ordered, cancellationToken), without: null);
                return tags.Find(tag => tag.IsDefault && tag.AppliesTo(seen.MailboxId)) is { } byDefault ? WithDefault(seen, byDefault.Id) : seen;
            },
            cancellationToken);
    }

    private async Task<TrialResult> RunAsync(
        Reach reach, ConditionGroup conditions, IReadOnlyCollection<long> mailboxIds, Func<FoundMail, Task<MailFacts>>? withTags, CancellationToken cancellationToken)
    {
        ConditionEvaluation evaluation = new(conditions);
        List<TrialMatch> matches = [];
        var tried = 0;
        await foreach (var found in reading.NewestAsync(reach, mailboxIds, Tried, cancellationToken))
        {
            tried++;
            var mail = withTags is null ? found.Facts : await withTags(found with { Facts = await AsItCameAsync(found.Facts, cancellationToken) });
            if (evaluation.Of(mail) is { Holds: true } outcome)
            {
                matches.Add(new(mail.MessageId, mail.TicketId, mail.MailboxId, mail.FromName, mail.FromAddress, mail.Subject, outcome.Because));
            }
        }

        return new TrialResult(tried, matches);
    }

    /// <summary>It is there for what bears no other, and goes when another comes.</summary>
    private static MailFacts WithDefault(MailFacts seen, long byDefault)
    {
        List<long> others = [.. seen.TagIds.Where(id => id != byDefault)];
        return seen with { TagIds = others.Count > 0 || seen.TakenOffTagIds.Contains(byDefault) ? others : [byDefault] };
    }

    /// <returns>All tags; none where no test asks for one, which spares finding them.</returns>
    private async Task<List<Tag>> TagsForAsync(ConditionGroup conditions, CancellationToken cancellationToken)
    {
        if (!conditions.AllTests.Any(test => test.Field is ConditionField.Tag))
        {
            return [];
        }

        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Tags.AsNoTracking().ToListAsync(cancellationToken);
    }

    /// <returns>With the tags that its conversation bore as it was processed last; as they are now where it never was.</returns>
    private async Task<MailFacts> AsItCameAsync(MailFacts mail, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var details = await (
            from run in db.ProcessingRuns
            where run.MessageId == mail.MessageId
            join record in db.ProcessingRecords on run.Id equals record.RunId
            where record.Step == TagsAsSeen.Step && record.Outcome == StepOutcome.Done
            orderby run.Id descending
            select record.Details).FirstOrDefaultAsync(cancellationToken);
        return details is not null && JsonSerializer.Deserialize<TagsAsSeen>(details) is { Seen: { } seen } then ? mail with { TagIds = seen, TakenOffTagIds = then.TakenOff } : mail;
    }
}
