using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Enneo.Web.Api.Json;

namespace Enneo.Web.Api;

/// <param name="Path">Such as <c>attachments[0].mime</c>.</param>
/// <param name="IsSlip">It is one that there is, but for upper case, underscores or hyphens: it was meant, and must not be left out.</param>
internal sealed record UnknownField(string Path, bool IsSlip);

/// <summary>Fields of a body that nobody reads.</summary>
internal static class UnknownFields
{
    public static IReadOnlyList<UnknownField> Of(ReadOnlyMemory<byte> json, Type type)
    {
        using var document = JsonDocument.Parse(json);
        List<UnknownField> found = [];
        Add(document.RootElement, type, "", found);
        return found;
    }

    private static void Add(JsonElement json, Type type, string path, List<UnknownField> found)
    {
        var known = ApiJson.Reading.GetTypeInfo(type);
        switch (json.ValueKind, known.Kind)
        {
            case (JsonValueKind.Object, JsonTypeInfoKind.Object):
                foreach (var field in json.EnumerateObject())
                {
                    AddField(field, known, path.Length == 0 ? field.Name : $"{path}.{field.Name}", found);
                }

                break;
            case (JsonValueKind.Array, JsonTypeInfoKind.Enumerable):
                foreach (var (index, item) in json.EnumerateArray().Index())
                {
                    Add(item, known.ElementType!, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), found);
                }

                break;
        }
    }

    private static void AddField(JsonProperty field, JsonTypeInfo known, string path, List<UnknownField> found)
    {
        if (known.Properties.FirstOrDefault(property => property.Name == field.Name) is { } property)
        {
            Add(field.Value, property.PropertyType, path, found);
        }
        else
        {
            found.Add(new UnknownField(path, known.Properties.Any(one => Plain(one.Name).Equals(Plain(field.Name), StringComparison.OrdinalIgnoreCase))));
        }
    }

    private static string Plain(string name) => string.Concat(name.Where(character => character is not ('_' or '-')));
}
