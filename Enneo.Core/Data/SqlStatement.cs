using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Enneo.Core.Data;

/// <summary>
/// A prepared statement for the few places where thousands of rows are written at once and a
/// change tracker would cost more than SQLite itself. Parameters are <c>@0</c>, <c>@1</c>, … The writer lane keeps it prepared.
/// </summary>
internal sealed class SqlStatement : IDisposable
{
    private readonly EnneoDbContext _db;
    private readonly string _sql;
    private SqliteCommand? _command;

    /// <param name="db">A context of the writer lane, within its transaction.</param>
    public SqlStatement(EnneoDbContext db, string sql) => (_db, _sql) = (db, sql);

    public void Dispose()
    {
        _command?.Dispose();
        _command = null;
    }

    public int Execute(params ReadOnlySpan<object?> values)
    {
        return Bind(values).ExecuteNonQuery();
    }

    public long Scalar(params ReadOnlySpan<object?> values)
    {
        return (long)Bind(values).ExecuteScalar()!;
    }

    public List<T> Rows<T>(Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        List<T> rows = [];
        using var reader = Bind(values).ExecuteReader();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private SqliteCommand Bind(ReadOnlySpan<object?> values)
    {
        var command = _command ??= Make();
        for (var i = 0; i < values.Length; i++)
        {
            if (command.Parameters.Count == i)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = "@" + i });
            }

            command.Parameters[i].Value = values[i] switch
            {
                null => DBNull.Value,
                bool value => value ? 1 : 0,
                Enum value => value.ToString(),
                DateTimeOffset value => value.ToUnixTimeMilliseconds(),
                var value => value,
            };
        }

        return command;
    }

    private SqliteCommand Make()
    {
        var connection = (SqliteConnection)_db.Database.GetDbConnection();
        var transaction = (SqliteTransaction?)_db.Database.CurrentTransaction?.GetDbTransaction();
        if (connection is LaneConnection lane)
        {
            return lane.Commands.Lend(_sql, transaction);
        }

        var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // it is a text of ours, and what it is given are parameters
        command.CommandText = _sql;
#pragma warning restore CA2100
        return command;
    }
}
