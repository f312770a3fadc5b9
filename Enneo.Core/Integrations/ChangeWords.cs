using System.Text.Json;
using System.Text.Json.Nodes;
using Enneo.Core.Activity;
using Enneo.Core.Tickets;

namespace Enneo.Core.Integrations;

/// <summary>What programs call what changed: the words of the API in place of those of the log.</summary>
public static class ChangeWords
{
    /// <returns>By field what it was and what it is.</returns>
    public static JsonObject Of(ActivityEntry entry)
    {
        var changes = JsonNode.Parse(entry.Changes)!.AsObject();
        foreach (var (field, values) in changes)
        {
            if (values is not JsonArray { Count: 2 } pair || WordOf(field) is not { } word)
            {
                continue;
            }

            for (var i = 0; i < pair.Count; i++)
            {
                if (pair[i] is JsonValue value && value.GetValueKind() is JsonValueKind.String)
                {
                    pair[i] = word(value.GetValue<string>());
                }
            }
        }

        return changes;
    }

    /// <summary>Whoever did it: a key of a program, or what else acts.</summary>
    public static string ActorOf(ActivityEntry entry) => entry.ApiKeyId is not null ? "key" : JsonNamingPolicy.CamelCase.ConvertName(entry.ActorKind.ToString());

    private static Func<string, string>? WordOf(string field) => field switch
    {
        "status" or "state" or "priority" or "mode" or "source" or "direction" or "automatic" or "place" => JsonNamingPolicy.CamelCase.ConvertName,
        "spamStatus" => name => Enum.TryParse<SpamStatus>(name, out var status) ? TicketWords.Of(status)! : name,
        _ => null,
    };
}
