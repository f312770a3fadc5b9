namespace Enneo.Core.Sync;

/// <summary>
/// What a folder's sync must do, worked out from two listings alone: the server's UIDs and the
/// ledger's. Newest first, since that is what people look for.
/// </summary>
/// <param name="Missing">UIDs on the server that the ledger does not have, newest first.</param>
/// <param name="Vanished">UIDs that the ledger believes to be on the server and that are not.</param>
/// <param name="Returned">UIDs that the ledger believes to be gone and that the server lists.</param>
public sealed record SyncPlan(IReadOnlyList<uint> Missing, IReadOnlyList<uint> Vanished, IReadOnlyList<uint> Returned)
{
    /// <param name="onServer">What the server lists.</param>
    /// <param name="ledger">UID and whether it is believed to be on the server, for the same UIDVALIDITY.</param>
    public static SyncPlan Between(IReadOnlyCollection<uint> onServer, IReadOnlyDictionary<uint, bool> ledger)
    {
        HashSet<uint> listed = [.. onServer];
        return new(
            [.. listed.Where(uid => !ledger.ContainsKey(uid)).OrderDescending()],
            [.. ledger.Where(row => row.Value && !listed.Contains(row.Key)).Select(row => row.Key).Order()],
            [.. ledger.Where(row => !row.Value && listed.Contains(row.Key)).Select(row => row.Key).Order()]);
    }
}
