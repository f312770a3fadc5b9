using System.Globalization;
using System.Text.Json;
using Enneo.Core.Activity;

namespace Enneo.Web.Activity;

/// <summary>The fields of an entry, read back from its JSON.</summary>
internal sealed class AuditChanges(ActivityEntry entry)
{
    private readonly Dictionary<string, JsonElement[]> _fields = JsonSerializer.Deserialize<Dictionary<string, JsonElement[]>>(entry.Changes) ?? [];

    public IEnumerable<string> Fields => _fields.Keys;

    public string? Old(string field) => Read(field, 0);

    public string? New(string field) => Read(field, 1);

    public long? Id(string field) => long.TryParse(New(field), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    private string? Read(string field, int index) =>
        _fields.TryGetValue(field, out var values) && values.Length > index && values[index].ValueKind != JsonValueKind.Null ? values[index].ToString() : null;
}
