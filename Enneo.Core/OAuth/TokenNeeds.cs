using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.OAuth;

/// <summary>Which tokens a mailbox lives by: where it receives and sends by Graph, what is wrong with those for Outlook is nothing to it.</summary>
internal sealed record TokenNeeds(bool Mail, bool Graph)
{
    /// <param name="mailboxId">Null for an account that no mailbox was saved with.</param>
    public static async Task<TokenNeeds> OfAsync(EnneoDbContext db, long? mailboxId, CancellationToken cancellationToken) =>
        await db.Mailboxes.Where(m => m.Id == mailboxId)
            .Select(m => new TokenNeeds(!(m.ReceivesByGraph && m.SendsByGraph), m.ReceivesByGraph || m.SendsByGraph))
            .SingleOrDefaultAsync(cancellationToken) ?? new TokenNeeds(Mail: true, Graph: true);

    /// <summary>The token that is renewed ahead of time.</summary>
    public TokenFor First => Mail ? TokenFor.Mail : TokenFor.Graph;

    /// <returns>The code of what keeps the mailbox from working; null when nothing does.</returns>
    public string? ProblemOf(ConnectedAccount account) => (Mail ? account.Problem : null) ?? (Graph ? account.GraphProblem : null);
}
