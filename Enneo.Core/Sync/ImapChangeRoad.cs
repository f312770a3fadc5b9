using Enneo.Core.Mailboxes;
using MailKit;
using MailKit.Net.Imap;

namespace Enneo.Core.Sync;

/// <summary>Changes by IMAP: flags, MOVE (RFC 6851), and expunging.</summary>
internal sealed class ImapChangeRoad(ImapClient client, ServerChangeRecords records, Vanishings vanishings) : IChangeRoad
{
    public bool IsRefusal(Exception exception) => exception is (CommandException or FolderNotFoundException) && client.IsConnected;

    public async Task<string?> ChangeAsync(ChangeGroup group, CancellationToken cancellationToken)
    {
        var (kind, copies, ids) = (group.Kind, group.Copies, group.Ids);
        var remote = (ImapFolder)await client.GetFolderAsync(copies[0].Folder, cancellationToken);
        var access = await remote.OpenAsync(FolderAccess.ReadWrite, cancellationToken);
        if (remote.UidValidity != copies[0].UidValidity)
        {
            await records.PutOffAsync(ids, cancellationToken); // the sync that follows learns the new ones
        }
        else if (access is not FolderAccess.ReadWrite || !Keeps(remote, FlagOf(kind)))
        {
            return await records.RefusedAsync(ids, copies[0].Folder, access is FolderAccess.ReadWrite ? SyncText.FlagNotKept : SyncText.FolderReadOnly, cancellationToken);
        }
        else
        {
            UniqueId[] uids = [.. copies.Select(copy => new UniqueId(copy.UidValidity, copy.Uid))];
            switch (kind)
            {
                case ServerChangeKind.Move:
                    return await MoveAsync(remote, uids, copies, ids, group.ToFolderId, cancellationToken);
                case ServerChangeKind.Erase:
                    await StoreAsync(remote, uids, FlagOf(kind), value: true, cancellationToken);
                    await remote.ExpungeAsync(uids, cancellationToken);
                    await records.ErasedAsync(ids, copies, cancellationToken);
                    break;
                default:
                    await StoreAsync(remote, uids, FlagOf(kind), group.Value, cancellationToken);
                    await records.FlaggedAsync(ids, copies, kind, group.Value, cancellationToken);
                    break;
            }
        }

        return null;
    }

    /// <returns>In words, why they stay where they are; null when they were moved.</returns>
    private async Task<string?> MoveAsync(
        ImapFolder remote, UniqueId[] uids, List<ServerCopy> copies, List<long> ids, long? toFolderId, CancellationToken cancellationToken)
    {
        if (await records.FindTargetAsync(toFolderId, cancellationToken) is not { } folder)
        {
            return await records.TargetGoneAsync(ids, cancellationToken);
        }

        UniqueIdMap? map;
        try
        {
            var target = await client.GetFolderAsync(folder.FullName, cancellationToken);
            map = await remote.MoveToAsync(uids, target, cancellationToken); // MailKit copies and expunges where there is no MOVE (RFC 6851)
        }
        catch (FolderNotFoundException)
        {
            return await records.TargetGoneAsync(ids, cancellationToken);
        }

        // COPYUID (RFC 4315) says what became of each, so nothing needs to be fetched to know it again.
        var tells = client.Capabilities.HasFlag(ImapCapabilities.UidPlus);
        vanishings.MovedUnseen.UnionWith(tells || !folder.IsSynced ? [] : copies.Select(copy => copy.MessageId));
        await records.MovedAsync(ids, [.. copies.Select(copy => new MovedCopy(copy, NewUid(map, copy)))], folder, tells, cancellationToken);
        return null;
    }

    /// <summary>The flag by which a change is made; what is moved leaves by <c>\Deleted</c> where there is no MOVE.</summary>
    private static MessageFlags FlagOf(ServerChangeKind kind) => kind switch
    {
        ServerChangeKind.Seen => MessageFlags.Seen,
        ServerChangeKind.Flagged => MessageFlags.Flagged,
        _ => MessageFlags.Deleted,
    };

    /// <summary>Some take a flag that they do not keep, without a word; a copy whose original cannot go would be made again and again.</summary>
    private static bool Keeps(ImapFolder remote, MessageFlags flag) => remote.PermanentFlags is MessageFlags.None || remote.PermanentFlags.HasFlag(flag);

    private static UniqueId? NewUid(UniqueIdMap? map, ServerCopy copy)
    {
        if (map is not null)
        {
            foreach (var (from, to) in map)
            {
                if (from.Id == copy.Uid)
                {
                    return to;
                }
            }
        }

        return null;
    }

    private static Task StoreAsync(ImapFolder remote, UniqueId[] uids, MessageFlags flag, bool value, CancellationToken cancellationToken) => remote.StoreAsync(
        uids, new StoreFlagsRequest(value ? StoreAction.Add : StoreAction.Remove, flag) { Silent = true }, cancellationToken);
}
