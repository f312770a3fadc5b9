using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Data;

/// <summary>Why something could not be done now that may be done later.</summary>
/// <param name="Words">For whoever asked.</param>
/// <param name="RetryAfter">When it is worth trying again.</param>
public sealed record PassingTrouble(string Words, TimeSpan RetryAfter)
{
    // https://sqlite.org/rescode.html
    private const int Busy = 5;
    private const int Locked = 6;
    private const int Full = 13;

    // ENOSPC; ERROR_DISK_FULL as an HRESULT
    private const int NoSpace = 28;
    private const int NoSpaceOnWindows = unchecked((int)0x80070070);

    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_later = TimeSpan.FromMinutes(1);

    /// <returns>Null for a fault that asking again does not mend.</returns>
    public static PassingTrouble? Of(Exception exception) => exception switch
    {
        BusyException busy => new(busy.Message, s_soon),
        SqliteException { SqliteErrorCode: Busy or Locked } => new(DataText.DatabaseBusy, s_soon),
        SqliteException { SqliteErrorCode: Full } or IOException { HResult: NoSpace or NoSpaceOnWindows } => new(DataText.DiskFull, s_later),
        DbUpdateException { InnerException: { } inner } => Of(inner),
        _ => null,
    };
}
