using System.Text.Json;
using System.Text.Json.Serialization;
using Enneo.Core.Processing;
using Enneo.Web.Api;

namespace Enneo.Web.Tickets;

/// <summary>When a mail is analysed: <c>realtime</c>, before it is answered; <c>batch</c>, in its turn; <c>false</c>, not at all.</summary>
[JsonConverter(typeof(ProcessChoiceConverter))]
internal enum ProcessChoice
{
    Batch,
    Realtime,
    False,
}

internal static class ProcessChoices
{
    public static readonly IReadOnlyDictionary<string, ProcessChoice> Words = new Dictionary<string, ProcessChoice>
    {
        ["realtime"] = ProcessChoice.Realtime,
        ["batch"] = ProcessChoice.Batch,
        ["false"] = ProcessChoice.False,
    };

    public static ProcessingPace ToPace(this ProcessChoice choice) => choice switch
    {
        ProcessChoice.Realtime => ProcessingPace.Realtime,
        ProcessChoice.False => ProcessingPace.Never,
        _ => ProcessingPace.Batch,
    };
}

/// <summary>Takes the JSON value false besides the words.</summary>
internal sealed class ProcessChoiceConverter : JsonConverter<ProcessChoice>
{
    public override ProcessChoice Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.False => ProcessChoice.False,
        JsonTokenType.String when ProcessChoices.Words.TryGetValue(reader.GetString()!, out var choice) => choice,
        _ => throw new JsonException(MailRules.Say(ApiText.WordUnknown, string.Join(", ", ProcessChoices.Words.Keys))),
    };

    public override void Write(Utf8JsonWriter writer, ProcessChoice value, JsonSerializerOptions options) => writer.WriteStringValue(ProcessChoices.Words.First(pair => pair.Value == value).Key);
}
