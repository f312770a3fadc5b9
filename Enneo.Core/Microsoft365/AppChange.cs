using System.Globalization;
using Enneo.Core.Data;
using Enneo.Core.OAuth;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Microsoft365;

/// <summary>Another app (client id) ends what people gave to the one before: their mailboxes have to be connected again, and say why.</summary>
internal static class AppChange
{
    public const string Field = "signIns";

    /// <returns>What an admin has to know before it is saved, by field; null where nothing ends, or it was said.</returns>
    public static async Task<IReadOnlyDictionary<string, string[]>?> WarningAsync(EnneoDbContext db, Microsoft365Settings stored, Microsoft365Input input, CancellationToken cancellationToken) =>
        !input.EndsSignIns && stored.IsUsable && Guid.TryParse(input.ClientId.Trim(), out _) && Is(stored, input.ClientId.Trim()) && await Of(db).CountAsync(cancellationToken) is > 0 and var count
            ? new Dictionary<string, string[]> { [Field] = [string.Format(CultureInfo.CurrentCulture, count == 1 ? Microsoft365Text.SignInEnds : Microsoft365Text.SignInsEnd, count)] }
            : null;

    public static bool Is(Microsoft365Settings stored, string clientId) => stored.ClientId.Length > 0 && !string.Equals(stored.ClientId, clientId, StringComparison.OrdinalIgnoreCase);

    /// <summary>Names the cause at the mailboxes. Those that bear it already are tried at once: it may be the app from before, by which they work again.</summary>
    public static Task TellAsync(EnneoDbContext db, DateTimeOffset now, CancellationToken cancellationToken) => Of(db).ExecuteUpdateAsync(
        set => set
            .SetProperty(a => a.ProblemAt, a => a.Problem == Causes.AppChanged ? null : now).SetProperty(a => a.Problem, Causes.AppChanged)
            .SetProperty(a => a.GraphProblemAt, a => a.GraphProblem == Causes.AppChanged ? null : now).SetProperty(a => a.GraphProblem, Causes.AppChanged),
        cancellationToken);

    /// <summary>What the app itself is let into needs nobody to sign in.</summary>
    private static IQueryable<ConnectedAccount> Of(EnneoDbContext db) => db.ConnectedAccounts.Where(a => a.ProviderId == null && a.MailboxId != null && !a.IsApplication);
}
