using Enneo.Core.Data;
using Enneo.Core.Storage;

namespace Enneo.Core.Sync;

/// <summary>Writes rows of the ledger and of stored sources, within a transaction of the writer lane.</summary>
internal sealed class LedgerRows : IDisposable
{
    private readonly SqlStatement _addSource;
    private readonly SqlStatement _add;
    private readonly SqlStatement _forget;

    public LedgerRows(EnneoDbContext db)
    {
        _addSource = new(db, """
            INSERT INTO sources (Segment, "Offset", StoredLength, RawLength, Sha256) VALUES (@0, @1, @2, @3, @4) RETURNING Id
            """);
        _add = new(db, """
            INSERT INTO ledger (FolderId, UidValidity, Uid, Outcome, OnServer, SourceId, ReceivedAt, Seen, IsHistory, StoredAt, AwaitsIntake, Failure, Flagged, MessageId)
            VALUES (@0, @1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11, @12, @13) RETURNING Id
            """);
        _forget = new(db, "DELETE FROM ledger WHERE FolderId = @0 AND UidValidity = @1 AND Uid = @2 AND SourceId IS NULL AND MessageId IS NULL");
    }

    public void Dispose()
    {
        _forget.Dispose();
        _addSource.Dispose();
        _add.Dispose();
    }

    /// <returns>The row that was written.</returns>
    public StoredSource Add(StoredSource source) =>
        source.WithId(_addSource.Scalar(source.Segment, source.Offset, source.StoredLength, source.RawLength, source.Sha256));

    /// <summary>Forgets one of which nothing was kept.</summary>
    public void Forget(long folderId, uint uidValidity, uint uid) => _forget.Execute(folderId, uidValidity, uid);

    /// <returns>The id of the row.</returns>
    public long Add(LedgerEntry entry) => _add.Scalar(
        entry.FolderId, entry.UidValidity, entry.Uid, entry.Outcome, entry.OnServer, entry.SourceId, entry.ReceivedAt, entry.Seen, entry.IsHistory, entry.StoredAt,
        entry.AwaitsIntake, entry.Failure, entry.Flagged, entry.MessageId);
}
