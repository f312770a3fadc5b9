using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Integrations;

namespace Enneo.Web.Activity.Changes;

/// <summary>Something that happened.</summary>
/// <param name="Sequence">Ascending in commit order.</param>
/// <param name="Actor"><c>user</c>, <c>key</c>, <c>system</c>, <c>mailServer</c> or <c>operator</c>.</param>
/// <param name="UserId">The person who did it, or the account of the key that did.</param>
/// <param name="Name">What that is called now.</param>
/// <param name="KeyId">The key by which it was done.</param>
/// <param name="Origin">The door by which it came: <c>web</c>, <c>api</c>, <c>sync</c>, <c>command</c> or a job's.</param>
/// <param name="Changes">By field what it was and what it is.</param>
internal sealed record ChangeResponse(
    long Sequence,
    DateTimeOffset At,
    string Event,
    long? SubchannelId,
    long? TicketId,
    long? ConversationId,
    string Actor,
    long? UserId,
    string? Name,
    long? KeyId,
    string Origin,
    JsonElement Changes)
{
    public static async Task<IReadOnlyList<ChangeResponse>> OfAsync(IReadOnlyList<ActivityEntry> entries, ActorNames names, CancellationToken cancellationToken)
    {
        var actors = entries.Select(entry => entry.ActorUserId).OfType<long>().ToHashSet();
        var known = actors.Count == 0 ? new Dictionary<long, string>() : await names.FindAsync(actors, cancellationToken);
        return [.. entries.Select(entry => Of(entry, entry.ActorUserId is { } id ? known.GetValueOrDefault(id) : null))];
    }

    private static ChangeResponse Of(ActivityEntry entry, string? name) => new(
        entry.Sequence,
        entry.At,
        JsonNamingPolicy.CamelCase.ConvertName(entry.Kind.ToString()),
        entry.MailboxId,
        entry.TicketId,
        entry.MessageId,
        ChangeWords.ActorOf(entry),
        entry.ActorUserId,
        name,
        entry.ApiKeyId,
        entry.Origin,
        JsonSerializer.SerializeToElement(ChangeWords.Of(entry)));
}

/// <param name="Cursor">From where to read on.</param>
/// <param name="HasMore">There is more already: ask again at once.</param>
internal sealed record ChangesAnswer(bool Success, IReadOnlyList<ChangeResponse> Changes, long Cursor, bool HasMore);

internal sealed record ActivityAnswer(bool Success, IReadOnlyList<ChangeResponse> Activity);
