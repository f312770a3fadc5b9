using Enneo.Core.Data;

namespace Enneo.Core.Search;

/// <summary>
/// Writes the index, in the transaction of the writer lane that adds or removes the message: what can
/// be seen can be found, or stands in the backlog, and a crash leaves no gap.
/// </summary>
public sealed class SearchWriter : IDisposable
{
    private readonly SqlStatement _number;
    private readonly SqlStatement _add;
    private readonly SqlStatement _find;
    private readonly SqlStatement _remove;
    private readonly SqlStatement _removeEntry;
    private readonly SqlStatement _later;

    public SearchWriter(EnneoDbContext db)
    {
        _number = new(db, """
            INSERT INTO search_entries (Id, MessageId)
            SELECT coalesce(max(Id) + 1, @0), @1 FROM search_entries WHERE Id BETWEEN @0 AND @0 + 1048575
            RETURNING Id
            """);
        _add = new(db, "INSERT OR REPLACE INTO search (rowid, Scope, Subject, Sender, Recipients, Files, Body) VALUES (@0, @1, @2, @3, @4, @5, @6)");
        _find = new(db, "SELECT Id FROM search_entries WHERE MessageId = @0");
        _remove = new(db, "DELETE FROM search WHERE rowid = @0");
        _removeEntry = new(db, "DELETE FROM search_entries WHERE Id = @0");
        _later = new(db, "INSERT INTO search_backlog (MessageId) VALUES (@0)");
    }

    public void Add(SearchDocument document) => Add([document]);

    /// <summary>
    /// One after the other, since FTS5 collects words until another statement makes it write them to its tables
    /// (https://sqlite.org/vtab.html#the_xsavepoint_xrelease_and_xrollbackto_methods).
    /// </summary>
    public void Add(IReadOnlyList<SearchDocument> documents)
    {
        var ids = documents.Select(document => _number.Scalar(SearchEntry.FirstOf(document.ReceivedAt), document.MessageId)).ToList();
        foreach (var (id, document) in ids.Zip(documents))
        {
            _add.Execute(
                id, document.Scope, document.Subject, document.Sender, document.Recipients, string.Join('\n', document.FileNames), document.Text);
        }
    }

    /// <summary>Leaves a message of a great many to <see cref="SearchBacklog"/>, since nobody has to wait for its words.</summary>
    public void AddLater(long messageId) => _later.Execute(messageId);

    /// <summary>Comes before the message is removed. A message that is not in the index is passed over.</summary>
    public void Remove(long messageId)
    {
        foreach (var id in _find.Rows(row => row.GetInt64(0), messageId))
        {
            _remove.Execute(id);
            _removeEntry.Execute(id);
        }
    }

    public void Dispose()
    {
        _number.Dispose();
        _add.Dispose();
        _find.Dispose();
        _remove.Dispose();
        _removeEntry.Dispose();
        _later.Dispose();
    }
}
