using Enneo.Core.Connections;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using MailKit;
using MailFolder = Enneo.Core.Mailboxes.MailFolder;

namespace Enneo.Core.Sync.Graph;

/// <summary>Changes by Graph, one message at a time: what it refuses of one holds up no other.</summary>
internal sealed class GraphChangeRoad(Mailbox mailbox, GraphMailbox remote, ServerChangeRecords records, GraphNumbers numbers) : IChangeRoad
{
    /// <summary>Changes over which Graph stumbles in one run; those that follow wait for the next, so that receiving does not.</summary>
    private const int Patience = 3;

    private bool _isOpen;
    private int _stumbles;

    public bool IsRefusal(Exception exception) => exception is MailConnectionException { Problem: ConnectionProblem.CommandRefused };

    public async Task<string?> ChangeAsync(ChangeGroup group, CancellationToken cancellationToken)
    {
        await ProveAsync(cancellationToken);
        var place = group.Changes[0].Copy;
        if (await numbers.IdsAsync(place.FolderId, place.UidValidity, [.. group.Changes.Select(change => change.Copy.Uid)], cancellationToken) is not { } ids)
        {
            await records.PutOffAsync(group.Ids, cancellationToken); // IMAP's, so far: the look that follows learns the new ones
            return null;
        }

        Target? target = null;
        if (group.Kind is ServerChangeKind.Move)
        {
            if (await records.FindTargetAsync(group.ToFolderId, cancellationToken) is not { } folder)
            {
                return await records.TargetGoneAsync(group.Ids, cancellationToken);
            }

            if (await numbers.FolderAsync(folder.Id, cancellationToken) is not { } state)
            {
                return await records.RefusedAsync(group.Ids, folder.FullName, SyncText.GraphFolderGone, cancellationToken); // IMAP alone has it: no look follows
            }

            target = new Target(folder, state);
        }

        string? refusal = null;
        foreach (var (copy, changeId) in group.Changes)
        {
            if (_stumbles >= Patience)
            {
                await records.PutOffAsync([changeId], cancellationToken);
                continue;
            }

            try
            {
                refusal = await ChangeAsync(group, copy, changeId, ids.GetValueOrDefault(copy.Uid), target, cancellationToken) ?? refusal;
            }
            catch (MailConnectionException refused) when (IsRefusal(refused) || refused.Problem is ConnectionProblem.ServerUnavailable)
            {
                if (!IsRefusal(refused))
                {
                    await remote.ProveAsync(cancellationToken); // a mailbox that does not open is no refusal of a change
                    _stumbles++;
                }

                refusal = await records.RefusedAsync([changeId], copy.Folder, refused.Message, cancellationToken);
            }
        }

        return refusal;
    }

    /// <param name="id">Null for a copy that Graph never listed.</param>
    private async Task<string?> ChangeAsync(ChangeGroup group, ServerCopy copy, long changeId, string? id, Target? target, CancellationToken cancellationToken)
    {
        if (id is null)
        {
            await records.PutOffAsync([changeId], cancellationToken);
            return null;
        }

        switch (group.Kind)
        {
            case ServerChangeKind.Move:
                return await MoveAsync(copy, changeId, id, target!, cancellationToken);
            case ServerChangeKind.Erase when await IsTakenOutAsync(copy, id, cancellationToken):
                await records.DoneAsync([changeId], cancellationToken);
                break;
            case ServerChangeKind.Erase:
                await remote.DeleteAsync(id, cancellationToken);
                await records.ErasedAsync([changeId], [copy], cancellationToken);
                break;
            case ServerChangeKind.Seen:
                await remote.MarkReadAsync(id, group.Value, cancellationToken);
                await records.FlaggedAsync([changeId], [copy], group.Kind, group.Value, cancellationToken);
                break;
            default:
                await remote.FlagAsync(id, group.Value, cancellationToken);
                await records.FlaggedAsync([changeId], [copy], group.Kind, group.Value, cancellationToken);
                break;
        }

        return null;
    }

    /// <summary>Else nothing could be told from a message that is gone. A mailbox that does not open is no refusal of a change.</summary>
    private async Task ProveAsync(CancellationToken cancellationToken)
    {
        if (!_isOpen)
        {
            await remote.ProveAsync(cancellationToken);
            _isOpen = true;
        }
    }

    /// <summary>Somebody took it out of the trash: it keeps its id wherever it lies, and must not be erased there.</summary>
    private async Task<bool> IsTakenOutAsync(ServerCopy copy, string id, CancellationToken cancellationToken) =>
        await remote.FolderOfAsync(id, cancellationToken) is { } lies && lies != (await numbers.FolderAsync(copy.FolderId, cancellationToken))?.GraphId;

    /// <summary>It keeps its id, so that nothing needs to be fetched to know it again.</summary>
    private async Task<string?> MoveAsync(ServerCopy copy, long changeId, string id, Target target, CancellationToken cancellationToken)
    {
        switch (await remote.MoveAsync(id, target.State.GraphId, cancellationToken))
        {
            case GraphMove.FolderGone:
                return await records.TargetGoneAsync([changeId], cancellationToken);
            case GraphMove.MessageGone:
                await records.MovedAsync([changeId], [new MovedCopy(copy, NewUid: null)], target.Folder, tellsUids: true, cancellationToken);
                return null;
            default:
                GraphItem moved = new(id, IsRemoved: false, mailbox.ConnectedAt, IsRead: null, IsFlagged: null, IsDraft: null, InternetMessageId: null, ChangeKey: null);
                var uid = (await numbers.NumberAsync(target.Folder, [moved], cancellationToken)).Listed.Keys.Single();
                await records.MovedAsync([changeId], [new MovedCopy(copy, new UniqueId(target.State.UidValidity, uid))], target.Folder, tellsUids: true, cancellationToken);
                return null;
        }
    }

    private sealed record Target(MailFolder Folder, GraphFolder State);
}
