using System.Text.Json;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Spam.Headers;

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
    public static SenderKnowledge Read(EnneoDbContext db, Mailbox mailbox, IEnumerable<string> senders)
    {
        var asked = senders.Select(sender => sender.ToLowerInvariant()).Where(sender => sender.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        using SenderRows rows = new(db, mailbox.Id, asked);
        var listed = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var (sender, isTrusted) in rows.Listed()) // the mailbox's own word comes last, and counts
        {
            listed[sender] = isTrusted;
        }

        var writtenTo = rows.WrittenTo();
        var correspondents = writtenTo.Where(contact => contact.MailboxId == mailbox.Id).Select(contact => contact.Address).ToHashSet(StringComparer.Ordinal);
        var ofTeam = writtenTo.Select(contact => contact.Address).ToHashSet(StringComparer.Ordinal);
        var clean = rows.CalledClean();
        var feedbackIds = rows.Setting(FeedbackIdsSetting);
        return new SenderKnowledge(listed, correspondents, ofTeam, new HeaderExemptions
        {
            FeedbackIds = feedbackIds is null ? HeaderExemptions.UsualFeedbackIds : JsonSerializer.Deserialize<List<string>>(feedbackIds)!,
            KnownSenders = asked.Where(sender => ofTeam.Contains(sender) || clean.Contains(sender) || Find(listed, sender) is { IsTrusted: true }).ToHashSet(StringComparer.Ordinal),
            OwnDomains = rows.OwnAddresses().Select(address => SenderAddress.DomainOf(address.ToLowerInvariant())).ToHashSet(StringComparer.Ordinal),
            AuthenticationServer = mailbox.Spam.AuthenticationServer,
            Pins = rows.Pins(),
        });
    }

    /// <summary>Somebody has written to the address, from whichever mailbox: its mass mail is welcome in all, and who sees this one alone is told nothing of it.</summary>
    public bool IsCorrespondentOfTeam(string address) => _ofTeam.Contains(address.ToLowerInvariant());

    /// <summary>Somebody has written to the address from this mailbox.</summary>
    public bool IsCorrespondent(string address) => _correspondents.Contains(address.ToLowerInvariant());

    public bool IsTrusted(string address) => Find(_listed, address) is { IsTrusted: true };

    /// <returns>The entry that blocks it; null if none does.</returns>
    public string? FindBlocking(string address) => Find(_listed, address) is { IsTrusted: false } entry ? entry.Sender : null;

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
