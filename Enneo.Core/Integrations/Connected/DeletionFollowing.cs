using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Notes;
using Enneo.Core.Tickets;

namespace Enneo.Core.Integrations.Connected;

/// <summary>
/// Messages that were deleted on one side. Nothing that somebody changed on the other is deleted there by itself. Mail never is:
/// it may only have been moved to a folder that nobody reads. Where a person says so it goes to the trash, no further.
/// </summary>
internal sealed class DeletionFollowing(MessageGiving giving, NoteWriting notes, MessageFiling filing, MailHtml mailHtml, TimeProvider clock)
{
    /// <returns>Whether anything was changed on either side.</returns>
    public async Task<bool> GoneHereAsync(BothSides sides, SyncedMessage row, OtherMessage their, CancellationToken cancellationToken)
    {
        var words = MessageWords.PlainOf(mailHtml, their.Text, their.IsHtml);
        var isAsAgreed = row.Words is not null && (row.Theirs is null ? MessageWords.HashOf(words) == row.Words : MessageWords.HashOf(their.Text) == row.Theirs);
        if (row.Choice is ConflictChoice.Theirs)
        {
            return row.Leave();
        }

        if (row.Choice is not ConflictChoice.Ours && !(isAsAgreed && row.Problem is null && sides.Acting.Integration.Deletions is DeletionWay.Out or DeletionWay.Both && sides.Acting.Gives(SyncedField.Conversations)))
        {
            row.Differ(MessageDifference.GoneHere, null, words, row.Problem, clock.GetUtcNow());
            return false;
        }

        try
        {
            await sides.System.DeleteAsync(sides.Calls, sides.Theirs.Id, row.ExternalId, cancellationToken);
        }
        catch (OtherSystemException refused) when (refused.IsRefusal)
        {
            row.Choice = null;
            row.Differ(MessageDifference.GoneHere, null, words, refused.Message, clock.GetUtcNow());
            return false;
        }

        row.Settle();
        return true;
    }

    /// <inheritdoc cref="GoneHereAsync"/>
    public async Task<bool> GoneThereAsync(BothSides sides, SyncedMessage row, OurMessage mine, CancellationToken cancellationToken)
    {
        var isAsAgreed = row.Words is not null && MessageWords.HashOf(mine.Row) == row.Ours;
        if (row.Choice is ConflictChoice.Ours)
        {
            return row.Leave();
        }

        var words = await giving.PlainAsync(sides.Acting, mine.Row, cancellationToken);
        if (row.Choice is not ConflictChoice.Theirs && !(isAsAgreed && row.Problem is null && sides.Acting.Integration.Deletions is DeletionWay.Both && sides.Acting.Takes(SyncedField.Conversations)))
        {
            row.Differ(MessageDifference.GoneThere, words, null, row.Problem, clock.GetUtcNow());
            return false;
        }

        var (acting, id) = (sides.Acting, mine.Row.Id);
        var isDone = mine.Row.Direction is MessageDirection.Internal
            ? await notes.FollowRemovalAsync(id, mine.Row.SourceId, acting.Actor, acting.Origin, cancellationToken)
            : (await filing.MoveAsync([id], FolderRole.Trash, acting.Actor, acting.Origin, cancellationToken)).Moved.Count > 0;
        if (!isDone)
        {
            row.Choice = null;
            row.Differ(MessageDifference.GoneThere, words, null, ConnectedText.NoTrash, clock.GetUtcNow());
            return false;
        }

        row.Settle();
        return true;
    }
}
