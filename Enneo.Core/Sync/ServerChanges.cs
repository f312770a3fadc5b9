using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
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
    internal async Task<string?> PushAsync(Mailbox mailbox, IChangeRoad road, CancellationToken cancellationToken)
    {
        string? refusal = null;
        foreach (var kind in s_order)
        {
            // Each round removes its changes or puts them off, so this ends.
            while (await DueAsync(mailbox.Id, kind, cancellationToken) is { Count: > 0 } changes)
            {
                refusal = await PushAsync(mailbox, road, kind, changes, cancellationToken) ?? refusal;
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
        Mailbox mailbox, IChangeRoad road, ServerChangeKind kind, List<ServerChange> changes, CancellationToken cancellationToken)
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
            ChangeGroup together = new(kind, [.. group.Select(pair => (pair.Copy, pair.Change.Id))], group.Key.Value, group.Key.ToFolderId);
            try
            {
                refusal = await ChangeAsync(road, together, cancellationToken) ?? refusal;
            }
            catch (Exception exception) when (road.IsRefusal(exception))
            {
                var failure = MailConnectionException.From(exception, mailbox.ImapEndpoint);
                LogRefused(mailbox.Id, kind, group.Key.FolderId, failure.Problem);
                refusal = await records.RefusedAsync(together.Ids, group.Key.Folder, failure.ServerText ?? failure.Message, cancellationToken);
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

    /// <returns>As <see cref="IChangeRoad.ChangeAsync"/>.</returns>
    private async Task<string?> ChangeAsync(IChangeRoad road, ChangeGroup group, CancellationToken cancellationToken)
    {
        var copy = group.Changes[0].Copy;
        if (copy.FolderId == group.ToFolderId || (group.Kind is ServerChangeKind.Erase && copy.Role is not FolderRole.Trash))
        {
            await records.DoneAsync(group.Ids, cancellationToken); // it lies there already, or somebody took it out of the trash
            return null;
        }

        return await road.ChangeAsync(group, cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "Mailbox {MailboxId}: the server refused a change ({Kind}) in folder {FolderId}: {Problem}")]
    private partial void LogRefused(long mailboxId, ServerChangeKind kind, long folderId, ConnectionProblem problem);
}
