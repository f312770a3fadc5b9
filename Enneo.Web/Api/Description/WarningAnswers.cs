using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Enneo.Web.Api.Description;

/// <summary>What answers to a body may say besides: see <see cref="WarnedResult"/>, which no type of theirs knows.</summary>
internal static class WarningAnswers
{
    private const string Example = """["There is no field \"brand\": it was not read."]""";

    public static Task Add(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var answer in document.Paths.Where(path => !path.Key.Contains("/hook/", StringComparison.Ordinal)).SelectMany(path => path.Value.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>())
            .Where(operation => operation.RequestBody is not null)
            .SelectMany(operation => operation.Responses ?? [])
            .Where(answer => answer.Key.StartsWith('2')))
        {
            if (answer.Value.Content?.TryGetValue("application/json", out var json) is true && json.Schema is OpenApiSchemaReference { Reference.Id: { } id }
                && document.Components?.Schemas?.TryGetValue(id, out var schema) is true && schema is OpenApiSchema { Properties: { } properties })
            {
                properties[WarnedResult.Field] = Warnings();
            }
        }

        return Task.CompletedTask;
    }

    private static OpenApiSchema Warnings() => new()
    {
        Type = JsonSchemaType.Array,
        Description = ApiText.DescribesWarnings,
        Items = new OpenApiSchema { Type = JsonSchemaType.String },
#pragma warning disable CS0618 // what is served is OpenAPI 3.0, which knows no "examples" here
        Example = JsonNode.Parse(Example),
#pragma warning restore CS0618
    };
}
