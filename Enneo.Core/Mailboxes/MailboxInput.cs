using System.Text.Json;
using System.Text.Json.Serialization;
using Enneo.Core.Connections;

namespace Enneo.Core.Mailboxes;

/// <summary>
/// The mailbox object as people and programs write it: the form, and the file that
/// <c>mailbox add --file</c> reads. Everything may be missing; <see cref="MailboxInputValidator"/> says what must not.
/// </summary>
public sealed record MailboxInput
{
    public string Channel { get; init; } = "email";
    public string? Name { get; init; }
    public bool IsDefault { get; init; }
    public bool Enabled { get; init; } = true;

    public MailboxData Data
    {
        get;
        init => field = value ?? new(); // a file may say null
    } = new();
}

public sealed record MailboxData
{
    /// <summary>imap | microsoft365 | google | oauth | api.</summary>
    public string Method { get; init; } = "imap";

    public string? Address { get; init; }
    public string? SenderName { get; init; }

    /// <summary>A signature, or a frame with %MESSAGE% where the text goes, as text or HTML. When editing, null keeps the stored one.</summary>
    public string? Signature { get; init; }

    public IReadOnlyList<string> Aliases
    {
        get;
        init => field = value ?? [];
    } = [];

    public ServerInput Imap
    {
        get;
        init => field = value ?? new();
    } = new();

    public ServerInput Smtp
    {
        get;
        init => field = value ?? new();
    } = new();

    /// <summary>The account that was connected in the browser just now; null keeps the one it has. Programs cannot name it.</summary>
    [JsonIgnore]
    public long? Account { get; init; }

    /// <summary>Send by Microsoft Graph rather than SMTP; null keeps what is stored. Programs cannot name it.</summary>
    [JsonIgnore]
    public bool? SendsByGraph { get; init; }

    /// <summary>Receive by Microsoft Graph rather than IMAP; null keeps what is stored. Programs cannot name it.</summary>
    [JsonIgnore]
    public bool? ReceivesByGraph { get; init; }

    /// <summary>A list of names, or the word "all".</summary>
    public JsonElement? Folders { get; init; }

    /// <summary>The agents who may see it, by their addresses; admins may anyway. Null for all agents when adding, and for those who may already when editing.</summary>
    public IReadOnlyList<string>? SeenBy { get; init; }

    public DateTimeOffset? Since { get; init; }
    public int PollSeconds { get; init; } = 60;

    /// <summary>Closing a ticket here archives what it received on the server.</summary>
    public bool ClosingArchives { get; init; }

    /// <summary>Shadow mode: nothing is changed on the servers and nothing sent. Going live is a step of its own, so false does not end it.</summary>
    public bool Shadow { get; init; }

    /// <summary>As <see cref="SpamWishes"/> reads it.</summary>
    public JsonElement? Spam { get; init; }
}

public sealed record ServerInput
{
    public string? Host { get; init; }
    public int? Port { get; init; }
    public ConnectionSecurity Security { get; init; }
    public string? User { get; init; }

    /// <summary>Write only. When editing, null keeps the stored one.</summary>
    public string? Password { get; init; }

    /// <summary>SHA-256 fingerprint in hex.</summary>
    public string? TrustedCertificate { get; init; }

    /// <summary>Never shows the password, wherever it may be printed.</summary>
    public override string ToString() => $"ServerInput {{ {Host}:{Port} {Security} {User} }}";
}

public static class MailboxJson
{
    /// <summary>camelCase, enums as lower-case words, comments and trailing commas allowed.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        Converters = { new JsonStringEnumConverter(LowerCase.Policy) },
    };

    private sealed class LowerCase : JsonNamingPolicy
    {
        public static readonly LowerCase Policy = new();

        public override string ConvertName(string name) => name.ToLowerInvariant();
    }
}
