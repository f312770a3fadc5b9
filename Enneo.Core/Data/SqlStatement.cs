using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Enneo.Core.Data;

/// <summary>
/// A prepared statement for the few places where thousands of rows are written at once and a
/// change tracker would cost more than SQLite itself. Parameters are <c>@0</c>, <c>@1</c>, …
/// </summary>
internal sealed class SqlStatement : IDisposable
{
    private readonly SqliteCommand _command;

    /// <param name="db">A context of the writer lane, within its transaction.</param>
    public SqlStatement(EnneoDbContext db, string sql)
    {
        _command = (SqliteCommand)db.Database.GetDbConnection().CreateCommand();
        _command.Transaction = (SqliteTransaction?)db.Database.CurrentTransaction?.GetDbTransaction();
        _command.CommandText = sql;
    }

    public void Dispose() => _command.Dispose();

    public int Execute(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteNonQuery();
    }

    public long Scalar(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return (long)_command.ExecuteScalar()!;
    }

    public List<T> Rows<T>(Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        Bind(values);
        List<T> rows = [];
        using var reader = _command.ExecuteReader();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private void Bind(ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (_command.Parameters.Count == i)
            {
                _command.Parameters.Add(new SqliteParameter { ParameterName = "@" + i });
            }

            _command.Parameters[i].Value = values[i] switch
            {
                null => DBNull.Value,
                bool value => value ? 1 : 0,
                Enum value => value.ToString(),
                DateTimeOffset value => value.ToUnixTimeMilliseconds(),
                var value => value,
            };
        }
    }
}
