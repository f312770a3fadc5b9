namespace Enneo.Core.Search;

/// <summary>Folds matching messages into conversations, in the order in which these are met.</summary>
/// <param name="shown">Conversations that were shown before.</param>
internal sealed class Grouping(IReadOnlySet<long> shown)
{
    private readonly List<long> _order = [];
    private readonly Dictionary<long, Conversation> _conversations = [];

    public int Count => _order.Count;

    /// <summary>Messages in all.</summary>
    public int Hits { get; private set; }

    public void Add(IEnumerable<Candidate> hits)
    {
        foreach (var hit in hits.Where(hit => !shown.Contains(hit.TicketId)))
        {
            Hits++;
            if (_conversations.TryGetValue(hit.TicketId, out var conversation))
            {
                _conversations[hit.TicketId] = conversation with { Matches = conversation.Matches + 1 };
            }
            else
            {
                _conversations.Add(hit.TicketId, new(hit, 1));
                _order.Add(hit.TicketId);
            }
        }
    }

    public IReadOnlyList<Conversation> First(int count) => [.. _order.Take(count).Select(ticketId => _conversations[ticketId])];

    /// <param name="Hit">The first of its messages that was met.</param>
    public sealed record Conversation(Candidate Hit, int Matches);
}
