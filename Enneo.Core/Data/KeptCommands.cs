using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Enneo.Core.Data;

/// <summary>
/// Keeps what SQLite has made of the queries of a connection that stays open: to read a query again costs more than to
/// answer most of them. For one connection, which one context uses at a time.
/// </summary>
/// <param name="most">So many are kept; each takes some 20 KB.</param>
internal sealed class KeptCommands(SqliteConnection connection, int most = KeptCommands.Usual) : DbCommandInterceptor, IDisposable
{
    private const int Usual = 150;

    /// <summary>Longer ones hardly come twice: they hold lists of ids.</summary>
    private const int LongestText = 8192;

    private readonly Dictionary<string, KeptCommand> _idle = [];
    private bool _closed;

    /// <summary>Lends a command that has read this text before, or one that will be kept.</summary>
    public override DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result)
    {
        if (result is not SqliteCommand asked || asked.Connection != connection)
        {
            return result;
        }

        var command = Find(asked.CommandText);
        command.CommandTimeout = asked.CommandTimeout;
        command.Transaction = asked.Transaction;
        var parameters = asked.Parameters.Cast<SqliteParameter>().ToArray();
        asked.Parameters.Clear();
        command.Parameters.AddRange(parameters);
        asked.Dispose();
        return command;
    }

    /// <summary>Lends a command that has no parameters yet.</summary>
    public SqliteCommand Lend(string text, SqliteTransaction? transaction)
    {
        var command = Find(text);
        command.Transaction = transaction;
        return command;
    }

    private KeptCommand Find(string text)
    {
        if (!_idle.Remove(text, out var command))
        {
            command = new KeptCommand(this) { Connection = connection, CommandText = text };
        }

        command.IsLent = true;
        return command;
    }

    /// <summary>Before its connection is closed.</summary>
    public void Dispose()
    {
        _closed = true;
        Forget();
    }

    /// <returns>Whether it stays.</returns>
    private bool TakeBack(KeptCommand command)
    {
        if (_closed || command.CommandText.Length > LongestText)
        {
            return false;
        }

        if (_idle.Count >= most)
        {
            Forget(); // else what came first would stay for good
        }

        return _idle.TryAdd(command.CommandText, command);
    }

    private void Forget()
    {
        var kept = _idle.Values.ToList();
        _idle.Clear();
        kept.ForEach(command => command.Dispose());
    }

    /// <summary>Goes back to where it came from when it is disposed of.</summary>
    private sealed class KeptCommand(KeptCommands home) : SqliteCommand
    {
        public bool IsLent { get; set; }

        protected override void Dispose(bool disposing)
        {
            if (disposing && IsLent)
            {
                IsLent = false;
                Parameters.Clear();
                Transaction = null;
                if (DataReader is null && home.TakeBack(this))
                {
                    return;
                }
            }

            base.Dispose(disposing);
        }
    }
}
