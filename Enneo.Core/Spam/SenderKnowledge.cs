using System.Text.Json;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>What a mailbox knows about senders: whom people trust or block, to whom somebody has written, which domains are ours.</summary>
internal sealed class SenderKnowledge
{
    /// <summary>A setting: a JSON list of the last parts of Feedback-IDs that mean nothing.</summary>
    internal const string FeedbackIdsSetting = "spam:feedback-ids";

    private readonly Dictionary<string, bool> _listed;
    private readonly IReadOnlySet<string> _correspondents;
    private readonly IReadOnlySet<string> _ofTeam;

    private SenderKnowledge(Dictionary<string, bool> listed, IReadOnlySet<string> correspondents, IReadOnlySet<string> ofTeam, HeaderExemptions exemptions) =>
        (_listed, _correspondents, _ofTeam, Exemptions) = (listed, correspondents, ofTeam, exemptions);

    public HeaderExemptions Exemptions { get; }

    /// <param name="senders">Addresses about which it will be asked.</param>
    public static async Task<SenderKnowledge> ReadAsync(EnneoDbContext db, Mailbox mailbox, IEnumerable<string> senders, CancellationToken cancellationToken)
    {
        var asked = senders.Select(sender => sender.ToLowerInvariant()).Where(sender => sender.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        var lists = await db.SpamSenders.AsNoTracking().Where(s => s.MailboxId == null || s.MailboxId == mailbox.Id).ToListAsync(cancellationToken);
        var listed = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var entry in lists.OrderBy(entry => entry.MailboxId is not null)) // the mailbox's own word comes last, and counts
        {
            listed[entry.Sender] = entry.IsTrusted;
        }

        var writtenTo = await WrittenToAsync(db, asked, cancellationToken);
        var correspondents = writtenTo.Where(contact => contact.MailboxId == mailbox.Id).Select(contact => contact.Address).ToHashSet(StringComparer.Ordinal);
        var ofTeam = writtenTo.Select(contact => contact.Address).ToHashSet(StringComparer.Ordinal);
        var clean = await CalledCleanAsync(db, mailbox.Id, asked, cancellationToken);
        var pins = await db.DmarcExceptions.Where(e => e.MailboxId == null || e.MailboxId == mailbox.Id).Select(e => new DmarcPin(e.FromDomain, e.Via)).ToListAsync(cancellationToken);
        var addresses = await db.Mailboxes.Where(m => m.RemovedAt == null).Select(m => m.Address).ToListAsync(cancellationToken);
        var feedbackIds = await db.Settings.Where(s => s.Name == FeedbackIdsSetting).Select(s => s.Value).SingleOrDefaultAsync(cancellationToken);
        return new SenderKnowledge(listed, correspondents, ofTeam, new HeaderExemptions
        {
            FeedbackIds = feedbackIds is null ? HeaderExemptions.UsualFeedbackIds : JsonSerializer.Deserialize<List<string>>(feedbackIds)!,
            KnownSenders = asked.Where(sender => ofTeam.Contains(sender) || clean.Contains(sender) || Find(listed, sender) is { IsTrusted: true }).ToHashSet(StringComparer.Ordinal),
            OwnDomains = addresses.Select(address => SenderAddress.DomainOf(address.ToLowerInvariant())).ToHashSet(StringComparer.Ordinal),
            AuthenticationServer = mailbox.Spam.AuthenticationServer,
            Pins = pins,
        });
    }

    /// <summary>Somebody has written to the address, from whichever mailbox: its mass mail is welcome in all, and who sees this one alone is told nothing of it.</summary>
    public bool IsCorrespondentOfTeam(string address) => _ofTeam.Contains(address.ToLowerInvariant());

    /// <summary>Somebody has written to the address from this mailbox.</summary>
    public bool IsCorrespondent(string address) => _correspondents.Contains(address.ToLowerInvariant());

    public bool IsTrusted(string address) => Find(_listed, address) is { IsTrusted: true };

    /// <returns>The entry that blocks it; null if none does.</returns>
    public string? FindBlocking(string address) => Find(_listed, address) is { IsTrusted: false } entry ? entry.Sender : null;

    private static async Task<List<(long MailboxId, string Address)>> WrittenToAsync(EnneoDbContext db, List<string> addresses, CancellationToken cancellationToken) =>
    [
        .. (await db.Contacts.Where(c => c.Sent > 0 && addresses.Contains(c.Address)).Select(c => new { c.MailboxId, c.Address }).ToListAsync(cancellationToken))
            .Select(contact => (contact.MailboxId, contact.Address)),
    ];

    /// <returns>Who wrote in a conversation of the mailbox that a person called clean.</returns>
    private static async Task<HashSet<string>> CalledCleanAsync(EnneoDbContext db, long mailboxId, List<string> addresses, CancellationToken cancellationToken) =>
        await db.TicketParticipants
            .Where(p => addresses.Contains(p.Address) && p.HasWritten && db.Tickets.Any(t => t.Id == p.TicketId && t.MailboxId == mailboxId && t.SpamStatus == SpamStatus.ManualClean))
            .Select(p => p.Address)
            .ToHashSetAsync(cancellationToken);

    /// <summary>The address itself counts before its domain, and that before the one above.</summary>
    private static (string Sender, bool IsTrusted)? Find(Dictionary<string, bool> listed, string address)
    {
        foreach (var candidate in SenderAddress.WithDomains(address.ToLowerInvariant()))
        {
            if (listed.TryGetValue(candidate, out var isTrusted))
            {
                return (candidate, isTrusted);
            }
        }

        return null;
    }
}
