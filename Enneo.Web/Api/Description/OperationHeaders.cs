using Microsoft.OpenApi;

namespace Enneo.Web.Api.Description;

/// <summary>What requests may say in their headers.</summary>
internal static class OperationHeaders
{
    private const string Ticket = "/ticket/{id}";

    public static void Add(OpenApiOperation operation, string verb, string path)
    {
        foreach (var (name, words) in Of(verb, path))
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter { Name = name, In = ParameterLocation.Header, Description = words, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
        }
    }

    private static IEnumerable<(string Name, string Words)> Of(string verb, string path) => (verb, path) switch
    {
        ("POST", "/hook/{id}") => [],
        ("POST", _) => [(KeyedRequestFilter.Header, ApiText.DescribesIdempotency)],
        ("PATCH", Ticket) => [("If-Match", ApiText.DescribesIfMatch)],
        ("PUT" or "DELETE", "/tag/{id}") => [("If-Match", ApiText.DescribesIfMatchOfTag)],
        ("GET", Ticket or "/tag/{id}") => [("If-None-Match", ApiText.DescribesIfNoneMatch)],
        _ => [],
    };
}
