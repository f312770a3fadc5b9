using System.Text.Json;
using System.Text.Json.Serialization;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Microsoft365;

/// <summary>The registration of this installation at Microsoft: what an admin copied from Entra.</summary>
public sealed record Microsoft365Settings
{
    internal const string Name = "microsoft365";

    /// <summary>The directory (tenant) id, a domain of it, or <c>organizations</c> and the like.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>The application (client) id.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>Encrypted; empty for none.</summary>
    public string ProtectedSecret { get; init; } = "";

    /// <summary>A certificate with its key as PKCS #12 in Base64, encrypted; empty for none. It goes before the secret.</summary>
    public string ProtectedCertificate { get; init; } = "";

    /// <summary>When the secret or certificate ends; null when nobody said.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When an administrator of the tenant came back who had agreed for everybody; null when none did.</summary>
    public DateTimeOffset? ConsentedAt { get; init; }

    public Cloud Cloud { get; init; }

    /// <summary>Only with <see cref="Cloud.Own"/>.</summary>
    public CloudAddresses? Own { get; init; }

    /// <summary>A mailbox whose IMAP or SMTP server turns it away (IMAP or SMTP AUTH switched off) is not led to Graph by itself.</summary>
    public bool KeepsRoad { get; init; }

    /// <summary>Whether people may sign in here by Microsoft.</summary>
    public PeopleLogins People { get; init; } = new();

    /// <summary>Those of its cloud.</summary>
    [JsonIgnore]
    public CloudAddresses Addresses => Cloud is Cloud.Own && Own is { } own ? own : CloudAddresses.Of(Cloud);

    /// <summary>The tenant is one directory, by its id or a domain of it; <c>organizations</c> and the like are none.</summary>
    [JsonIgnore]
    public bool NamesDirectory => Guid.TryParse(Tenant, out _) || Tenant.Contains('.', StringComparison.Ordinal);

    [JsonIgnore]
    public bool IsUsable => Tenant.Length > 0 && ClientId.Length > 0 && (ProtectedSecret.Length > 0 || ProtectedCertificate.Length > 0);

    /// <summary>Within a transaction of the writer lane, saved by the caller.</summary>
    internal async Task WriteAsync(EnneoDbContext db, CancellationToken cancellationToken)
    {
        var value = JsonSerializer.Serialize(this);
        if (await db.Settings.SingleOrDefaultAsync(s => s.Name == Name, cancellationToken) is { } row)
        {
            row.Value = value;
        }
        else
        {
            db.Settings.Add(new Setting { Name = Name, Value = value });
        }
    }

    public static async Task<Microsoft365Settings> ReadAsync(EnneoDbContext db, CancellationToken cancellationToken)
    {
        var value = await db.Settings.Where(s => s.Name == Name).Select(s => s.Value).SingleOrDefaultAsync(cancellationToken);
        return value is null ? new Microsoft365Settings() : JsonSerializer.Deserialize<Microsoft365Settings>(value) ?? new Microsoft365Settings();
    }
}
