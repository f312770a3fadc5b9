using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Integrations.Patching;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Facts;

/// <summary>Keeps what other systems know of tickets and messages. Within a transaction of the writer lane.</summary>
internal static class FactsWriting
{
    /// <summary>An umlaut counts as one character, as it did at the door.</summary>
    private static readonly JsonSerializerOptions s_asWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="PatchRefusedException">It would be too much.</exception>
    public static async Task ApplyAsync(EnneoDbContext db, Ticket ticket, TicketPatch patch, int index, Actor actor, string origin, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!patch.HasFacts)
        {
            return;
        }

        var facts = await db.Set<TicketFacts>().SingleOrDefaultAsync(f => f.TicketId == ticket.Id, cancellationToken);
        if (facts is null)
        {
            facts = new TicketFacts { TicketId = ticket.Id };
            db.Add(facts);
        }

        List<(string Field, object? Old, object? New)> changes = [];
        if (patch.ContractId is { Is: true, Value: var contract } && contract != facts.ContractId)
        {
            changes.Add(("contractId", facts.ContractId, contract));
            facts.ContractId = contract;
        }

        if (patch.Channel is { } channel && channel != facts.Channel)
        {
            changes.Add(("channel", facts.Channel?.ToString(), channel.ToString()));
            facts.Channel = channel;
        }

        if (patch.AdditionalData is { } data && Merged(facts.AdditionalData, data, index) is var merged && merged != facts.AdditionalData)
        {
            changes.Add(("additionalData", JsonNode.Parse(facts.AdditionalData), JsonNode.Parse(merged)));
            facts.AdditionalData = merged;
        }

        if (WorkersAfter(facts.WorkedOnBy, patch, actor) is var workers && !workers.SequenceEqual(facts.WorkedOnBy))
        {
            changes.Add(("workedOnBy", facts.WorkedOnBy, workers));
            facts.WorkedOnBy = workers;
        }

        if (changes.Count > 0)
        {
            db.Activity.Add(ActivityEntry.Of(ActivityKind.TicketFactsChanged, actor, origin, clock, ticket.MailboxId, ticket.Id, changes: [.. changes]));
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    public static async Task KeepRawAsync(EnneoDbContext db, long messageId, string? rawData, CancellationToken cancellationToken)
    {
        if (rawData is not null && !await db.Set<MessageFacts>().AnyAsync(f => f.MessageId == messageId, cancellationToken))
        {
            db.Add(new MessageFacts { MessageId = messageId, RawData = rawData });
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    private static List<long> WorkersAfter(List<long> before, TicketPatch patch, Actor actor)
    {
        var workers = patch.WorkedOnBy ?? before;
        return [.. patch.IsWork && actor.UserId is { } worker ? workers.Append(worker).Distinct() : workers.Distinct()];
    }

    /// <summary>Keys that are named replace those of before, null takes one away (RFC 7396, of the first level).</summary>
    private static string Merged(string before, string patch, int index)
    {
        var data = JsonNode.Parse(before)!.AsObject();
        foreach (var (key, value) in JsonNode.Parse(patch)!.AsObject())
        {
            data.Remove(key);
            if (value is not null)
            {
                data[key] = value.DeepClone();
            }
        }

        var merged = data.ToJsonString(s_asWritten);
        return merged.Length <= TicketFacts.MaxData ? merged : throw PatchRefusedException.Of(index, "additionalData", IntegrationText.DataTooLong);
    }
}
