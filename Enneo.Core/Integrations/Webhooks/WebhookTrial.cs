using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Net;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Webhooks;

/// <summary>Tries a receiver with a sample, signed as all is; nothing is kept of it. For admins.</summary>
public sealed class WebhookTrial
{
    private readonly IDbContextFactory<EnneoDbContext> _dbFactory;
    private readonly WebhookDelivering _delivering;

    internal WebhookTrial(IDbContextFactory<EnneoDbContext> dbFactory, WebhookDelivering delivering) => (_dbFactory, _delivering) = (dbFactory, delivering);

    /// <returns>Null if there is no such webhook for the actor.</returns>
    public async Task<PostedAnswer?> RunAsync(long webhookId, WebhookEvent happened, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        return await WebhookReach.FindAsync(db, webhookId, actor, cancellationToken) is { } webhook ? await _delivering.TryAsync(webhook, happened, cancellationToken) : null;
    }
}
