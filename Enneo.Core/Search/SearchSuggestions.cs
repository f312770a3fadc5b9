using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Search.Language;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Search;

/// <summary>People to look for, while their name or address is being typed: those of the newest mail first.</summary>
public sealed class SearchSuggestions(IDbContextFactory<EnneoDbContext> dbFactory, TimeProvider clock)
{
    private const int Looked = 300;
    private const int Shown = 6;

    /// <param name="typed">The beginning of a name or an address; empty for anybody.</param>
    /// <param name="field"><see cref="SearchField.From"/> or <see cref="SearchField.To"/>.</param>
    public async Task<IReadOnlyList<MailAddress>> PeopleAsync(
        Reach reach, string typed, SearchField field, CancellationToken cancellationToken)
    {
        var isAnybody = !Words.HasAny(typed);
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        SearchScope scope = new(reach.MailboxIds, null);
        using WordCompletion completion = new(db, scope, clock);
        SearchQuery query = new() { All = TermOf(typed, field) is { } term ? [[term]] : [] };
        SearchMatch match = new(query, scope, completion.Find);
        using HitScan scan = new(db, match.Whole, query);
        var ids = scan.Look(scan.Next(Looked)).ConvertAll(hit => hit.MessageId);
        var people = field is SearchField.From ? await SendersAsync(db, ids, cancellationToken) : await RecipientsAsync(db, ids, cancellationToken);
        return [.. people
            .Where(person => person.Address.Length > 0 && (isAnybody || IsCalled(person, typed)))
            .DistinctBy(person => person.Address, StringComparer.OrdinalIgnoreCase)
            .Take(Shown)];
    }

    /// <summary>Of "marta@e" only the part that says something is looked up; the rest is compared.</summary>
    private static SearchTerm? TermOf(string typed, SearchField field)
    {
        var (head, last) = Words.SplitLast(typed);
        return !WordCompletion.IsTooShort(last) ? new(field, typed, IsPrefix: true)
            : Words.HasAny(head) ? new(field, head, IsPrefix: false)
            : null;
    }

    private static async Task<IEnumerable<MailAddress>> SendersAsync(EnneoDbContext db, List<long> ids, CancellationToken cancellationToken) =>
        await db.Messages
            .Where(m => ids.Contains(m.Id))
            .OrderByDescending(m => m.ReceivedAt)
            .Select(m => new MailAddress(m.FromName, m.FromAddress))
            .ToListAsync(cancellationToken);

    private static async Task<IEnumerable<MailAddress>> RecipientsAsync(EnneoDbContext db, List<long> ids, CancellationToken cancellationToken)
    {
        var messages = await db.Messages
            .Where(m => ids.Contains(m.Id))
            .OrderByDescending(m => m.ReceivedAt)
            .Select(m => new { m.To, m.Cc })
            .ToListAsync(cancellationToken);
        return messages.SelectMany(message => message.To.Concat(message.Cc));
    }

    /// <summary>The mail was found by it, but has other parties too.</summary>
    private static bool IsCalled(MailAddress person, string typed)
    {
        var wanted = Words.Fold(typed);
        return HasWord(Words.Fold(person.Name), wanted) || HasWord(Words.Fold(person.Address), wanted);
    }

    private static bool HasWord(string text, string beginning)
    {
        for (var at = text.IndexOf(beginning, StringComparison.Ordinal); at >= 0; at = text.IndexOf(beginning, at + 1, StringComparison.Ordinal))
        {
            if (at == 0 || !char.IsLetterOrDigit(text[at - 1]))
            {
                return true;
            }
        }

        return false;
    }
}
