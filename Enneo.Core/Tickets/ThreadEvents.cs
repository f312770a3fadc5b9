using Enneo.Core.Messages;

namespace Enneo.Core.Tickets;

/// <summary>Puts bounces and automatic replies behind the message that they concern, wherever in time they came.</summary>
internal static class ThreadEvents
{
    /// <param name="messages">Oldest first.</param>
    public static IReadOnlyList<ThreadMessage> Placed(IReadOnlyList<ThreadMessage> messages)
    {
        var events = messages.Where(message => message.IsEvent).ToLookup(message => Concerned(message, messages));
        return [.. messages.Where(message => !message.IsEvent || events[null].Contains(message)).SelectMany(message => events[message].Prepend(message))];
    }

    /// <summary>The newest message with the id that is returned or answered; events concern no events.</summary>
    private static ThreadMessage? Concerned(ThreadMessage told, IReadOnlyList<ThreadMessage> messages)
    {
        var id = told is { Automatic: AutomaticKind.Bounce, ThreadRule: ThreadRule.Bounce, ThreadDetail.Length: > 0 } ? told.ThreadDetail : told.InReplyTo;
        return id.Length == 0 ? null : messages.LastOrDefault(message => !message.IsEvent && message.InternetMessageId == id);
    }
}
