using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Templates;

/// <summary>The reads of templates.</summary>
public sealed class TemplateQueries(IDbContextFactory<EnneoDbContext> dbFactory)
{
    /// <returns>Those of all mailboxes, and those of mailboxes within reach, by name.</returns>
    public async Task<IReadOnlyList<AnswerTemplate>> ListAsync(Reach reach, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return [.. (await db.Templates.AsNoTracking().OrderBy(t => t.Name).ThenBy(t => t.Id).ToListAsync(cancellationToken)).Where(template => IsWithin(template, reach))];
    }

    /// <returns>Those that are offered in a mailbox, by name.</returns>
    public async Task<IReadOnlyList<AnswerTemplate>> OfMailboxAsync(Reach reach, long mailboxId, CancellationToken cancellationToken) =>
        reach.Covers(mailboxId) ? [.. (await ListAsync(reach, cancellationToken)).Where(template => template.AppliesTo(mailboxId))] : [];

    private static bool IsWithin(AnswerTemplate template, Reach reach) => template.MailboxIds.Count == 0 || template.MailboxIds.Exists(reach.Covers);
}
