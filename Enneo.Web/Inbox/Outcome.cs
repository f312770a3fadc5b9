namespace Enneo.Web.Inbox;

/// <summary>What an action did, and the way back; or why it did nothing.</summary>
/// <param name="Undo">False when there was nothing to take back.</param>
/// <param name="Remark">What was left out, in words.</param>
/// <param name="Problem">In words; null when something was done.</param>
internal sealed record Outcome(Func<Task<bool>>? Undo, ActionDone? Done, string? Remark = null, string? Problem = null)
{
    public static Outcome Failed(string problem) => new(null, null, Problem: problem);

    public static Outcome Undoable(IReadOnlyCollection<long> ids, Func<Task> undo, string? remark = null, bool closes = false) => new(
        async () =>
        {
            await undo();
            return true;
        },
        new(ids, Closes: closes),
        remark);
}
