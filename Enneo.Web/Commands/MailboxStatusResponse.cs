using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Enneo.Core.Connections;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;

namespace Enneo.Web.Commands;

/// <summary>The mailbox object as programs read it: what was configured, without secrets, and how it is doing.</summary>
internal sealed record MailboxStatusResponse(
    long Id, string Channel, string Name, bool IsDefault, bool Enabled, MailboxDataResponse Data, StatusResponse Status)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // for a terminal, not for a page
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>As those see it who may not set mailboxes up.</summary>
    public MailboxStatusResponse WithoutServers() => this with { Data = Data with { Imap = null, Smtp = null } };

    public static MailboxStatusResponse From(MailboxReport report) => new(
        report.Mailbox.Id,
        "email",
        report.Mailbox.Name,
        report.Mailbox.IsDefault,
        report.Mailbox.Enabled,
        MailboxDataResponse.From(report.Mailbox),
        StatusResponse.From(report));
}

internal sealed record MailboxDataResponse(
    MailboxMethod Method, string Address, string SenderName, IReadOnlyList<string> Aliases, string Signature, ServerResponse? Imap, ServerResponse? Smtp,
    IReadOnlyList<string> Folders, DateTimeOffset? Since, int PollSeconds, bool Shadow, SpamWishes Spam)
{
    public static MailboxDataResponse From(Mailbox mailbox) => new(
        mailbox.Method,
        mailbox.Address,
        mailbox.SenderName,
        mailbox.Aliases,
        mailbox.Signature,
        ServerResponse.From(mailbox.Imap),
        ServerResponse.From(mailbox.Smtp),
        mailbox.Folders,
        mailbox.Since,
        (int)mailbox.PollInterval.TotalSeconds,
        mailbox.IsShadow,
        SpamWishes.Of(mailbox.Spam));
}

internal sealed record ServerResponse(string Host, int Port, string Security, string User, string? TrustedCertificate)
{
    public static ServerResponse From(ServerSettings server) => new(
        server.Host, server.Port, Word(server.Security), server.User, server.TrustedCertificate);

    private static string Word(ConnectionSecurity security) => security switch
    {
        ConnectionSecurity.Tls => "tls",
        ConnectionSecurity.StartTls => "starttls",
        _ => "none",
    };
}

internal sealed record StatusResponse(
    MailboxState State, string? Message, SyncMode Mode, DateTimeOffset? LastSyncAt, ProgressResponse Progress, LedgerCounts Ledger, DelayResponse DelayMs)
{
    public static StatusResponse From(MailboxReport report) => new(
        report.Status.State,
        report.Status.Message,
        report.Status.Mode,
        report.Status.LastSyncAt,
        new ProgressResponse(report.Status.ProgressDone, report.Status.ProgressTotal),
        report.Ledger,
        new DelayResponse(Milliseconds(report.Delay.P50), Milliseconds(report.Delay.P95)));

    private static long? Milliseconds(TimeSpan? delay) => delay is { } time ? (long)Math.Round(time.TotalMilliseconds) : null;
}

internal sealed record ProgressResponse(int Done, int Total);

internal sealed record DelayResponse(long? P50, long? P95);
