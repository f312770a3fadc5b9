using System.Globalization;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;

namespace Enneo.Web.Commands;

/// <summary>The state of the mailboxes, for people at a terminal.</summary>
internal static class MailboxTable
{
    public static void Print(IReadOnlyList<MailboxReport> reports, TextWriter output)
    {
        if (reports.Count == 0)
        {
            output.WriteLine(CommandText.NoMailboxes);
            return;
        }

        string[][] rows =
        [
            [CommandText.ColumnAddress, CommandText.ColumnState, CommandText.ColumnMode, CommandText.ColumnLastSync, CommandText.ColumnMails, CommandText.ColumnDifference],
            .. reports.Select(Row),
        ];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        foreach (var report in reports.Where(r => r.Status.Message is not null))
        {
            output.WriteLine($"{report.Mailbox.Address}: {report.Status.Message}");
        }
    }

    private static string[] Row(MailboxReport report) =>
    [
        report.Mailbox.Address,
        report.Mailbox.IsShadow ? string.Format(CultureInfo.CurrentCulture, CommandText.StateShadow, State(report.Status)) : State(report.Status),
        Mode(report),
        report.Status.LastSyncAt?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "-",
        report.Ledger.OnServer.ToString(CultureInfo.InvariantCulture),
        report.Ledger.Difference.ToString(CultureInfo.InvariantCulture),
    ];

    private static string Mode(MailboxReport report) => report switch
    {
        { Mailbox.Method: MailboxMethod.Api } => "-", // nobody is asked, nobody pushes
        { Status.Mode: SyncMode.Idle } => CommandText.ModePush,
        _ => CommandText.ModePoll,
    };

    private static string State(MailboxStatus status) => status.State switch
    {
        MailboxState.Syncing when status.ProgressTotal > 0 =>
            string.Format(CultureInfo.CurrentCulture, CommandText.StateProgress, status.ProgressDone, status.ProgressTotal),
        MailboxState.Syncing => CommandText.StateSyncing,
        MailboxState.Error => CommandText.StateError,
        MailboxState.SignInAgain => CommandText.StateSignInAgain,
        MailboxState.Paused => CommandText.StatePaused,
        _ => CommandText.StateOk,
    };
}
