using Enneo.Core.Activity;
using Enneo.Core.Tickets;

namespace Enneo.Web.Inbox;

/// <summary>Something that happened to a conversation.</summary>
/// <param name="Count">Messages that went the same way with it.</param>
/// <param name="Hidden">For how long the conversation was out of sight as spam, which this ends.</param>
public sealed record Happening(ActivityEntry Entry, int Count = 1, TimeSpan? Hidden = null);

/// <summary>What happened to a conversation, put between its messages.</summary>
internal sealed class ThreadHistory
{
    public static readonly ThreadHistory None = new([], []);

    /// <summary>Messages that are moved together are moved within this.</summary>
    private static readonly TimeSpan s_together = TimeSpan.FromSeconds(5);

    private readonly ILookup<int, Happening> _happenings;
    private readonly Dictionary<long, ActivityEntry> _changes = [];

    /// <param name="entries">Oldest first.</param>
    /// <param name="messages">Oldest first.</param>
    public ThreadHistory(IReadOnlyList<ActivityEntry> entries, IReadOnlyList<ThreadMessage> messages)
    {
        _happenings = Gathered(entries.Where(HistoryWords.IsTold)).ToLookup(happening => messages.TakeWhile(message => message.ReceivedAt <= happening.Entry.At).Count());
        foreach (var entry in entries.Where(entry => entry is { Kind: ActivityKind.NoteChanged, MessageId: not null }))
        {
            _changes[entry.MessageId!.Value] = entry;
        }
    }

    /// <returns>When a note was changed last, and by whom; null if it never was.</returns>
    public ActivityEntry? ChangeOf(long messageId) => _changes.GetValueOrDefault(messageId);

    /// <param name="index">Of a message; the number of messages for what came after the last.</param>
    public IReadOnlyList<Happening> Before(int index) => [.. _happenings[index]];

    private static List<Happening> Gathered(IEnumerable<ActivityEntry> entries)
    {
        List<Happening> gathered = [];
        DateTimeOffset? hiddenSince = null;
        foreach (var entry in entries)
        {
            if (gathered is [.., var last] && AreTogether(last.Entry, entry))
            {
                gathered[^1] = last with { Count = last.Count + 1 };
            }
            else
            {
                var isSpam = HistoryWords.BecomesSpam(entry);
                gathered.Add(new(entry, Hidden: isSpam is false && hiddenSince is { } since ? entry.At - since : null));
                hiddenSince = isSpam switch { true => hiddenSince ?? entry.At, false => null, null => hiddenSince };
            }
        }

        return gathered;
    }

    private static bool AreTogether(ActivityEntry one, ActivityEntry next) =>
        one.Kind is ActivityKind.MessageMoved && next.Kind is ActivityKind.MessageMoved
        && (one.ActorKind, one.ActorUserId, one.Changes) == (next.ActorKind, next.ActorUserId, next.Changes)
        && next.At - one.At < s_together;
}
