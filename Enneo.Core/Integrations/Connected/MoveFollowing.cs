using Enneo.Core.Data;
using Enneo.Core.Messages;
using Enneo.Core.Tickets.Editing;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Connected;

/// <summary>
/// A message that was taken over to another ticket on one side, where both tickets are in both systems. Where it was when both
/// had it in tickets that belong to each other says which side moved it; what both moved stays where each has it. So does the
/// only mail of a ticket: with it the whole ticket would be folded into the other.
/// </summary>
internal sealed class MoveFollowing(IDbContextFactory<EnneoDbContext> dbFactory, SyncedMessages records, TicketLinks links, TicketRegrouping regrouping)
{
    /// <param name="row">Of a message that is in this ticket there, and in another one here.</param>
    /// <returns>Whether it was moved on either side.</returns>
    public async Task<bool> RunAsync(BothSides sides, SyncedMessage row, CancellationToken cancellationToken)
    {
        if (row.AgreedIn is not { } agreed || await records.FindAsync(row.MessageId, cancellationToken) is not { } mine
            || await links.OfOursAsync(sides.Acting, mine.TicketId, cancellationToken) is not { Count: > 0 } names || names.Contains(sides.Theirs.Id))
        {
            return false;
        }

        if (agreed != sides.Theirs.Id)
        {
            return names.Contains(agreed) && await TakeAsync(sides, mine, cancellationToken);
        }

        if (!await GiveAsync(sides, row, names[0], cancellationToken))
        {
            return false;
        }

        row.AgreedIn = names[0]; // who moves it back before that ticket is compared has moved it here
        return true;
    }

    private static async Task<bool> GiveAsync(BothSides sides, SyncedMessage row, string into, CancellationToken cancellationToken)
    {
        if (!sides.Acting.Gives(SyncedField.Conversations)
            || !sides.Theirs.Messages.Any(other => other.Id != row.ExternalId && other is { Kind: not OtherMessageKind.Note, IsDeleted: false }))
        {
            return false;
        }

        try
        {
            return await sides.System.MoveAsync(sides.Calls, sides.Theirs.Id, row.ExternalId, into, cancellationToken);
        }
        catch (OtherSystemException refused) when (refused.IsRefusal)
        {
            return false; // it knows no such call, or the other ticket is in another mailbox there
        }
    }

    private async Task<bool> TakeAsync(BothSides sides, Message mine, CancellationToken cancellationToken)
    {
        if (!sides.Acting.Takes(SyncedField.Conversations))
        {
            return false;
        }

        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var isThere = await db.Tickets.AnyAsync(t => t.Id == sides.Ours.Id && t.MailboxId == sides.Acting.Integration.MailboxId, cancellationToken);
        var isLeftMail = await db.Messages.AnyAsync(m => m.TicketId == mine.TicketId && m.Id != mine.Id && m.Direction != MessageDirection.Internal, cancellationToken);
        return isThere && isLeftMail && (await regrouping.MoveAsync(mine.Id, sides.Ours.Id, sides.Acting.Actor, sides.Acting.Origin, cancellationToken)).Done is not null;
    }
}
