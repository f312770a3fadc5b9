using Microsoft.Data.Sqlite;

namespace Enneo.Core.Data;

/// <summary>The connection of the writer lane, which stays open and keeps what SQLite has made of its statements.</summary>
internal sealed class LaneConnection : SqliteConnection
{
    /// <summary>All that a change of a ticket, an arriving mail and their jobs say.</summary>
    private const int MostKept = 400;

    public LaneConnection(string connectionString)
        : base(connectionString) => Commands = new KeptCommands(this, MostKept);

    public KeptCommands Commands { get; }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Commands.Dispose();
        }

        base.Dispose(disposing);
    }
}
