using Enneo.Core.Search.Language;

namespace Enneo.Core.Search;

public enum SearchOrder
{
    Newest,
    Best,
}

/// <param name="MailboxIds">Those whose mail is looked through; null for all that are within reach.</param>
/// <param name="After">Where the page before ended.</param>
public sealed record SearchRequest(SearchQuery Query, IReadOnlyCollection<long>? MailboxIds = null, SearchOrder Order = SearchOrder.Newest, SearchCursor? After = null);

/// <summary>Where a page ended, and which conversations have been shown.</summary>
public sealed class SearchCursor
{
    internal SearchCursor(long before, IReadOnlySet<long> shown) => (Before, Shown) = (before, shown);

    internal long Before { get; }
    internal IReadOnlySet<long> Shown { get; }
}

/// <summary>How many messages match; counting stops where nobody counts along.</summary>
/// <param name="IsMore">There are more than <paramref name="Known"/>.</param>
public sealed record SearchCount(int Known, bool IsMore);

/// <summary>A stretch of text, and whether it is what was looked for.</summary>
public sealed record TextPiece(string Text, bool IsHit);

/// <summary>A conversation in which something was found, shown by the message that says it best.</summary>
/// <param name="Recipients">Empty unless something was found in them; so <paramref name="Files"/>.</param>
/// <param name="Matches">How many of its messages match, as far as was looked.</param>
public sealed record SearchHit(
    long MessageId,
    long TicketId,
    long MailboxId,
    DateTimeOffset ReceivedAt,
    IReadOnlyList<TextPiece> Sender,
    IReadOnlyList<TextPiece> Recipients,
    IReadOnlyList<TextPiece> Subject,
    IReadOnlyList<TextPiece> Files,
    IReadOnlyList<TextPiece> Text,
    bool HasAttachments,
    bool IsUnread,
    bool IsClosed,
    int Matches);

/// <param name="Next">Null when this is the end.</param>
/// <param name="Count">Of all pages; null on the later ones.</param>
/// <param name="LookedBackTo">Set when the search stopped there, to be continued, rather than let somebody wait.</param>
/// <param name="Notes">What of the query could not be taken as it was typed.</param>
public sealed record SearchPage(
    IReadOnlyList<SearchHit> Hits, SearchCursor? Next, SearchCount? Count, DateTimeOffset? LookedBackTo, IReadOnlyList<string> Notes);
