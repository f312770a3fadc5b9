using System.Data.Common;
using System.Globalization;

namespace Enneo.Web.Inbox;

/// <summary>
/// Carries an action out and says in the toast what was done and the way back. For many conversations it goes step by
/// step, so that others come in between, says how far it is, and one undo takes all of it back.
/// </summary>
/// <param name="tell">After the action and after its undo.</param>
internal sealed class ActionRun(Toast toast, string words, Func<ActionDone, Task> tell)
{
    /// <summary>Conversations that are changed in one transaction.</summary>
    public const int Batch = 200;

    private readonly List<(int Count, Outcome Outcome)> _outcomes = [];

    /// <summary>Whoever leaves the page meanwhile still wants it done: so nothing here is broken off.</summary>
    public async Task RunAsync(IReadOnlyCollection<long> ids, Func<IReadOnlyCollection<long>, Task<Outcome>> act)
    {
        var past = 0;
        foreach (var batch in ids.Chunk(Batch))
        {
            if (past > 0)
            {
                toast.Progress(Words(InboxText.ActionProgress, words, past, ids.Count));
            }

            _outcomes.Add((batch.Length, await TryAsync(() => act(batch))));
            past += batch.Length;
        }

        var done = _outcomes.Where(step => step.Outcome.Problem is null).ToList();
        if (done.Count == 0)
        {
            toast.Say(_outcomes.Select(step => step.Outcome.Problem).FirstOrDefault() ?? InboxText.NothingToMove);
            return;
        }

        toast.Say(Said(done), UndoAsync);
        await tell(Together(done));
    }

    private static string Words(string format, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.CurrentCulture, format, values);

    private static async Task<Outcome> TryAsync(Func<Task<Outcome>> act)
    {
        try
        {
            return await act();
        }
        catch (DbException)
        {
            return Outcome.Failed(InboxText.NothingChanged);
        }
    }

    private static ActionDone Together(List<(int Count, Outcome Outcome)> done) => done is [var (_, only)]
        ? only.Done!
        : new([.. done.SelectMany(step => step.Outcome.Done!.TicketIds)], Closes: done.Exists(step => step.Outcome.Done!.Closes));

    /// <summary>Such as "Archived · 1,204 conversations. Some stayed, since their mailbox has no folder for this."</summary>
    private string Said(List<(int Count, Outcome Outcome)> done)
    {
        var count = done.Sum(step => step.Count);
        var said = count > 1 && done[0].Outcome.Done!.GoTo is null ? Words(InboxText.DoneMany, words, count) : words;
        var remark = done.Select(step => step.Outcome.Remark).FirstOrDefault(remark => remark is not null)
            ?? (done.Count < _outcomes.Count ? Words(InboxText.SomeFailed, _outcomes.Sum(step => step.Count) - count) : null);
        return remark is null ? said : $"{said}. {remark}";
    }

    private async Task UndoAsync()
    {
        var done = _outcomes.Where(step => step.Outcome.Problem is null).Reverse().ToList();
        var (undone, past, all) = (false, 0, done.Sum(step => step.Count));
        foreach (var (count, outcome) in done)
        {
            if (past > 0)
            {
                toast.Progress(Words(InboxText.UndoProgress, past, all));
            }

            undone |= await TryUndoAsync(outcome);
            past += count;
        }

        toast.Say(undone ? InboxText.Undone : InboxText.NotUndone);
        await tell(new ActionDone(Together(done).TicketIds));
    }

    private static async Task<bool> TryUndoAsync(Outcome outcome)
    {
        try
        {
            return await outcome.Undo!();
        }
        catch (DbException)
        {
            return false; // as when there was nothing to take back: it says that all is as it was
        }
    }
}
