using System.Text.Json;
using System.Text.Json.Serialization;
using Enneo.Core.Integrations.Search;

namespace Enneo.Web.Api.Json;

/// <summary>Takes ISO 8601, <c>YYYY-MM-DD HH:MM:SS</c> in UTC and Unix seconds; writes ISO 8601 in UTC.</summary>
internal sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetInt64(out var seconds) && FieldValue.TryUnix(seconds, out var instant) => instant,
        JsonTokenType.String when FieldValue.TryInstant(reader.GetString()!, out var instant) => instant,
        _ => throw new JsonException(ApiText.InstantWrong),
    };

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value.UtcDateTime);
}
