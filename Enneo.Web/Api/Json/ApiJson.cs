using System.Text.Json;
using System.Text.Json.Serialization;

namespace Enneo.Web.Api.Json;

/// <summary>How the API reads and writes JSON: camelCase, words for enums, instants in ISO 8601 and UTC.</summary>
internal static class ApiJson
{
    /// <summary>For what comes in: what nobody knows is refused, so that a slip of the pen is not lost.</summary>
    public static readonly JsonSerializerOptions Reading = Create(JsonUnmappedMemberHandling.Disallow);

    /// <summary>The same, without what nobody knows.</summary>
    public static readonly JsonSerializerOptions ReadingKnown = Create(JsonUnmappedMemberHandling.Skip);

    /// <summary>For what goes out, and for the description of both.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new InstantConverter());
        options.Converters.Add(new WordConverterFactory());
        options.Converters.Add(new GivenConverterFactory());
    }

    private static JsonSerializerOptions Create(JsonUnmappedMemberHandling unknown)
    {
        JsonSerializerOptions options = new(JsonSerializerDefaults.Web)
        {
            PropertyNameCaseInsensitive = false,
            UnmappedMemberHandling = unknown,
            MaxDepth = 32,
            AllowDuplicateProperties = false,
        };
        Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
