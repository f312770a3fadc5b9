using Enneo.Core.Mailboxes;

namespace Enneo.Core.Sync;

/// <summary>The same change of several copies in one folder.</summary>
/// <param name="Value">As <see cref="ServerChange.Value"/>.</param>
internal sealed record ChangeGroup(ServerChangeKind Kind, IReadOnlyList<(ServerCopy Copy, long ChangeId)> Changes, bool Value, long? ToFolderId)
{
    public List<ServerCopy> Copies => [.. Changes.Select(change => change.Copy)];

    public List<long> Ids => [.. Changes.Select(change => change.ChangeId).Distinct()];
}

/// <summary>How changes reach a server: IMAP, or Microsoft Graph.</summary>
internal interface IChangeRoad
{
    /// <summary>Makes the change and writes down what became of it.</summary>
    /// <returns>In words, why it may not be made; null when it was, or shall be with the next run.</returns>
    Task<string?> ChangeAsync(ChangeGroup group, CancellationToken cancellationToken);

    /// <summary>Whether the server merely said no to one change, and takes others.</summary>
    bool IsRefusal(Exception exception);
}
