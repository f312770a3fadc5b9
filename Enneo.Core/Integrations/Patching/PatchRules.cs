using System.Globalization;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Patching;

/// <summary>Whether a change can be made of tickets of a mailbox, asked before any of it is.</summary>
internal static class PatchRules
{
    /// <param name="given">Tags that the ticket has already: they may stay whatever has become of them.</param>
    /// <exception cref="PatchRefusedException">It cannot.</exception>
    public static async Task CheckAsync(EnneoDbContext db, long mailboxId, TicketPatch patch, int index, IReadOnlyCollection<long> given, CancellationToken cancellationToken)
    {
        if (patch.AssigneeId.Value is { } person)
        {
            await CheckPersonAsync(db, mailboxId, person, index, "assignee", cancellationToken);
        }

        foreach (var worker in patch.WorkedOnBy ?? [])
        {
            await CheckPersonAsync(db, mailboxId, worker, index, "workedOnBy", cancellationToken);
        }

        foreach (var tagId in (patch.TagIds ?? []).Except(given))
        {
            if (await db.Tags.AsNoTracking().SingleOrDefaultAsync(t => t.Id == tagId, cancellationToken) is not { } tag || !tag.AppliesTo(mailboxId))
            {
                throw PatchRefusedException.Of(index, "tagIds", string.Format(CultureInfo.InvariantCulture, IntegrationText.TagNotThere, tagId));
            }
        }
    }

    private static async Task CheckPersonAsync(EnneoDbContext db, long mailboxId, long person, int index, string field, CancellationToken cancellationToken)
    {
        if (!(await Reaches.OfAsync(db, person, cancellationToken)).Covers(mailboxId))
        {
            throw PatchRefusedException.Of(index, field, IntegrationText.AssigneeSeesNot);
        }
    }
}
