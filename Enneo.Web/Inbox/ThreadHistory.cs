using Enneo.Core.Activity;
using Enneo.Core.Tickets;

namespace Enneo.Web.Inbox;

/// <summary>What happened to a conversation, put between its messages.</summary>
internal sealed class ThreadHistory
{
    public static readonly ThreadHistory None = new([], []);

    private readonly ILookup<int, ActivityEntry> _entries;

    /// <param name="messages">Oldest first.</param>
    public ThreadHistory(IReadOnlyList<ActivityEntry> entries, IReadOnlyList<ThreadMessage> messages) => _entries = entries
        .Where(HistoryWords.IsTold)
        .ToLookup(entry => messages.TakeWhile(message => message.ReceivedAt <= entry.At).Count());

    /// <param name="index">Of a message; the number of messages for what came after the last.</param>
    public IReadOnlyList<ActivityEntry> Before(int index) => [.. _entries[index]];
}
