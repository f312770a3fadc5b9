using System.Globalization;
using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes.Rules;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Hours;

/// <summary>Reads and changes when mail is worked on. Only pages of admins call it.</summary>
public sealed class BusinessHoursEditing(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, BusinessHoursValidator validator, TimeProvider clock)
{
    private static readonly IReadOnlyDictionary<string, string[]> s_noErrors = new Dictionary<string, string[]>();

    public async Task<BusinessHours> FindAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await BusinessHours.ReadAsync(db, cancellationToken);
    }

    /// <summary>They hold for what is promised from now on; when something is due already stays.</summary>
    /// <returns>What is wrong, by field; empty when it was saved.</returns>
    public async Task<IReadOnlyDictionary<string, string[]>> SaveAsync(BusinessHours hours, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var wanted = hours with { TimeZone = hours.TimeZone.Trim(), Holidays = [.. hours.Holidays.Distinct().Order()] };
        var errors = FieldPaths.Of(await validator.ValidateAsync(wanted, cancellationToken));
        if (errors.Count > 0)
        {
            return errors;
        }

        await lane.RunAsync((db, token) => SetAsync(db, wanted, actor, origin, token), cancellationToken);
        return s_noErrors;
    }

    private async Task SetAsync(EnneoDbContext db, BusinessHours wanted, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var changes = Differences(await BusinessHours.ReadAsync(db, cancellationToken), wanted).ToList();
        if (changes.Count == 0)
        {
            return;
        }

        var value = JsonSerializer.Serialize(wanted);
        if (await db.Settings.SingleOrDefaultAsync(s => s.Name == BusinessHours.Name, cancellationToken) is { } row)
        {
            row.Value = value;
        }
        else
        {
            db.Settings.Add(new Setting { Name = BusinessHours.Name, Value = value });
        }

        db.Activity.Add(ActivityEntry.Of(ActivityKind.BusinessHoursChanged, actor, origin, clock, changes: [.. changes]));
        await db.SaveChangesAsync(cancellationToken);
    }

    private static IEnumerable<(string Field, object? Old, object? New)> Differences(BusinessHours before, BusinessHours after) => new (string Field, object? Old, object? New)[]
    {
        ("alwaysOpen", before.IsAlwaysOpen, after.IsAlwaysOpen),
        ("timeZone", before.TimeZone, after.TimeZone),
        ("week", Words(before.Week), Words(after.Week)),
        ("holidays", Words(before.Holidays), Words(after.Holidays)),
    }.Where(change => !Equals(change.Old, change.New));

    private static string Words(IReadOnlyDictionary<DayOfWeek, OpenSpan> week) => string.Join(", ", week.OrderBy(day => day.Key)
        .Select(day => string.Create(CultureInfo.InvariantCulture, $"{day.Key} {day.Value.Opens:HH\\:mm}-{day.Value.Closes:HH\\:mm}")));

    private static string Words(IReadOnlyList<DateOnly> days) => string.Join(", ", days.Select(day => day.ToString("O", CultureInfo.InvariantCulture)));
}
