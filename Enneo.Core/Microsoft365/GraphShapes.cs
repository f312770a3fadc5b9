namespace Enneo.Core.Microsoft365;

/// <summary>A folder as Graph lists it.</summary>
/// <param name="Name">In the language of the mailbox.</param>
/// <param name="Parents">The names of the folders above it, from the top.</param>
/// <param name="Total">Whatever lies in it, mail or not.</param>
public sealed record GraphListedFolder(string Id, string Name, IReadOnlyList<string> Parents, int Total, int Unread);

/// <summary>What Graph says of a message; a change may name nothing but what changed.</summary>
/// <param name="Id">Immutable: it stays when the message is moved within its mailbox.</param>
/// <param name="IsRemoved">It lies no longer in the folder that was asked about.</param>
/// <param name="ChangeKey">Another one after every change.</param>
public sealed record GraphItem(
    string Id, bool IsRemoved, DateTimeOffset? ReceivedAt, bool? IsRead, bool? IsFlagged, bool? IsDraft, string? InternetMessageId, string? ChangeKey)
{
    /// <summary>What is known once <paramref name="later"/> has been told as well.</summary>
    public GraphItem With(GraphItem later) => later.IsRemoved ? later : new(
        Id,
        IsRemoved: false,
        later.ReceivedAt ?? ReceivedAt,
        later.IsRead ?? IsRead,
        later.IsFlagged ?? IsFlagged,
        later.IsDraft ?? IsDraft,
        later.InternetMessageId ?? InternetMessageId,
        later.ChangeKey ?? ChangeKey);
}

/// <summary>What changed in a folder, each message once.</summary>
/// <param name="Link">Asked the next time, it tells what changed since.</param>
public sealed record GraphChanges(IReadOnlyList<GraphItem> Items, string Link);

/// <summary>What became of a message that was to be moved.</summary>
public enum GraphMove
{
    Done,

    /// <summary>There is no such message any more.</summary>
    MessageGone,

    /// <summary>There is no such folder any more.</summary>
    FolderGone,
}
