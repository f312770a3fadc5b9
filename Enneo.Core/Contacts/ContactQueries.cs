using System.Text.Json;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Contacts;

/// <summary>What we know of a person.</summary>
/// <param name="Received">Mails from them.</param>
/// <param name="Sent">Mails to them.</param>
public sealed record KnownPerson(string Name, string Address, DateTimeOffset FirstAt, DateTimeOffset LastAt, int Received, int Sent);

public sealed class ContactQueries(IDbContextFactory<EnneoDbContext> dbFactory, TimeProvider clock)
{
    /// <summary>However many begin alike, no more are looked at: those in touch of late, then any.</summary>
    private const int MaxRecent = 1500;

    private const int MaxAlike = 500;

    /// <summary>After so many days a contact counts half.</summary>
    private const double HalfLife = 60;

    /// <returns>People with words in name or address that begin with what was typed; those often and lately in touch first.</returns>
    public async Task<IReadOnlyList<MailAddress>> CompleteAsync(Reach reach, string typed, int limit, CancellationToken cancellationToken)
    {
        var words = ContactWords.Typed(typed);
        if (words.Count == 0)
        {
            return [];
        }

        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var recent = await reach.Of(db.Contacts.AsNoTracking()).OrderByDescending(c => c.LastAt).Take(MaxRecent).ToListAsync(cancellationToken);
        var (first, past) = (words.MaxBy(word => word.Length)!, words.MaxBy(word => word.Length) + '\uFFFF');
        var seen = JsonSerializer.Serialize(reach.MailboxIds);
        var alike = await db.Contacts.FromSql($"""
            SELECT c.* FROM contact_words w CROSS JOIN contacts c ON c.MailboxId = w.MailboxId AND c.Address = w.Address
            WHERE w.Word >= {first} AND w.Word < {past} AND ({reach.MailboxIds is null} OR w.MailboxId IN (SELECT value FROM json_each({seen}))) LIMIT {MaxAlike}
            """).AsNoTracking().ToListAsync(cancellationToken);
        return [.. recent.Concat(alike)
            .Where(contact => ContactWords.Match(words, contact.Name, contact.Address))
            .GroupBy(contact => contact.Address)
            .Select(contacts => contacts.DistinctBy(contact => contact.MailboxId).ToList())
            .OrderByDescending(contacts => contacts.Sum(Weight))
            .Take(limit)
            .Select(contacts => new MailAddress(contacts.MaxBy(contact => (contact.Name.Length > 0, contact.LastAt))!.Name, contacts[0].Address))];
    }

    /// <returns>Null if nobody with this address ever wrote or was written to.</returns>
    public async Task<KnownPerson?> FindAsync(Reach reach, string address, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var lower = address.ToLowerInvariant();
        var contacts = await reach.Of(db.Contacts.AsNoTracking()).Where(c => c.Address == lower).ToListAsync(cancellationToken);
        return contacts.Count == 0 ? null : new KnownPerson(
            contacts.MaxBy(contact => (contact.Name.Length > 0, contact.LastAt))!.Name,
            lower,
            contacts.Min(contact => contact.FirstAt),
            contacts.Max(contact => contact.LastAt),
            contacts.Sum(contact => contact.Received),
            contacts.Sum(contact => contact.Sent));
    }

    /// <summary>Whom we write to is written to again.</summary>
    private double Weight(Contact contact) =>
        (1 + Math.Log(1 + contact.Received + (3.0 * contact.Sent))) * Math.Pow(0.5, Math.Max(0, (clock.GetUtcNow() - contact.LastAt).TotalDays) / HalfLife);
}
