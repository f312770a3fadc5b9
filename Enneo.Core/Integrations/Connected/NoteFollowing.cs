using Enneo.Core.Messages;
using Enneo.Core.Notes;

namespace Enneo.Core.Integrations.Connected;

/// <summary>Notes that say something else since both sides had them.</summary>
internal sealed class NoteFollowing(SyncedMessages records, MessageGiving giving, NoteChanging changing, NoteFiles files, MailHtml mailHtml, TimeProvider clock)
{
    /// <returns>Whether anything was changed on either side.</returns>
    public async Task<bool> RunAsync(BothSides sides, SyncedMessage row, OurMessage mine, OtherMessage their, CancellationToken cancellationToken)
    {
        var (nowOurs, nowTheirs, words) = (MessageWords.HashOf(mine.Row), MessageWords.HashOf(their.Text), MessageWords.PlainOf(mailHtml, their.Text, their.IsHtml));
        var changedHere = nowOurs != row.Ours;
        var changes = await files.CompareAsync(sides, row, mine, their, changedHere, cancellationToken);
        var changedThere = changes.AreThere || (row.Theirs is null ? sides.System.MayEdit && MessageWords.HashOf(words) != row.Words : nowTheirs != row.Theirs);
        if (!changedHere && !changedThere)
        {
            row.Theirs = nowTheirs;
            row.Settle();
            return false;
        }

        var plain = await giving.PlainAsync(sides.Acting, mine.Row, cancellationToken);
        if (changedHere && changedThere && plain == words && changes is { AreThere: false, AreHere: false })
        {
            return row.Agree(nowOurs, nowTheirs, words);
        }

        var (gives, takes) = (changedHere && sides.Acting.Gives(SyncedField.Conversations), changedThere && sides.Acting.Takes(SyncedField.Conversations));
        if (gives && (!takes || row.Choice is ConflictChoice.Ours || plain == words) && sides.System.MayEdit)
        {
            return await GiveAsync(sides, row, mine, changes, nowOurs, plain, cancellationToken);
        }

        if (row.Choice is ConflictChoice.Ours && gives)
        {
            NoteFiles.Agree(row, changes.Gone, []);
            return row.Agree(nowOurs, nowTheirs, words); // each keeps its own: the other system changes nothing
        }

        if (takes && !gives || row.Choice is ConflictChoice.Theirs)
        {
            return await TakeAsync(sides, row, mine, their, changes, cancellationToken);
        }

        if (gives)
        {
            row.Differ(MessageDifference.Changed, plain, words, sides.System.MayEdit ? null : ConnectedText.NoEditing, clock.GetUtcNow());
        }

        return false;
    }

    private async Task<bool> GiveAsync(BothSides sides, SyncedMessage row, OurMessage mine, FileChanges changes, string nowOurs, string plain, CancellationToken cancellationToken)
    {
        var (text, isHtml) = await giving.TextOfAsync(sides.Acting, mine.Row, cancellationToken);
        var changed = await files.ToGiveAsync(sides, mine, changes, cancellationToken);
        try
        {
            await sides.System.EditAsync(sides.Calls, sides.Theirs.Id, row.ExternalId, text, isHtml, changed, cancellationToken);
        }
        catch (OtherSystemException refused) when (refused.IsRefusal)
        {
            row.Choice = null;
            row.Differ(MessageDifference.Changed, plain, row.TheirsShown, refused.Message, clock.GetUtcNow());
            return false;
        }

        (row.Ours, row.Theirs, row.Words) = (nowOurs, null, MessageWords.HashOf(plain));
        NoteFiles.Agree(row, changes.GoneHere.Select(FileMark.Of), changed.Added.Select(FileMark.Of));
        row.Settle();
        return true;
    }

    private async Task<bool> TakeAsync(BothSides sides, SyncedMessage row, OurMessage mine, OtherMessage their, FileChanges changes, CancellationToken cancellationToken)
    {
        var html = their.IsHtml ? their.Text : mailHtml.FromText(their.Text);
        var (edit, marks) = await NoteFiles.ToTakeAsync(sides, changes, their, html, cancellationToken);
        if (edit is { Added.Count: 0, Removed.Count: 0 } && row.Theirs == MessageWords.HashOf(their.Text))
        {
            return false; // nothing of it can be had
        }

        if (await changing.FollowAsync(mine.Row.Id, mine.Row.SourceId, edit, sides.Acting.Actor, sides.Acting.Origin, cancellationToken)
            && await records.FindAsync(mine.Row.Id, cancellationToken) is { } changed)
        {
            row.Agree(MessageWords.HashOf(changed), MessageWords.HashOf(their.Text), MessageWords.PlainOf(mailHtml, their.Text, their.IsHtml));
            NoteFiles.Agree(row, changes.Gone, marks);
        }

        return true; // else somebody was faster: both are read again
    }
}
