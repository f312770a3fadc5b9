using Enneo.Core.Conditions;
using Enneo.Core.Data;
using Enneo.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tags.Detection;

/// <summary>Finds the tags of a mail by what its tags say: conditions, their models, the mailbox. It changes nothing.</summary>
public sealed class TagDetection(IDbContextFactory<EnneoDbContext> dbFactory, MailFactsReading reading, TagModels models)
{
    /// <returns>Tags that its mailbox may get and that are not for spam, in the order of the tree's ids.</returns>
    public async Task<IReadOnlyList<TagFinding>> DetectAsync(long messageId, MailBytes raw, CancellationToken cancellationToken)
    {
        if (await reading.FindAsync(messageId, raw, cancellationToken) is not { } mail)
        {
            return [];
        }

        List<TagFinding> findings = [];
        foreach (var tag in await CandidatesAsync(mail.MailboxId, cancellationToken))
        {
            if (await FindAsync(tag, mail, raw, cancellationToken) is { } finding)
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

    private async Task<List<Tag>> CandidatesAsync(long mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var all = await db.Tags.AsNoTracking().Where(t => !t.IsSpam && t.Detection != TagDetectionMode.None).OrderBy(t => t.Id).ToListAsync(cancellationToken);
        return all.FindAll(tag => tag.AppliesTo(mailboxId));
    }
}
