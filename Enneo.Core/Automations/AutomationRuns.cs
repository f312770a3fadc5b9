using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Automations;

/// <summary>What automations did, for whoever sees the mail.</summary>
public sealed class AutomationRuns(IDbContextFactory<EnneoDbContext> dbFactory)
{
    /// <returns>What was done with the ticket's mails, or proposed, oldest first.</returns>
    public async Task<IReadOnlyList<AutomationRun>> OfTicketAsync(Reach reach, long ticketId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await reach.Of(db.AutomationRuns.AsNoTracking()).Where(r => db.Messages.Any(m => m.Id == r.MessageId && m.TicketId == ticketId)).OrderBy(r => r.Id).ToListAsync(cancellationToken);
    }
}
