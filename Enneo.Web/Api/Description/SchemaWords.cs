using System.Text.Json.Nodes;
using Enneo.Core.Integrations;
using Enneo.Web.Api.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Enneo.Web.Api.Description;

/// <summary>Says of the types with a converter of ours what their JSON is like, which nothing else knows.</summary>
internal static class SchemaWords
{
    public static Task Correct(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        Describe(schema, context.JsonTypeInfo.Type);
        return Task.CompletedTask;
    }

    private static void Describe(OpenApiSchema schema, Type type)
    {
        var known = Nullable.GetUnderlyingType(type) ?? type;
        var isNullable = known != type;
        if (known.IsGenericType && known.GetGenericTypeDefinition() == typeof(Given<>))
        {
            Describe(schema, known.GenericTypeArguments[0]);
            schema.Type |= JsonSchemaType.Null;
        }
        else if (known.IsEnum)
        {
            schema.Type = JsonSchemaType.String | (isNullable ? JsonSchemaType.Null : 0);
            schema.Enum = [.. WordConverterFactory.WordsOf(known).Select(word => (JsonNode)JsonValue.Create(word))];
        }
        else if (known == typeof(DateTimeOffset))
        {
            schema.Type = JsonSchemaType.String | (isNullable ? JsonSchemaType.Null : 0);
            schema.Format = "date-time";
        }
        else if (schema.Type is null && known == typeof(long))
        {
            (schema.Type, schema.Format) = (JsonSchemaType.Integer | (isNullable ? JsonSchemaType.Null : 0), "int64");
        }
        else if (schema.Type is null && known == typeof(string))
        {
            schema.Type = JsonSchemaType.String;
        }
        else if (schema is { Type: { } kind, Items: null } && kind.HasFlag(JsonSchemaType.Array))
        {
            OpenApiSchema items = new();
            Describe(items, known.GetElementType() ?? known.GenericTypeArguments[0]);
            schema.Items = items;
        }
    }
}
