using Enneo.Core.Connections;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;

namespace Enneo.Tests.Mailboxes;

/// <summary>Mailboxes as the list shows them, at nine o'clock on a Monday.</summary>
internal static class SampleAccounts
{
    public static readonly DateTimeOffset Now = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    public static readonly LedgerCounts Ledger = new(48_250, 48_201, 10, 0, 0, 12, 27, 48_211, 0);

    public static MailboxReport Report(
        Action<MailboxStatus>? status = null, long id = 1, string name = "Support", bool enabled = true,
        LedgerCounts? ledger = null, TimeSpan? delay = null, int waiting = 0, MailboxMethod method = MailboxMethod.Imap)
    {
        Mailbox mailbox = new()
        {
            Id = id,
            Name = name,
            Address = $"{name.ToLowerInvariant()}@example.test",
            Enabled = enabled,
            Method = method,
            Imap = Server("imap.example.test", 993),
            Smtp = Server("smtp.example.test", 465),
            ConnectedAt = Now.AddDays(-30),
        };
        MailboxStatus state = new() { MailboxId = id, State = MailboxState.Ok, Mode = SyncMode.Idle, LastSyncAt = Now.AddSeconds(-3) };
        status?.Invoke(state);
        return new MailboxReport(mailbox, state, ledger ?? Ledger, new DelayFigures(delay, delay), waiting);
    }

    public static MailboxInput Input() => new()
    {
        Name = "Support",
        Data = new()
        {
            Address = "support@example.test",
            Imap = new() { Host = "imap.example.test", Port = 993, User = "support@example.test" },
            Smtp = new() { Host = "smtp.example.test", Port = 465, User = "support@example.test" },
        },
    };

    private static ServerSettings Server(string host, int port) =>
        new() { Host = host, Port = port, Security = ConnectionSecurity.Tls, User = "support", ProtectedPassword = "" };
}
