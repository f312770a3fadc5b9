using Enneo.Core.Conditions;
using Enneo.Core.Data;
using Enneo.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tags.Detection;

/// <summary>The tags that were found for a mail.</summary>
/// <param name="Findings">In the order of their ids.</param>
/// <param name="Before">What its conversation bore before.</param>
public sealed record DetectedTags(IReadOnlyList<TagFinding> Findings, TagsAsSeen Before)
{
    internal static readonly DetectedTags None = new([], new TagsAsSeen());
}

/// <summary>Finds the tags of a mail by what its tags say: conditions, their models, the mailbox. It changes nothing.</summary>
public sealed class TagDetection(IDbContextFactory<EnneoDbContext> dbFactory, MailFactsReading reading, TagModels models)
{
    /// <returns>Tags that its mailbox may get and that are not for spam.</returns>
    public async Task<DetectedTags> DetectAsync(long messageId, MailBytes raw, CancellationToken cancellationToken)
    {
        if (await reading.FindAsync(messageId, raw, cancellationToken) is not { } mail)
        {
            return DetectedTags.None;
        }

        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var candidates = await db.Tags.AsNoTracking().Where(t => !t.IsSpam && t.Detection != TagDetectionMode.None).ToListAsync(cancellationToken);
        var findings = await FindAsync(new FoundMail(mail, raw), TagOrder.Of(candidates), cancellationToken);
        return new DetectedTags([.. findings.OrderBy(finding => finding.TagId)], new TagsAsSeen { Seen = mail.TagIds, TakenOff = mail.TakenOffTagIds });
    }

    /// <summary>What a condition sees of tags: those of the conversation, and those that were found for the mail so far.</summary>
    /// <param name="without">The tag whose condition it is, which does not see itself.</param>
    internal static MailFacts Seen(MailFacts mail, IEnumerable<TagFinding> found, long? without) => mail with
    {
        TagIds = [.. mail.TagIds.Union(found.Select(finding => finding.TagId).Except(mail.TakenOffTagIds)).Where(id => id != without)],
    };

    /// <param name="ordered">As <see cref="TagOrder"/> puts them.</param>
    internal async Task<IReadOnlyList<TagFinding>> FindAsync(FoundMail mail, IReadOnlyList<Tag> ordered, CancellationToken cancellationToken)
    {
        List<TagFinding> findings = [];
        foreach (var tag in ordered.Where(tag => tag.AppliesTo(mail.Facts.MailboxId)))
        {
            if (await FindAsync(tag, Seen(mail.Facts, findings, tag.Id), mail.Raw, cancellationToken) is { } finding)
            {
                findings.Add(finding);
            }
        }

        return findings;
    }

    private async Task<TagFinding?> FindAsync(Tag tag, MailFacts mail, MailBytes raw, CancellationToken cancellationToken)
    {
        if (tag.Detection is TagDetectionMode.Mailbox)
        {
            return new(tag.Id, TagSource.Mailbox, TagReason.None);
        }

        var conditions = tag.Detection is TagDetectionMode.Ai ? ConditionOutcome.No : new ConditionEvaluation(tag.Conditions).Of(mail);
        var byConditions = conditions.Holds ? new TagFinding(tag.Id, TagSource.Conditions, new TagReason(Tests: conditions.Because)) : null;
        switch (tag.Detection)
        {
            case TagDetectionMode.Conditions:
                return byConditions;
            case TagDetectionMode.AiOrConditions when byConditions is not null:
                return byConditions;
            case TagDetectionMode.AiAndConditions when byConditions is null:
                return null;
            default:
                return await models.JudgeAsync(tag.Id, raw, cancellationToken) is { } reason
                    ? new(tag.Id, TagSource.Ai, reason with { Tests = byConditions?.Reason.Tests })
                    : null;
        }
    }
}
