using System.Text.Json.Serialization;

namespace Enneo.Core.Tags.Detection;

/// <summary>The tags of a conversation as a mail of it came: kept with the record of that step, since conditions on tags saw these.</summary>
public sealed record TagsAsSeen
{
    /// <summary>The name of the step.</summary>
    public const string Step = "tags";

    /// <summary>Null in records from before they were kept.</summary>
    [JsonPropertyName("seen")]
    public IReadOnlyList<long>? Seen { get; init; }

    /// <summary>Those that a person had taken off, which are not given again.</summary>
    [JsonPropertyName("takenOff")]
    public IReadOnlyList<long> TakenOff { get; init; } = [];
}
