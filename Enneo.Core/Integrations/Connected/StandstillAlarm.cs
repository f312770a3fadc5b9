using System.Globalization;
using System.Text.Json;
using Enneo.Core.Data;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Jobs;
using Enneo.Core.Sending;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Connected;

/// <summary>
/// Tells the admins by mail, once, that nothing has got through between us and another system for a day although something
/// waits. What could not be sent is sent later.
/// </summary>
internal sealed class StandstillAlarm(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, AdminMail mail, TimeProvider clock) : IRegularWork
{
    /// <summary>The integrations of which the admins know, until something gets through.</summary>
    private const string Name = "integrations.standstills";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var told = await ToldAsync(db, cancellationToken);
        HashSet<long> known = [];
        foreach (var integration in await db.Set<Integration>().AsNoTracking().Where(i => i.IsActive).ToListAsync(cancellationToken))
        {
            if (await StandstillAsync(db, integration, cancellationToken) is { } oldest && (told.Contains(integration.Id) || await TellAsync(integration, oldest, cancellationToken)))
            {
                known.Add(integration.Id);
            }
        }

        if (!known.SetEquals(told))
        {
            await lane.RunAsync((write, token) => KeepAsync(write, known, token), cancellationToken);
        }
    }

    /// <returns>What has waited longest; null where something got through since, or nothing has waited for a day.</returns>
    private async Task<TicketNews?> StandstillAsync(EnneoDbContext db, Integration integration, CancellationToken cancellationToken) =>
        await db.Set<TicketNews>().AsNoTracking().Where(n => n.IntegrationId == integration.Id && n.Problem != null).OrderBy(n => n.NotedAt).FirstOrDefaultAsync(cancellationToken) is { } oldest
        && oldest.NotedAt <= clock.GetUtcNow() - WebhookRest.After && !(integration.LastInAt > oldest.NotedAt) && !(integration.LastOutAt > oldest.NotedAt) ? oldest : null;

    private Task<bool> TellAsync(Integration integration, TicketNews oldest, CancellationToken cancellationToken) => mail.SendAsync(
        string.Format(CultureInfo.CurrentCulture, ConnectedText.StandstillSubject, integration.Name),
        string.Format(CultureInfo.CurrentCulture, ConnectedText.StandstillText, integration.Name, integration.Url, oldest.NotedAt, oldest.Problem),
        cancellationToken);

    private static async Task<HashSet<long>> ToldAsync(EnneoDbContext db, CancellationToken cancellationToken) =>
        await db.Settings.Where(s => s.Name == Name).Select(s => s.Value).SingleOrDefaultAsync(cancellationToken) is { } value ? JsonSerializer.Deserialize<HashSet<long>>(value)! : [];

    private static async Task KeepAsync(EnneoDbContext db, HashSet<long> known, CancellationToken cancellationToken)
    {
        await db.Settings.Where(s => s.Name == Name).ExecuteDeleteAsync(cancellationToken);
        db.Settings.Add(new Setting { Name = Name, Value = JsonSerializer.Serialize(known) });
        await db.SaveChangesAsync(cancellationToken);
    }
}
