using System.Text.Json;
using System.Text.Json.Serialization;
using Enneo.Core.Spam.Model;

namespace Enneo.Core.Spam;

/// <summary>The model's reasons, as they are stored beside its verdict: for spam first, the strongest first.</summary>
public static class SpamReasons
{
    private static readonly JsonSerializerOptions s_json = new() { Converters = { new JsonStringEnumConverter() } };

    public static string ToJson(Judgement judgement) => JsonSerializer.Serialize(judgement.For.Concat(judgement.Against), s_json);

    /// <returns>Empty where they were written by a version that knew other reasons.</returns>
    public static IReadOnlyList<Reason> Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<List<Reason>>(json, s_json) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
