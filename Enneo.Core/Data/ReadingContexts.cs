using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Enneo.Core.Data;

/// <summary>
/// Contexts that read, on connections that stay open: to open one, and to tell it all that SQLite forgets, costs more than
/// most reads. Each context has its connection to itself until it is disposed of, and is used again: a new one would tell
/// the connection its functions anew, by which SQLite forgets what it made of all queries.
/// </summary>
/// <param name="complete">What else its contexts need to know.</param>
internal sealed class ReadingContexts(DataDirectory directory, Action<DbContextOptionsBuilder> complete) : IDbContextFactory<EnneoDbContext>, IDisposable
{
    /// <summary>As many as read at once when many programs ask; each takes up to 2 MB of pages, and its statements as much again.</summary>
    private const int MostIdle = 16;

    private readonly ConcurrentStack<Reader> _idle = new();
    private volatile bool _closed;

    public EnneoDbContext CreateDbContext()
    {
        var reader = _idle.TryPop(out var kept) ? kept : Open();
        try
        {
            var context = reader.Contexts.CreateDbContext();
            context.Left = () => TakeBack(reader);
            return context;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _closed = true;
        CloseIdle();
    }

    /// <summary>Where another database may lie in its place.</summary>
    internal void CloseIdle()
    {
        while (_idle.TryPop(out var reader))
        {
            reader.Dispose();
        }
    }

    private Reader Open()
    {
        SqliteConnection connection = new(EnneoDatabase.ConnectionString(directory, SqliteOpenMode.ReadOnly) + ";Pooling=False");
        try
        {
            connection.Open();
            using var pragmas = connection.CreateCommand();
            pragmas.CommandText = SqlitePragmas.Reader;
            pragmas.ExecuteNonQuery();
            return new Reader(connection, complete);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void TakeBack(Reader reader)
    {
        if (_closed || _idle.Count >= MostIdle)
        {
            reader.Dispose();
            return;
        }

        _idle.Push(reader);
        if (_closed)
        {
            CloseIdle(); // it closed meanwhile
        }
    }

    private sealed class Reader : IDisposable
    {
        private readonly SqliteConnection _connection;
        private readonly KeptCommands _commands;

        public Reader(SqliteConnection connection, Action<DbContextOptionsBuilder> complete)
        {
            (_connection, _commands) = (connection, new KeptCommands(connection));
            var options = new DbContextOptionsBuilder<EnneoDbContext>().UseSqlite(connection).AddInterceptors(_commands);
            complete(options);
            Contexts = new PooledDbContextFactory<EnneoDbContext>(options.Options, poolSize: 1);
        }

        /// <summary>The same one again and again.</summary>
        public PooledDbContextFactory<EnneoDbContext> Contexts { get; }

        public void Dispose()
        {
            _commands.Dispose();
            _connection.Dispose();
        }
    }
}
