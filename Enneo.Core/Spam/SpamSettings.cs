using System.Text.Json;
using Enneo.Core.Data;
using Enneo.Core.Spam.Model;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>How spam is found in all mailboxes.</summary>
public sealed record SpamSettings
{
    internal const string Name = "spam";

    /// <summary>Whether the model reads mail at all.</summary>
    public bool Model { get; init; } = true;

    /// <summary>From this probability on a mail is spam; null for what the model itself proposes.</summary>
    public double? SpamThreshold { get; init; }

    /// <summary>From this probability on a mail is shown with a warning; null for what the model itself proposes.</summary>
    public double? UnsureThreshold { get; init; }

    /// <summary>After so many days without new mail spam goes to the trash; null for never.</summary>
    public int? KeptDays { get; init; }

    public double SpamFrom => SpamThreshold ?? SpamModel.Shipped.SpamThreshold;

    public double UnsureFrom => Math.Min(UnsureThreshold ?? SpamModel.Shipped.UnsureThreshold, SpamFrom);

    public bool IsSpam(double probability) => probability >= SpamFrom;

    public bool IsSuspicious(double probability) => !IsSpam(probability) && probability >= UnsureFrom;

    internal static async Task<SpamSettings> ReadAsync(EnneoDbContext db, CancellationToken cancellationToken)
    {
        var value = await db.Settings.Where(s => s.Name == Name).Select(s => s.Value).SingleOrDefaultAsync(cancellationToken);
        return value is null ? new SpamSettings() : JsonSerializer.Deserialize<SpamSettings>(value) ?? new SpamSettings();
    }
}
