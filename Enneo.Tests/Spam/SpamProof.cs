using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Spam;

/// <summary>
/// The whole log, read from its beginning: who changed what spam is, and what was done by itself while it was. What is
/// written is in the log with the change itself, so that its order is that in which things were.
/// </summary>
internal sealed class SpamProof
{
    private readonly HashSet<long> _spamTags;
    private readonly Dictionary<long, SpamStatus?> _statuses = [];
    private readonly List<string> _offences = [];

    private SpamProof(HashSet<long> spamTags) => _spamTags = spamTags;

    public IReadOnlyList<string> Offences => _offences;

    /// <summary>Of each ticket in the end.</summary>
    public IReadOnlyDictionary<long, SpamStatus?> Statuses => _statuses;

    /// <summary>Tags given, notes written and answers queued by themselves.</summary>
    public int Done { get; private set; }

    /// <summary>How often a ticket became spam.</summary>
    public int Hidden { get; private set; }

    public static async Task<SpamProof> ReadAsync(EnneoStore store, CancellationToken cancellationToken)
    {
        SpamProof proof = new(await store.ReadAsync(db => db.Tags.Where(t => t.IsSpam).Select(t => t.Id).ToHashSetAsync(cancellationToken), cancellationToken));
        foreach (var entry in await store.ReadAsync(db => db.Activity.AsNoTracking().Where(e => e.TicketId != null).OrderBy(e => e.Sequence).ToListAsync(cancellationToken), cancellationToken))
        {
            proof.Follow(entry);
        }

        await proof.CompareAsync(store, cancellationToken);
        return proof;
    }

    private void Follow(ActivityEntry entry)
    {
        var ticketId = entry.TicketId!.Value;
        var before = _statuses.GetValueOrDefault(ticketId);
        if (entry.Kind is ActivityKind.TicketSpamChanged)
        {
            var after = Enum.TryParse<SpamStatus>(New(entry, "spamStatus").ToString(), out var status) ? (SpamStatus?)status : null;
            Hidden += after.IsSpam() && !before.IsSpam() ? 1 : 0;
            _statuses[ticketId] = after;
            Offend(entry, before.IsManual() && entry.ActorKind is not ActorKind.User, "changed what a person had said");
        }
        else if (entry.ActorKind is ActorKind.System && IsDoneByItself(entry))
        {
            Done++;
            Offend(entry, before.IsSpam(), "was done with spam");
        }
    }

    private bool IsDoneByItself(ActivityEntry entry) => entry.Kind switch
    {
        ActivityKind.NoteAdded or ActivityKind.OutgoingQueued or ActivityKind.TicketAssigned => true,
        ActivityKind.TicketTagged => New(entry, "tag") is { ValueKind: JsonValueKind.Number } tag && !_spamTags.Contains(tag.GetInt64()),
        _ => false,
    };

    /// <summary>What the log says is what is.</summary>
    private async Task CompareAsync(EnneoStore store, CancellationToken cancellationToken)
    {
        foreach (var ticket in await store.ReadAsync(db => db.Tickets.AsNoTracking().ToListAsync(cancellationToken), cancellationToken))
        {
            if (ticket.SpamStatus != _statuses.GetValueOrDefault(ticket.Id) || ticket.SpamStatus.IsSpam() != (ticket.Place is TicketPlace.Junk))
            {
                _offences.Add($"ticket {ticket.Id} is {ticket.SpamStatus} in {ticket.Place}, by the log {_statuses.GetValueOrDefault(ticket.Id)}");
            }

            _statuses[ticket.Id] = ticket.SpamStatus;
        }

        var wrong = await store.ReadAsync(
            db => db.TicketTags.AsNoTracking().Where(g => !g.IsTakenOff && g.Source != TagSource.Person).ToListAsync(cancellationToken), cancellationToken);
        _offences.AddRange(wrong.Where(tag => _statuses[tag.TicketId].IsSpam() && !_spamTags.Contains(tag.TagId)).Select(tag => $"ticket {tag.TicketId} is spam and has tag {tag.TagId}"));
    }

    private void Offend(ActivityEntry entry, bool isSo, string what)
    {
        if (isSo)
        {
            _offences.Add($"{entry.Sequence}: {entry.Kind} of ticket {entry.TicketId} by {entry.ActorKind}, {entry.Changes} {what}");
        }
    }

    private static JsonElement New(ActivityEntry entry, string field)
    {
        using var changes = JsonDocument.Parse(entry.Changes);
        return changes.RootElement.TryGetProperty(field, out var pair) ? pair[1].Clone() : default;
    }
}
