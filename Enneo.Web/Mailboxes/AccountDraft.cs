using System.Globalization;
using System.Text.Json;
using Enneo.Core.Connections;
using Enneo.Core.Mailboxes;

namespace Enneo.Web.Mailboxes;

/// <summary>What stands in the form while it is edited.</summary>
/// <param name="before">The mailbox as it is stored, or an empty one; what the form does not show is kept from it.</param>
public sealed class AccountDraft(MailboxInput before)
{
    private static readonly char[] s_separators = [',', ';', '\n'];

    private readonly MailboxInput _before = before;
    private ServerProposal? _adopted;

    /// <summary>imap | microsoft365 | google | oauth | api.</summary>
    public string Method { get; set; } = before.Data.Method;

    /// <summary>A login at a provider takes the place of servers and passwords.</summary>
    public bool IsByLogin => Method is "microsoft365" or "google" or "oauth";

    /// <summary>What was connected just now; null keeps what there is.</summary>
    public long? Account { get; set; }

    public bool? SendsByGraph { get; set; } = before.Data.SendsByGraph;

    public bool? ReceivesByGraph { get; set; } = before.Data.ReceivesByGraph;

    public string Address { get; set; } = before.Data.Address ?? "";
    public string Name { get; set; } = before.Name ?? "";
    public string SenderName { get; set; } = before.Data.SenderName ?? "";
    public string Aliases { get; set; } = string.Join(", ", before.Data.Aliases);
    public string Signature { get; set; } = before.Data.Signature ?? "";
    public string Folders { get; set; } = FolderWords(before.Data.Folders);

    /// <summary>A day as yyyy-MM-dd (UTC), or empty.</summary>
    public string Since { get; set; } = before.Data.Since?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    public string PollSeconds { get; set; } = before.Data.PollSeconds.ToString(CultureInfo.InvariantCulture);
    public bool IsDefault { get; set; } = before.IsDefault;
    public bool ClosingArchives { get; set; } = before.Data.ClosingArchives;

    /// <summary>The addresses of the agents who see it; null for all of them, those of later included until it is saved.</summary>
    public IReadOnlyList<string>? SeenBy { get; set; } = before.Data.SeenBy;
    /// <summary>Shadow mode; it ends by going live, not here.</summary>
    public bool Shadow { get; set; } = before.Data.Shadow;

    public ServerDraft Imap { get; } = new(before.Data.Imap, 993);
    public ServerDraft Smtp { get; } = new(before.Data.Smtp, 465);

    /// <summary>SMTP takes the user and the password of IMAP.</summary>
    public bool SameSignIn { get; set; } = before.Data.Smtp.User is null || before.Data.Smtp.User == before.Data.Imap.User;

    /// <summary>The password of IMAP shall be that of SMTP too, where until now each had its own: it must be typed once more.</summary>
    public bool NeedsPasswordAgain =>
        SameSignIn && Imap.Password.Length == 0 && _before.Data.Smtp.User is { } user && user != _before.Data.Imap.User;

    /// <summary>Whether the servers are as nobody has typed them: a proposal may fill them.</summary>
    public bool ServersUntouched => IsAsAdopted(Imap, _adopted?.Imap) && IsAsAdopted(Smtp, _adopted?.Smtp);

    /// <summary>Takes what is proposed for the address.</summary>
    public void Adopt(ServerProposal proposal)
    {
        Imap.Take(proposal.Imap, 993);
        Smtp.Take(proposal.Smtp, 465);
        Imap.User = proposal.Imap.User ?? Address.Trim();
        Smtp.User = proposal.Smtp.User ?? Imap.User;
        SameSignIn = Smtp.User == Imap.User;
        _adopted = proposal;
    }

    /// <summary>Trusts the certificate at the server that showed it, and at the other one if it is the same machine.</summary>
    public void Trust(ServerDraft server, string fingerprint)
    {
        server.TrustedCertificate = fingerprint;
        var other = server == Imap ? Smtp : Imap;
        if (other.TrustedCertificate.Length == 0 && string.Equals(other.Host.Trim(), server.Host.Trim(), StringComparison.OrdinalIgnoreCase))
        {
            other.TrustedCertificate = fingerprint;
        }
    }

    public MailboxInput ToInput()
    {
        var imap = Imap.ToInput(Address);
        var smtp = Smtp.ToInput(Address);
        return _before with
        {
            Name = NullIfEmpty(Name),
            IsDefault = IsDefault,
            Data = _before.Data with
            {
                Method = Method,
                SendsByGraph = SendsByGraph,
                ReceivesByGraph = ReceivesByGraph,
                Account = IsByLogin ? Account : null,
                Address = NullIfEmpty(Address),
                SenderName = NullIfEmpty(SenderName),
                Aliases = Split(Aliases),
                Signature = Signature,
                Imap = imap,
                Smtp = SameSignIn ? smtp with { User = imap.User, Password = imap.Password } : smtp,
                ClosingArchives = ClosingArchives,
                SeenBy = SeenBy,
                Shadow = Shadow,
                Folders = FolderJson(Folders),
                Since = DateOnly.TryParseExact(Since, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                    ? new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)
                    : null,
                PollSeconds = int.TryParse(PollSeconds, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0,
            },
        };
    }

    internal static string? NullIfEmpty(string text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static bool IsAsAdopted(ServerDraft server, ServerInput? adopted) =>
        server.Host.Length == 0 || (adopted is not null && server.Host == (adopted.Host ?? "") && server.Security == adopted.Security);

    private static string[] Split(string words) =>
        words.Split(s_separators, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string FolderWords(JsonElement? folders) => folders switch
    {
        { ValueKind: JsonValueKind.Array } list => string.Join(", ", list.EnumerateArray().Select(name => name.ToString())),
        { ValueKind: JsonValueKind.String } word => word.GetString() ?? "",
        _ => "all",
    };

    private static JsonElement? FolderJson(string words) => Split(words) switch
    {
        [] => null,
        [var one] when one.Equals("all", StringComparison.OrdinalIgnoreCase) => JsonSerializer.SerializeToElement("all"),
        var names => JsonSerializer.SerializeToElement(names),
    };
}

/// <summary>One server in the form.</summary>
public sealed class ServerDraft(ServerInput before, int usualPort)
{
    public string Host { get; set; } = before.Host ?? "";
    public string Port { get; set; } = (before.Port ?? usualPort).ToString(CultureInfo.InvariantCulture);
    public ConnectionSecurity Security { get; set; } = before.Security;
    public string User { get; set; } = before.User ?? "";

    /// <summary>Typed just now; empty keeps the stored one.</summary>
    public string Password { get; set; } = "";

    /// <summary>SHA-256 in hex, or empty.</summary>
    public string TrustedCertificate { get; set; } = before.TrustedCertificate ?? "";

    public void Take(ServerInput proposed, int otherwise)
    {
        Host = proposed.Host ?? "";
        Port = (proposed.Port ?? otherwise).ToString(CultureInfo.InvariantCulture);
        Security = proposed.Security;
    }

    /// <param name="address">The user, where none is typed.</param>
    public ServerInput ToInput(string address) => new()
    {
        Host = AccountDraft.NullIfEmpty(Host),
        Port = int.TryParse(Port, CultureInfo.InvariantCulture, out var port) ? port : null,
        Security = Security,
        User = AccountDraft.NullIfEmpty(User) ?? AccountDraft.NullIfEmpty(address),
        Password = Password.Length == 0 ? null : Password,
        TrustedCertificate = AccountDraft.NullIfEmpty(TrustedCertificate),
    };
}
