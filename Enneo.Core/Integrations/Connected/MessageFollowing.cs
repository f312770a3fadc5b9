namespace Enneo.Core.Integrations.Connected;

/// <summary>Both sides of a ticket, as they were read for one exchange.</summary>
internal sealed record BothSides(ActingIntegration Acting, IOtherSystem System, OtherCalls Calls, OurTicket Ours, OtherTicket Theirs, StuckMessages Stuck);

/// <summary>
/// Notes that were changed, and messages that were deleted, after both sides had them: compared with what both had last agreed
/// on, as fields are. What both sides changed, and what may not be deleted by itself, waits for a person.
/// </summary>
internal sealed class MessageFollowing(SyncedMessages records, MessageGiving giving, NoteFollowing editing, DeletionFollowing deleting, MoveFollowing moving)
{
    /// <returns>Whether anything was changed on either side.</returns>
    public async Task<bool> RunAsync(BothSides sides, CancellationToken cancellationToken)
    {
        if (sides.Acting.Rule(SyncedField.Conversations).Direction is SyncDirection.None)
        {
            return false;
        }

        var any = false;
        foreach (var row in await RowsAsync(sides, cancellationToken))
        {
            any |= await FollowAsync(sides, row, cancellationToken);
        }

        return any;
    }

    private async Task<IReadOnlyList<SyncedMessage>> RowsAsync(BothSides sides, CancellationToken cancellationToken)
    {
        var rows = await records.OfAsync(sides.Acting, sides.Theirs, cancellationToken);
        var known = rows.Select(row => row.ExternalId).ToHashSet(StringComparer.Ordinal);
        var names = sides.Ours.Messages.SelectMany(mine => mine.ExternalIds.Select(name => (name, mine))).ToLookup(one => one.name, one => one.mine);
        foreach (var their in sides.Theirs.Messages.Where(their => !known.Contains(their.Id)))
        {
            if (names[their.Id].FirstOrDefault() is { } mine)
            {
                rows.Add(await FirstAsync(sides, mine, their, cancellationToken));
            }
            else if (sides.Acting.Integration.MessageOf(their.OurName) is { } gone && await records.FindAsync(gone, cancellationToken) is null)
            {
                rows.Add(records.Gone(sides.Acting, sides.Theirs.Id, their, gone)); // it was given, and deleted here before that was noted
            }
        }

        return rows;
    }

    /// <summary>Both had it before anybody compared what it says.</summary>
    private async Task<SyncedMessage> FirstAsync(BothSides sides, OurMessage mine, OtherMessage their, CancellationToken cancellationToken)
    {
        var row = records.Seen(sides.Acting, sides.Theirs.Id, their, mine.Row);
        if (row.Words is not null && sides.System.MayEdit && await giving.PlainAsync(sides.Acting, mine.Row, cancellationToken) is var plain && MessageWords.HashOf(plain) != row.Words)
        {
            (row.Ours, row.Theirs) = ("", ""); // nobody knows which is the older one
        }

        await records.KeepAsync(row, null, cancellationToken);
        return row;
    }

    private async Task<bool> FollowAsync(BothSides sides, SyncedMessage row, CancellationToken cancellationToken)
    {
        var (before, choice) = (row.Told(), row.Choice);
        var mine = sides.Ours.Messages.FirstOrDefault(message => message.Row.Id == row.MessageId);
        var their = sides.Theirs.Messages.FirstOrDefault(message => message.Id == row.ExternalId);
        var (isHere, isThere) = (await IsHereAsync(mine, row, cancellationToken), await IsThereAsync(sides, their, row, cancellationToken));
        var any = false;
        row.AgreedIn = mine is not null && their is not null ? sides.Theirs.Id : row.AgreedIn;
        if (isHere is false && isThere is false && (mine is null || their is null))
        {
            await records.ForgetAsync(row, cancellationToken);
            return false;
        }

        if (isHere is null || isThere is null)
        {
            row.Settle();
            any = mine is null && isThere is true && await moving.RunAsync(sides, row, cancellationToken);
        }
        else if (isHere is false && isThere is false)
        {
            Both(row); // who takes it out of the trash on one side again has something that the other has not
        }
        else if (isHere is true && isThere is true)
        {
            any = row.Words is null ? Both(row) : await editing.RunAsync(sides, row, mine!, their!, cancellationToken);
        }
        else if (isHere is false && isThere is true && !row.IsLeft)
        {
            any = await deleting.GoneHereAsync(sides, row, their!, cancellationToken);
        }
        else if (isHere is true && isThere is false && !row.IsLeft)
        {
            any = await deleting.GoneThereAsync(sides, row, mine!, cancellationToken);
        }

        if (row is { Difference: null, Problem: { } problem })
        {
            sides.Stuck.AddPart(row.ExternalId, problem);
        }

        if (row.Told() != before)
        {
            await records.KeepAsync(row, choice, cancellationToken);
        }

        return any;
    }

    /// <returns>Null where it lies in another ticket: that is no business of this exchange.</returns>
    private async Task<bool?> IsHereAsync(OurMessage? mine, SyncedMessage row, CancellationToken cancellationToken) =>
        mine is not null ? !mine.IsDeleted : await records.FindAsync(row.MessageId, cancellationToken) is null ? false : null;

    /// <returns>Null where it lies in another ticket, and where the other system does not say whether it has it.</returns>
    private static async Task<bool?> IsThereAsync(BothSides sides, OtherMessage? their, SyncedMessage row, CancellationToken cancellationToken)
    {
        if (their is not null)
        {
            row.ExternalTicketId = sides.Theirs.Id;
            return !their.IsDeleted;
        }

        if (row.IsLeft || row.Difference is MessageDifference.GoneThere)
        {
            return false; // as was found before
        }

        if (await sides.System.WhereAsync(sides.Calls, row.ExternalId, cancellationToken) is { } elsewhere)
        {
            row.ExternalTicketId = elsewhere;
            return null;
        }

        // Who has no such call says so of messages that are there, too.
        return sides.Theirs.Messages is [var present, ..] && await sides.System.WhereAsync(sides.Calls, present.Id, cancellationToken) == sides.Theirs.Id ? false : null;
    }

    /// <summary>Both have it, or both have it in the trash: what was left before is over.</summary>
    private static bool Both(SyncedMessage row)
    {
        row.Settle();
        row.IsLeft = false;
        return false;
    }
}
