using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using MailKit;
using MailKit.Net.Imap;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.Sync;

/// <summary>A message of a folder of the server that is to be changed there.</summary>
internal sealed record ServerCopy(long LedgerId, long MessageId, long FolderId, string Folder, FolderRole Role, uint UidValidity, uint Uid);

/// <summary>
/// Carries to the server what was changed here. A change stays queued until the server has taken it, its
/// message is gone, or the server refused it time and again; each can be made twice without harm.
/// </summary>
public sealed partial class ServerChanges(
    IDbContextFactory<EnneoDbContext> dbFactory, ServerChangeRecords records, TimeProvider clock, ILogger<ServerChanges> logger)
{
    private const int Batch = 500;

    /// <summary>Flags before moves, which give a message another UID.</summary>
    private static readonly ServerChangeKind[] s_order = [ServerChangeKind.Seen, ServerChangeKind.Flagged, ServerChangeKind.Move, ServerChangeKind.Erase];

    /// <returns>In words, what the server refused; null when it took everything.</returns>
    internal async Task<string?> PushAsync(Mailbox mailbox, ImapClient client, Vanishings vanishings, CancellationToken cancellationToken)
    {
        string? refusal = null;
        foreach (var kind in s_order)
        {
            // Each round removes its changes or puts them off, so this ends.
            while (await DueAsync(mailbox.Id, kind, cancellationToken) is { Count: > 0 } changes)
            {
                refusal = await PushAsync(mailbox, client, kind, changes, vanishings, cancellationToken) ?? refusal;
            }
        }

        return refusal ?? await records.StandingRefusalAsync(mailbox.Id, cancellationToken);
    }

    private async Task<List<ServerChange>> DueAsync(long mailboxId, ServerChangeKind kind, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        return await db.ServerChanges.AsNoTracking()
            .Where(c => c.MailboxId == mailboxId && c.Kind == kind && !c.AwaitsPerson && (c.NextAttemptAt == null || c.NextAttemptAt <= now))
            .Where(c => db.Mailboxes.Any(m => m.Id == c.MailboxId && !m.IsShadow)) // asked each time: shadow mode holds at once
            .OrderBy(c => c.Id)
            .Take(Batch)
            .ToListAsync(cancellationToken);
    }

    private async Task<string?> PushAsync(
        Mailbox mailbox, ImapClient client, ServerChangeKind kind, List<ServerChange> changes, Vanishings vanishings, CancellationToken cancellationToken)
    {
        var copies = await CopiesAsync(changes, cancellationToken);
        var copied = copies.Select(copy => copy.MessageId).ToHashSet();
        await records.NotFoundAsync([.. changes.Where(change => !copied.Contains(change.MessageId))], cancellationToken);

        string? refusal = null;
        var ofMessage = changes.ToLookup(change => change.MessageId);
        var groups = copies
            .SelectMany(copy => ofMessage[copy.MessageId].Select(change => (Copy: copy, Change: change)))
            .GroupBy(pair => (pair.Copy.FolderId, pair.Copy.Folder, pair.Copy.UidValidity, pair.Change.Value, pair.Change.ToFolderId))
            .OrderBy(group => group.Key.FolderId == group.Key.ToFolderId) // what lies there already settles its change last
            .ToList();
        foreach (var group in groups)
        {
            var ids = group.Select(pair => pair.Change.Id).Distinct().ToList();
            try
            {
                refusal = await ChangeAsync(client, kind, [.. group.Select(pair => pair.Copy)], ids, group.Key.Value, group.Key.ToFolderId, vanishings, cancellationToken) ?? refusal;
            }
            catch (Exception exception) when (exception is (CommandException or FolderNotFoundException) && client.IsConnected)
            {
                var failure = MailConnectionException.From(exception, mailbox.ImapEndpoint);
                LogRefused(mailbox.Id, kind, group.Key.FolderId, failure.Problem);
                refusal = await records.RefusedAsync(ids, group.Key.Folder, failure.ServerText ?? failure.Message, cancellationToken);
            }
        }

        return refusal;
    }

    private async Task<List<ServerCopy>> CopiesAsync(List<ServerChange> changes, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var messageIds = changes.Select(c => (long?)c.MessageId).ToList();
        return await (
            from entry in db.Ledger
            join folder in db.Folders on entry.FolderId equals folder.Id
            where entry.OnServer && folder.IsListed && entry.UidValidity == folder.UidValidity && messageIds.Contains(entry.MessageId)
            orderby entry.Id
            select new ServerCopy(entry.Id, entry.MessageId ?? 0, folder.Id, folder.FullName, folder.Role, entry.UidValidity, entry.Uid))
            .ToListAsync(cancellationToken);
    }

    /// <returns>In words, why it may not be changed; null when it was, or shall be with the next run.</returns>
    private async Task<string?> ChangeAsync(
        ImapClient client, ServerChangeKind kind, List<ServerCopy> copies, List<long> ids, bool value, long? toFolderId, Vanishings vanishings, CancellationToken cancellationToken)
    {
        if (copies[0].FolderId == toFolderId || (kind is ServerChangeKind.Erase && copies[0].Role is not FolderRole.Trash))
        {
            await records.DoneAsync(ids, cancellationToken); // it lies there already, or somebody took it out of the trash
            return null;
        }

        var remote = (ImapFolder)await client.GetFolderAsync(copies[0].Folder, cancellationToken);
        var access = await remote.OpenAsync(FolderAccess.ReadWrite, cancellationToken);
        if (remote.UidValidity != copies[0].UidValidity)
        {
            await records.NumbersVoidAsync(ids, cancellationToken); // the sync that follows learns the new ones
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
                    return await MoveAsync(client, remote, uids, copies, ids, toFolderId, vanishings, cancellationToken);
                case ServerChangeKind.Erase:
                    await StoreAsync(remote, uids, FlagOf(kind), value: true, cancellationToken);
                    await remote.ExpungeAsync(uids, cancellationToken);
                    await records.ErasedAsync(ids, copies, cancellationToken);
                    break;
                default:
                    await StoreAsync(remote, uids, FlagOf(kind), value, cancellationToken);
                    await records.FlaggedAsync(ids, copies, kind, value, cancellationToken);
                    break;
            }
        }

        return null;
    }

    /// <returns>In words, why they stay where they are; null when they were moved.</returns>
    private async Task<string?> MoveAsync(
        ImapClient client, ImapFolder remote, UniqueId[] uids, List<ServerCopy> copies, List<long> ids, long? toFolderId, Vanishings vanishings, CancellationToken cancellationToken)
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

    [LoggerMessage(LogLevel.Warning, "Mailbox {MailboxId}: the server refused a change ({Kind}) in folder {FolderId}: {Problem}")]
    private partial void LogRefused(long mailboxId, ServerChangeKind kind, long folderId, ConnectionProblem problem);
}
