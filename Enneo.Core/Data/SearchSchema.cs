using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Data;

/// <summary>
/// The full-text tables, which no model can describe. They keep the text themselves: a snippet needs
/// it at once, and the mail's source would have to be unpacked and parsed for it. Without <c>prefix=</c>,
/// which costs a third more at every mail and gains nothing from four letters on. Pieces of the index are
/// folded late while mail comes in, and thoroughly when there is time.
/// </summary>
internal static class SearchSchema
{
    /// <summary>To be raised whenever the tables, or what is written into them, change: the next start then makes them anew.</summary>
    public const string Version = "1";

    private const string CreateSql = """
        CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5(
            Scope, Subject, Sender, Recipients, Files, Body, tokenize = "unicode61 remove_diacritics 2");
        CREATE VIRTUAL TABLE IF NOT EXISTS search_words USING fts5vocab(search, instance);
        INSERT INTO search (search, rank) VALUES ('automerge', 8);
        INSERT INTO search (search, rank) VALUES ('usermerge', 2);
        """;

    private const string DropSql = "DROP TABLE IF EXISTS search_words; DROP TABLE IF EXISTS search;";

    public static Task CreateAsync(DbContext db, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlRawAsync(CreateSql, cancellationToken);

    public static Task DropAsync(DbContext db, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlRawAsync(DropSql, cancellationToken);
}
