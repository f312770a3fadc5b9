using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes.Rules;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tags;

/// <summary>How an edit ended.</summary>
/// <param name="Errors">By field, such as <c>name</c>; empty on success.</param>
public sealed record TagEditResult(long? TagId, IReadOnlyDictionary<string, string[]> Errors)
{
    public bool Succeeded => TagId is not null;

    /// <summary>It is another one by now than the one that was seen.</summary>
    public bool IsOutdated { get; init; }

    internal static TagEditResult Refused(IReadOnlyDictionary<string, string[]> errors) => new(null, errors);

    internal static TagEditResult Refused(string field, string error) => new(null, new Dictionary<string, string[]> { [field] = [error] });
}

/// <summary>Adds, changes, moves and deletes tags; the form and the API call it. For admins.</summary>
public sealed class TagEditing(WriterLane lane, TagInputValidator validator, TimeProvider clock)
{
    public Task<TagEditResult> AddAsync(TagInput input, Actor actor, string origin, CancellationToken cancellationToken) =>
        SaveAsync(tagId: null, input, actor, origin, cancellationToken);

    /// <param name="ifVersion">Only as long as it is this one; null for whichever it is.</param>
    public Task<TagEditResult> UpdateAsync(long tagId, TagInput input, Actor actor, string origin, CancellationToken cancellationToken, uint? ifVersion = null) =>
        SaveAsync(tagId, input, actor, origin, cancellationToken, ifVersion);

