using Enneo.Core.Conditions;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tags;

/// <summary>A tag as far as somebody may see it.</summary>
/// <param name="FullName">With the names of those above it that may be seen.</param>
/// <param name="ParentId">Null too where that may not be seen.</param>
/// <param name="MailboxIds">Those within reach.</param>
/// <param name="AssignmentIds">Those who see a mailbox within reach.</param>
/// <param name="ModifiedBy">Null too where that person sees none.</param>
/// <param name="Conditions">None where the tag applies beyond the reach as well: they may tell of mail there.</param>
public sealed record SeenTag(
    Tag Tag, string FullName, long? ParentId, IReadOnlyList<long> MailboxIds, IReadOnlyList<long> AssignmentIds, long? ModifiedBy, ConditionGroup Conditions);

/// <summary>Tags for whoever sees some mailboxes: what concerns the others alone is not there for them.</summary>
public sealed class SeenTags(IDbContextFactory<EnneoDbContext> dbFactory)
{
    /// <returns>In the order of their tree; what stands under one that is not there stands at the top.</returns>
    public async Task<IReadOnlyList<SeenTag>> ListAsync(Reach reach, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var tags = (await db.Tags.AsNoTracking().ToListAsync(cancellationToken)).ToDictionary(tag => tag.Id);
        var people = reach.MailboxIds is { } ids
            ? await db.MailboxGrants.Where(grant => ids.Contains(grant.MailboxId)).Select(grant => grant.UserId).ToHashSetAsync(cancellationToken)
            : null;
        var seen = tags.Values.Where(tag => tag.MailboxIds.Count == 0 || tag.MailboxIds.Exists(reach.Covers)).ToDictionary(tag => tag.Id);
        return [.. TagTree.Of(tags.Values).Where(listing => seen.ContainsKey(listing.Id)).Select(listing => Of(seen[listing.Id]))];

        SeenTag Of(Tag tag) => new(
            tag,
            NameOf(tag),
            tag.ParentId is { } parent && seen.ContainsKey(parent) ? parent : null,
            [.. tag.MailboxIds.Where(reach.Covers)],
            [.. tag.AssignmentIds.Where(IsKnown)],
            tag.ModifiedBy is { } person && IsKnown(person) ? person : null,
            reach.IsAll || (tag.MailboxIds.Count > 0 && tag.MailboxIds.TrueForAll(reach.Covers)) ? tag.Conditions : ConditionGroup.Empty);

        bool IsKnown(long person) => people is null || people.Contains(person);

        string NameOf(Tag tag) => tag.ParentId is { } parent && seen.TryGetValue(parent, out var above) ? NameOf(above) + TagTree.Separator + tag.Name : tag.Name;
    }
}
