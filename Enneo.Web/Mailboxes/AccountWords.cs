using System.Globalization;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;

namespace Enneo.Web.Mailboxes;

/// <summary>What a colour says; the words beside it say the same.</summary>
internal enum Tone
{
    Fine,
    Look,
    NeedsYou,
    Quiet,
}

/// <summary>The state of a mailbox in words.</summary>
/// <param name="Progress">0 to 1 of the first sync, when one runs.</param>
internal sealed record StateWords(Tone Tone, string Pill, string? Detail = null, double? Progress = null);

/// <summary>Says how a mailbox is doing.</summary>
internal static class AccountWords
{
    /// <summary>A mailbox not heard of for this many intervals is overdue, here as in readiness.</summary>
    private const int OverdueIntervals = 3;

    private static readonly NumberFormatInfo s_spaced = new() { NumberGroupSeparator = "\u202F", NumberGroupSizes = [3] };

    public static StateWords State(MailboxReport report, DateTimeOffset now, TimeZoneInfo zone)
    {
        var status = report.Status;
        return report.Mailbox.Enabled ? status.State switch
        {
            MailboxState.Paused => new(Tone.Quiet, AccountsText.Paused),
            MailboxState.SignInAgain => new(Tone.NeedsYou, AccountsText.SignInAgain, Trouble(status, now, zone)),
            MailboxState.Error => new(Tone.NeedsYou, AccountsText.NotSyncing, Trouble(status, now, zone)),
            _ when report.Mailbox.Method is MailboxMethod.Api => new(Tone.Fine, AccountsText.Ready), // nothing to look into
            MailboxState.Syncing when status.ProgressTotal > 0 => FirstSync(status, now),
            _ when status is { Message: { } notice, LastSyncAt: { } at } => Synced(report, now - at) with { Tone = Tone.Look, Detail = notice },
            _ when status.LastSyncAt is { } last => Synced(report, now - last),
            _ => new(Tone.Look, AccountsText.FirstSync, AccountsText.Counting),
        }
        : new(Tone.Quiet, AccountsText.Paused);
    }

    public static bool NeedsYou(MailboxReport report) =>
        report is { Mailbox.Enabled: true, Status.State: MailboxState.SignInAgain or MailboxState.Error };

    /// <summary>"4 connected · 1 needs you".</summary>
    public static string Summary(IReadOnlyCollection<MailboxReport> reports)
    {
        var needing = reports.Count(NeedsYou);
        var paused = reports.Count(report => !report.Mailbox.Enabled || report.Status.State is MailboxState.Paused);
        List<string> parts = [Text(AccountsText.Connected, reports.Count - needing - paused)];
        if (needing > 0)
        {
            parts.Add(needing == 1 ? AccountsText.OneNeedsYou : Text(AccountsText.NeedYou, needing));
        }

        if (paused > 0)
        {
            parts.Add(Text(AccountsText.PausedCount, paused));
        }

        return string.Join(" · ", parts);
    }

    /// <summary>"48 211 = 48 211": what the server lists, and what the ledger holds of it.</summary>
    public static string Ledger(MailboxReport report) => FirstSyncRuns(report.Status)
        ? Count(report.Ledger.OnServer)
        : $"{Count(report.Ledger.OnServer + report.Ledger.Difference)} = {Count(report.Ledger.OnServer)}";

    public static string LedgerDetail(MailboxReport report) => report switch
    {
        { Status: var status } when FirstSyncRuns(status) => AccountsText.NewestFirst,
        { WaitingAnswers: 1 } => AccountsText.OneAnswerWaits,
        { WaitingAnswers: > 1 and var waiting } => Text(AccountsText.AnswersWait, waiting),
        _ => Text(AccountsText.Difference, Count(report.Ledger.Difference)),
    };

    public static string? FailedDetail(MailboxReport report) => report.Ledger.Failed switch
    {
        0 => null,
        1 => AccountsText.OneFailed,
        var failed => Text(AccountsText.FailedCount, Count(failed)),
    };

    /// <summary>Whether a difference needs a look: none is expected once the first sync is over.</summary>
    public static bool Differs(MailboxReport report) => report.Ledger.Difference != 0 && !FirstSyncRuns(report.Status);

    public static string Purpose(FolderRole role) => role switch
    {
        FolderRole.Inbox => AccountsText.PurposeInbox,
        FolderRole.Sent => AccountsText.PurposeSent,
        FolderRole.Drafts => AccountsText.PurposeDrafts,
        FolderRole.Junk => AccountsText.PurposeJunk,
        FolderRole.Trash => AccountsText.PurposeTrash,
        FolderRole.Archive => AccountsText.PurposeArchive,
        _ => AccountsText.PurposeNone,
    };