    /// <summary>Puts a tag, with all that stand under it, elsewhere in the tree.</summary>
    /// <param name="position">Its place among those of the parent, from 0.</param>
    public Task<TagEditResult> MoveAsync(long tagId, long? parentId, int position, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var all = await db.Tags.ToListAsync(token);
            if (all.Find(t => t.Id == tagId) is not { } tag)
            {
                return TagEditResult.Refused("", TagText.NoSuchTag);
            }

            if (PlaceProblem(all, tag, parentId, tag.Name) is var (field, problem))
            {
                return TagEditResult.Refused(field, problem);
            }

            var before = TagSnapshot.Of(tag, all);
            tag.ParentId = parentId;
            var siblings = all.Where(t => t.ParentId == parentId && t.Id != tagId).OrderBy(t => t.Position).ThenBy(t => t.Name, StringComparer.OrdinalIgnoreCase).ToList();
            siblings.Insert(Math.Clamp(position, 0, siblings.Count), tag);
            foreach (var (index, sibling) in siblings.Index())
            {
                sibling.Position = index;
            }

            await RecordAsync(db, tag, before, all, actor, origin, token);
            return new TagEditResult(tag.Id, new Dictionary<string, string[]>());
        },
        cancellationToken);

    /// <summary>Tickets lose it; what stood under it stands where it stood.</summary>
    /// <param name="ifVersion">Only as long as it is this one; null for whichever it is.</param>
    /// <returns>False if there is no such tag.</returns>
    public Task<bool> DeleteAsync(long tagId, Actor actor, string origin, CancellationToken cancellationToken, uint? ifVersion = null) => lane.RunAsync(
        async (db, token) =>
        {
            var all = await db.Tags.ToListAsync(token);
            if (all.Find(t => t.Id == tagId && (ifVersion is null || t.Version == ifVersion)) is not { } tag)
            {
                return false;
            }

            foreach (var child in all.Where(t => t.ParentId == tagId))
            {
                child.Name = all.Exists(t => t.ParentId == tag.ParentId && t.Id != child.Id && SameName(t.Name, child.Name)) ? $"{tag.Name} {child.Name}" : child.Name;
                child.ParentId = tag.ParentId;
            }

            await db.SaveChangesAsync(token);
            db.Tags.Remove(tag);
            db.Activity.Add(ActivityEntry.Of(ActivityKind.TagRemoved, actor, origin, clock, changes: [("tag", tag.Id, null), ("name", tag.Name, null)]));
            await db.SaveChangesAsync(token);
            return true;
        },
        cancellationToken);

    private async Task<TagEditResult> SaveAsync(long? tagId, TagInput input, Actor actor, string origin, CancellationToken cancellationToken, uint? ifVersion = null)
    {
        var errors = FieldPaths.Of(validator.Validate(input));
        return errors.Count > 0
            ? TagEditResult.Refused(errors)
            : await lane.RunAsync((db, token) => SaveAsync(db, tagId, ifVersion, input, actor, origin, token), cancellationToken);
    }

    private async Task<TagEditResult> SaveAsync(EnneoDbContext db, long? tagId, uint? ifVersion, TagInput input, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var all = await db.Tags.ToListAsync(cancellationToken);
        var stored = all.Find(t => t.Id == tagId);
        if (tagId is not null && stored is null)
        {
            return TagEditResult.Refused("", TagText.NoSuchTag);
        }

        if (ifVersion is not null && stored?.Version != ifVersion)
        {
            return TagEditResult.Refused("", TagText.ChangedMeanwhile) with { IsOutdated = true };
        }

        var tag = stored ?? new Tag { Name = "", ModifiedAt = clock.GetUtcNow() };
        if ((PlaceProblem(all, tag, input.ParentId, input.Name!.Trim()) ?? await UnknownAsync(db, input, cancellationToken)) is var (field, problem))
        {
            return TagEditResult.Refused(field, problem);
        }

        var before = stored is null ? null : TagSnapshot.Of(stored, all);
        if (stored is null || stored.ParentId != input.ParentId)
        {
            tag.Position = all.Where(t => t.ParentId == input.ParentId && t != tag).Select(t => t.Position + 1).DefaultIfEmpty(0).Max();
        }

        input.ApplyTo(tag);
        foreach (var other in all.Where(t => t.IsDefault && t != tag && tag.IsDefault))
        {
            other.IsDefault = false; // there is one, and it has changed
        }

        if (stored is null)
        {
            db.Tags.Add(tag);
            await db.SaveChangesAsync(cancellationToken); // gives it its id
            all.Add(tag);
        }

        await RecordAsync(db, tag, before, all, actor, origin, cancellationToken);
        return new TagEditResult(tag.Id, new Dictionary<string, string[]>());
    }

    private async Task RecordAsync(EnneoDbContext db, Tag tag, Dictionary<string, object?>? before, List<Tag> all, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var changes = TagSnapshot.Differences(before, TagSnapshot.Of(tag, all));
        if (changes.Count > 0)
        {
            (tag.ModifiedBy, tag.ModifiedAt) = (actor.UserId, clock.GetUtcNow());
            tag.Version++;
            db.Activity.Add(ActivityEntry.Of(
                before is null ? ActivityKind.TagAdded : ActivityKind.TagChanged, actor, origin, clock, changes: [("tag", before is null ? null : tag.Id, tag.Id), .. changes]));
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private static (string Field, string Problem)? PlaceProblem(List<Tag> all, Tag tag, long? parentId, string name)
    {
        if (parentId is { } parent && all.TrueForAll(t => t.Id != parent))
        {
            return ("parentId", TagText.ParentMissing);
        }

        if (tag.Id != 0 && parentId is { } above && TagTree.Under(all, tag.Id).Contains(above))
        {
            return ("parentId", TagText.ParentIsBelow);
        }

        if (TagTree.Level(all, parentId) + (tag.Id == 0 ? 1 : TagTree.Height(all, tag.Id)) > TagTree.MaxDepth)
        {
            return ("parentId", TagText.TooDeep);
        }

        return all.Exists(t => t.ParentId == parentId && t != tag && SameName(t.Name, name)) ? ("name", TagText.NameTaken) : null;
    }

    private static async Task<(string Field, string Problem)?> UnknownAsync(EnneoDbContext db, TagInput input, CancellationToken cancellationToken)
    {
        var mailboxes = await db.Mailboxes.CountAsync(m => input.MailboxIds.Contains(m.Id) && m.RemovedAt == null, cancellationToken);
        if (mailboxes != input.MailboxIds.Distinct().Count())
        {
            return ("mailboxIds", TagText.MailboxUnknown);
        }

        var people = await db.Users.CountAsync(u => input.AssignmentIds.Contains(u.Id), cancellationToken);
        return people != input.AssignmentIds.Distinct().Count() ? ("assignmentIds", TagText.PersonUnknown) : null;
    }

    private static bool SameName(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
