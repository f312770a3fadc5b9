using System.Globalization;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;

namespace Enneo.Web.Commands;

/// <summary>Mailboxes as commands name them: their addresses with commas between, <c>all</c> or <c>none</c>.</summary>
internal static class NamedMailboxes
{
    private const string All = "all";
    private const string None = "none";

    /// <returns>Their ids, null for all; or which one is not there, in words.</returns>
    public static async Task<(IReadOnlyCollection<long>? Ids, string? Unknown)> FindAsync(MailboxQueries queries, string? names, CancellationToken cancellationToken)
    {
        if (names is null or All or None)
        {
            return (names is None ? [] : null, null);
        }

        List<long> ids = [];
        foreach (var address in names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (await queries.FindByAddressAsync(Reach.All, address, cancellationToken) is not { } id)
            {
                return (null, string.Format(CultureInfo.CurrentCulture, CommandText.NoSuchMailbox, address));
            }

            ids.Add(id);
        }

        return (ids, null);
    }
}
