using Enneo.Core.Identity;
using Microsoft.Extensions.Caching.Memory;

namespace Enneo.Core.Integrations;

/// <summary>
/// Tickets as they were read last. Other systems ask for the same ones again and again, and to read one takes a dozen
/// queries and a mail; to see that it has not changed takes one. Kept for whoever asked, and never beyond its version.
/// </summary>
public sealed class KeptTickets : IDisposable
{
    /// <summary>Characters of mail, of two bytes each.</summary>
    private const int Most = 16_000_000;

    /// <summary>A longer one would push out too many others.</summary>
    private const int Longest = 500_000;

    /// <summary>What else a ticket takes, in characters.</summary>
    private const int Rest = 4000;

    /// <summary>What a person, or an attachment, takes.</summary>
    private const int Party = 200;

    private static readonly TimeSpan s_idle = TimeSpan.FromMinutes(10);

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = Most });

    public void Dispose() => _kept.Dispose();

    /// <returns>Null where it must be read.</returns>
    internal TicketDetail? Find(Reach reach, long ticketId, long ownerId, TicketVersion version) =>
        _kept.TryGetValue(new Key(ticketId, ownerId, reach), out Kept? kept) && kept!.Version == version ? kept.Ticket : null;

    /// <param name="version">As it was before it was read.</param>
    internal void Keep(Reach reach, long ownerId, TicketVersion version, TicketDetail ticket)
    {
        // what could not be read perhaps can be the next time, when there is more time for it
        if (ticket.First is not { Unreadable: not null } && SizeOf(ticket) is <= Longest and var size)
        {
            _kept.Set(new Key(ticket.Row.Id, ownerId, reach), new Kept(version, ticket), new MemoryCacheEntryOptions { Size = size, SlidingExpiration = s_idle });
        }
    }

    private static int SizeOf(TicketDetail ticket) => Rest + (ticket.Row.Facts?.AdditionalData.Length ?? 0) + (ticket.Reply.To.Count * Party) + (ticket.Reply.Cc.Count * Party)
        + (ticket.First is not { } first ? 0
            : (first.Html?.Length ?? 0) + first.Text.Length + first.NewText.Length + (first.RawData?.Length ?? 0)
            + (Party * (first.To.Count + first.Cc.Count + first.Bcc.Count + first.Parts.Count)));

    private sealed record Key(long TicketId, long OwnerId, Reach Reach);

    private sealed record Kept(TicketVersion Version, TicketDetail Ticket);
}
