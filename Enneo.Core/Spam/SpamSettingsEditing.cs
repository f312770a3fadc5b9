using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Spam.Headers;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>Reads and changes how spam is found in all mailboxes. Only pages of admins call it.</summary>
public sealed class SpamSettingsEditing(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, TimeProvider clock)
{
    private const int MostDays = 3650;

    public async Task<SpamSettings> FindAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await SpamSettings.ReadAsync(db, cancellationToken);
    }

    /// <returns>The last parts of Feedback-IDs that mean nothing, since providers put them on mail written by hand.</returns>
    public async Task<IReadOnlyList<string>> FeedbackIdsAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var value = await db.Settings.Where(s => s.Name == SenderKnowledge.FeedbackIdsSetting).Select(s => s.Value).SingleOrDefaultAsync(cancellationToken);
        return value is null ? HeaderExemptions.UsualFeedbackIds : JsonSerializer.Deserialize<List<string>>(value)!;
    }

    /// <param name="settings">Thresholds beyond 0 and 1 are taken as these, days beyond 1 and 3650 likewise.</param>
    public Task SaveAsync(SpamSettings settings, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var bounded = settings with
        {
            SpamThreshold = Bounded(settings.SpamThreshold),
            UnsureThreshold = Bounded(settings.UnsureThreshold),
            KeptDays = settings.KeptDays is { } days ? Math.Clamp(days, 1, MostDays) : null,
        };
        return lane.RunAsync(
            async (db, token) =>
            {
                var before = await SpamSettings.ReadAsync(db, token);
                if (before != bounded)
                {
                    await SetAsync(db, SpamSettings.Name, JsonSerializer.Serialize(bounded), token);
                    await RecordAsync(
                        db, actor, origin, token,
                        ("model", before.Model, bounded.Model), ("spamFrom", before.SpamFrom, bounded.SpamFrom), ("unsureFrom", before.UnsureFrom, bounded.UnsureFrom), ("keptDays", before.KeptDays, bounded.KeptDays));
                }
            },
            cancellationToken);
    }

    public Task SaveFeedbackIdsAsync(IReadOnlyList<string> ids, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            List<string> cleaned = [.. ids.Select(id => id.Trim()).Where(id => id.Length is > 0 and <= 100).Distinct(StringComparer.OrdinalIgnoreCase)];
            await SetAsync(db, SenderKnowledge.FeedbackIdsSetting, JsonSerializer.Serialize(cleaned), token);
            await RecordAsync(db, actor, origin, token, ("feedbackIds", null, string.Join(", ", cleaned)));
        },
        cancellationToken);

    private static double? Bounded(double? threshold) => threshold is { } value ? Math.Clamp(value, 0, 1) : null;

    private static async Task SetAsync(EnneoDbContext db, string name, string value, CancellationToken cancellationToken)
    {
        if (await db.Settings.SingleOrDefaultAsync(s => s.Name == name, cancellationToken) is { } setting)
        {
            setting.Value = value;
        }
        else
        {
            db.Settings.Add(new Setting { Name = name, Value = value });
        }
    }

    private Task RecordAsync(EnneoDbContext db, Actor actor, string origin, CancellationToken cancellationToken, params ReadOnlySpan<(string Field, object? Old, object? New)> changes)
    {
        db.Activity.Add(ActivityEntry.Of(ActivityKind.SpamSettingsChanged, actor, origin, clock, changes: changes));
        return db.SaveChangesAsync(cancellationToken);
    }
}