    /// <summary>"0.4 s"; a dash while nothing was measured.</summary>
    public static string Delay(DelayFigures delay) => delay.P50 is { } p50 ? Span(p50) : "–";

    public static string Method(MailboxMethod method) => method switch
    {
        MailboxMethod.Microsoft365 => AccountsText.MethodMicrosoft365,
        MailboxMethod.Google => AccountsText.MethodGoogle,
        MailboxMethod.OAuth => AccountsText.MethodOAuth,
        MailboxMethod.Api => AccountsText.MethodNoServer,
        _ => AccountsText.MethodImap,
    };

    /// <summary>How long a step took, or a mail: "84 ms", "0.4 s".</summary>
    public static string Span(TimeSpan span) => span.TotalMilliseconds < 100
        ? Text(AccountsText.Milliseconds, Math.Round(span.TotalMilliseconds))
        : Text(AccountsText.Seconds, span.TotalSeconds.ToString(span.TotalSeconds < 10 ? "0.0" : "0", CultureInfo.CurrentCulture));

    public static string Count(int count) => count.ToString("#,0", s_spaced);

    public static string Text(string format, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.CurrentCulture, format, values);

    /// <summary>"3 s ago", "2 min ago".</summary>
    public static string Age(TimeSpan age) => age.TotalSeconds < 1
        ? AccountsText.Now
        : Text(AccountsText.Ago, Length(age));

    /// <summary>"09:14" of today, else with its day.</summary>
    public static string At(DateTimeOffset instant, DateTimeOffset now, TimeZoneInfo zone)
    {
        var (local, today) = (TimeZoneInfo.ConvertTime(instant, zone), TimeZoneInfo.ConvertTime(now, zone));
        return local.ToString(local.Date == today.Date ? "HH:mm" : local.Year == today.Year ? "d MMM, HH:mm" : "d MMM yyyy, HH:mm", CultureInfo.CurrentCulture);
    }

    private static StateWords Synced(MailboxReport report, TimeSpan age)
    {
        var interval = report.Mailbox.PollInterval;
        var words = report.Status.Mode is SyncMode.Idle
            ? Text(AccountsText.Push, Age(age))
            : Text(AccountsText.Poll, Length(interval), Age(age));
        return age > OverdueIntervals * interval
            ? new(Tone.Look, words, Text(AccountsText.Overdue, Length(interval)))
            : new(Tone.Fine, words);
    }

    private static StateWords FirstSync(MailboxStatus status, DateTimeOffset now)
    {
        var progress = Text(AccountsText.Progress, Count(status.ProgressDone), Count(status.ProgressTotal));
        if (Remaining(status, now) is { } remaining)
        {
            progress = Text(AccountsText.ProgressAbout, progress, Length(remaining));
        }

        return new(Tone.Look, AccountsText.FirstSync, progress, Math.Clamp((double)status.ProgressDone / status.ProgressTotal, 0, 1));
    }

    /// <summary>As long as the rest takes at the pace so far; unknown in the first second.</summary>
    private static TimeSpan? Remaining(MailboxStatus status, DateTimeOffset now)
    {
        if (status is not { ProgressDone: > 0, ProgressSince: { } since } || now - since < TimeSpan.FromSeconds(1))
        {
            return null;
        }

        var rest = (now - since) * ((double)(status.ProgressTotal - status.ProgressDone) / status.ProgressDone);
        return rest < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : rest;
    }

    private static string Trouble(MailboxStatus status, DateTimeOffset now, TimeZoneInfo zone)
    {
        var since = Text(AccountsText.Since, At(status.Since, now, zone));
        return string.IsNullOrWhiteSpace(status.Message) ? since : Text(AccountsText.SinceMessage, since, status.Message);
    }

    private static string Length(TimeSpan span) => span switch
    {
        { TotalSeconds: < 90 } => Text(AccountsText.Seconds, (int)span.TotalSeconds),
        { TotalMinutes: < 90 } => Text(AccountsText.Minutes, (int)Math.Round(span.TotalMinutes)),
        { TotalHours: < 36 } => Text(AccountsText.Hours, (int)Math.Round(span.TotalHours)),
        _ => Text(AccountsText.Days, (int)Math.Round(span.TotalDays)),
    };

    private static bool FirstSyncRuns(MailboxStatus status) => status is { State: MailboxState.Syncing, ProgressTotal: > 0 } or { State: MailboxState.Syncing, LastSyncAt: null };
}
