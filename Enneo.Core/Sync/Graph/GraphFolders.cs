using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sync.Graph;

/// <summary>A folder to look into.</summary>
/// <param name="State">How far it was read.</param>
/// <param name="Listed">As Graph lists it now.</param>
internal sealed record GraphFolderToSync(MailFolder Folder, GraphFolder State, GraphListedFolder Listed);

/// <summary>Finds the folders of a mailbox by Graph. They go by the names that IMAP gives them, so that they are the same whichever road is taken.</summary>
public sealed class GraphFolders(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, Ledger ledger, FolderDiscovery discovery, TimeProvider clock)
{
    private const string Separator = "/";

    private static readonly (string Name, FolderRole Role)[] s_wellKnown =
    [
        ("inbox", FolderRole.Inbox), ("sentitems", FolderRole.Sent), ("drafts", FolderRole.Drafts),
        ("junkemail", FolderRole.Junk), ("deleteditems", FolderRole.Trash), ("archive", FolderRole.Archive),
    ];

    /// <returns>Those to sync in order of urgency; folders that are listed no more go to <paramref name="vanishings"/>.</returns>
    internal async Task<IReadOnlyList<GraphFolderToSync>> RunAsync(Mailbox mailbox, GraphMailbox remote, Vanishings vanishings, CancellationToken cancellationToken)
    {
        var listed = await remote.FoldersAsync(cancellationToken);
        var stored = await StoredAsync(mailbox.Id, cancellationToken);
        var uses = await UsesAsync(stored, remote, listed, cancellationToken);
        var inbox = listed.FirstOrDefault(folder => uses.GetValueOrDefault(folder.Id) is FolderRole.Inbox);
        var byName = listed.GroupBy(folder => FullNameOf(folder, inbox)).ToDictionary(group => group.Key, group => group.FirstOrDefault(folder => folder.Id == inbox?.Id) ?? group.First()); // another one may be called INBOX
        var known = await discovery.UpdateAsync(
            mailbox, byName.ToDictionary(pair => pair.Key, pair => new ListedFolder(pair.Key, Separator, SpecialUse: uses.GetValueOrDefault(pair.Value.Id))), cancellationToken);
        var absent = known.Where(folder => folder.IsListed && !byName.ContainsKey(folder.FullName)).ToList();
        var names = absent.Exists(folder => stored.All(state => state.FolderId != folder.Id))
            ? (await remote.AllFoldersAsync(cancellationToken)).Select(folder => FullNameOf(folder, inbox)).ToHashSet(StringComparer.Ordinal)
            : [];
        foreach (var missing in absent)
        {
            if (await IsGoneAsync(missing, stored, listed, names, remote, cancellationToken))
            {
                vanishings.Add(missing);
            }
        }

        var states = await StatesAsync([.. known.Where(folder => byName.ContainsKey(folder.FullName))], folder => byName[folder.FullName].Id, uses, cancellationToken);
        foreach (var folder in known.Where(folder => !folder.IsSynced && states.TryGetValue(folder.Id, out var state) && state.UidValidity != folder.UidValidity))
        {
            await ledger.AdoptAsync(folder, states[folder.Id].UidValidity, cancellationToken);
        }

        return [.. known
            .Where(folder => folder.IsSynced && byName.ContainsKey(folder.FullName))
            .OrderBy(folder => folder.Role switch { FolderRole.Inbox => 0, FolderRole.Sent => 1, _ => 2 }).ThenBy(folder => folder.Id)
            .Select(folder => new GraphFolderToSync(folder, states[folder.Id], byName[folder.FullName]))];
    }

    /// <summary>Renamed, or not there when asked for. One that IMAP alone has listed so far can only be asked for by its name, among the hidden ones too.</summary>
    private static async Task<bool> IsGoneAsync(
        MailFolder missing, IReadOnlyList<GraphFolder> stored, IReadOnlyList<GraphListedFolder> listed, IReadOnlySet<string> names, GraphMailbox remote, CancellationToken cancellationToken) =>
        stored.FirstOrDefault(state => state.FolderId == missing.Id) is { } state
            ? listed.Any(folder => folder.Id == state.GraphId) || !await remote.HasFolderAsync(state.GraphId, cancellationToken)
            : !names.Contains(missing.FullName);

