using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Enneo.Web.Api.Json;

/// <summary>Enums as camelCase words, which names what is allowed where another word comes.</summary>
internal sealed class WordConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum && !Attribute.IsDefined(typeToConvert, typeof(JsonConverterAttribute)); // that one knows better

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(WordConverter<>).MakeGenericType(typeToConvert))!;

    public static IEnumerable<string> WordsOf(Type type) => Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName);

    private sealed class WordConverter<T> : JsonConverter<T>
        where T : struct, Enum
    {
        private static readonly Dictionary<string, T> s_values = Enum.GetValues<T>().ToDictionary(value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));

        /// <summary>What need not be said may be null, as generated clients write it.</summary>
        public override bool HandleNull => true;

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.Null ? default
                : reader.TokenType is JsonTokenType.String && s_values.TryGetValue(reader.GetString()!, out var value)
                ? value
                : throw new JsonException(string.Format(CultureInfo.InvariantCulture, ApiText.WordUnknown, string.Join(", ", s_values.Keys)));

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));
    }
}