    private async Task<List<GraphFolder>> StoredAsync(long mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.GraphFolders.AsNoTracking().Where(g => db.Folders.Any(f => f.Id == g.FolderId && f.MailboxId == mailboxId)).ToListAsync(cancellationToken);
    }

    private static string FullNameOf(GraphListedFolder folder, GraphListedFolder? inbox)
    {
        IEnumerable<string> parts = [.. folder.Parents, folder.Name];
        if (inbox is not null && parts.First() == inbox.Name)
        {
            parts = parts.Skip(1).Prepend(ListedFolder.Inbox);
        }

        return string.Join(Separator, parts.Select(part => part.Replace('/', '\u2215'))); // a slash of their own is none of ours
    }

    /// <summary>Asked for only when there is a folder that was not there before.</summary>
    private static async Task<Dictionary<string, FolderRole>> UsesAsync(
        IReadOnlyList<GraphFolder> stored, GraphMailbox remote, IReadOnlyList<GraphListedFolder> listed, CancellationToken cancellationToken)
    {
        var uses = stored.DistinctBy(folder => folder.GraphId).ToDictionary(folder => folder.GraphId, folder => folder.SpecialUse);
        if (listed.All(folder => uses.ContainsKey(folder.Id)))
        {
            return uses;
        }

        uses = [];
        foreach (var (name, role) in s_wellKnown)
        {
            if (await remote.WellKnownAsync(name, cancellationToken) is { } id)
            {
                uses[id] = role;
            }
        }

        return uses;
    }

    private async Task<Dictionary<long, GraphFolder>> StatesAsync(
        IReadOnlyList<MailFolder> folders, Func<MailFolder, string> idOf, Dictionary<string, FolderRole> uses, CancellationToken cancellationToken)
    {
        var ids = folders.Select(folder => folder.Id).ToList();
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var states = await db.GraphFolders.AsNoTracking().Where(g => ids.Contains(g.FolderId)).ToDictionaryAsync(g => g.FolderId, cancellationToken);
        foreach (var folder in folders.Where(folder => !states.TryGetValue(folder.Id, out var state) || state.GraphId != idOf(folder) || state.SpecialUse != uses.GetValueOrDefault(idOf(folder))))
        {
            states[folder.Id] = await KeepAsync(folder, idOf(folder), uses.GetValueOrDefault(idOf(folder)), cancellationToken);
        }

        return states;
    }

    /// <summary>A folder that took the name of another one is listed from the start.</summary>
    private Task<GraphFolder> KeepAsync(MailFolder folder, string graphId, FolderRole use, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var state = await db.GraphFolders.AsTracking().SingleOrDefaultAsync(g => g.FolderId == folder.Id, token);
            if (state is null)
            {
                state = new GraphFolder { FolderId = folder.Id, GraphId = graphId, UidValidity = NewValidity(folder.UidValidity) };
                db.GraphFolders.Add(state);
            }

            if (state.GraphId != graphId)
            {
                folder.HistoryComplete = false;
                await db.Folders.Where(f => f.Id == folder.Id).ExecuteUpdateAsync(set => set.SetProperty(f => f.HistoryComplete, false), token);
            }

            (state.Link, state.GraphId, state.SpecialUse) = (state.GraphId == graphId ? state.Link : null, graphId, use);
            await db.SaveChangesAsync(token);
            return state;
        },
        cancellationToken);

    /// <summary>In seconds since 1970, as servers do (RFC 9051, section 2.3.1.1); another one than IMAP had.</summary>
    private uint NewValidity(uint before) => (uint)clock.GetUtcNow().ToUnixTimeSeconds() is var now && now != before ? now : now + 1;
}
