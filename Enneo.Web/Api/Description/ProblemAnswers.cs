using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Enneo.Web.Api.Description;

/// <summary>What is answered where something is wrong: one shape for all of it.</summary>
internal static class ProblemAnswers
{
    public const string Name = "Problem";

    private const string Type = "application/problem+json";

    private static readonly (string Status, string Words, string Example)[] s_all =
    [
        ("400", ApiText.Describes400, """{"title":"Bad Request","status":400,"detail":"Some fields are not right: \"errors\" names them.","errors":{"from":["These are addresses such as anna@example.com, at most 200."]}}"""),
        ("401", ApiText.Describes401, """{"title":"Unauthorized","status":401,"detail":"This key is not right, or was revoked. It goes like this: \"Authorization: Bearer KEY\"."}"""),
        ("403", ApiText.Describes403, """{"title":"Forbidden","status":403,"detail":"The key has not the scope that this needs: write."}"""),
        ("404", ApiText.Describes404, """{"title":"Not Found","status":404,"detail":"There is no such thing, or not for you."}"""),
    ];

    private static readonly (string Status, string Words, string Example)[] s_ofBodies =
    [
        ("413", ApiText.Describes413, """{"title":"Payload Too Large","status":413,"detail":"The body cannot be read, or is too large."}"""),
        ("415", ApiText.Describes415, """{"title":"Unsupported Media Type","status":415,"detail":"The body is JSON: send \"Content-Type: application/json\"."}"""),
        ("422", ApiText.Describes422, """{"title":"Unprocessable Entity","status":422,"detail":"Some fields are not right: \"errors\" names them.","errors":{"tagIds":["There is no tag 4, or it does not apply to the mailbox of this ticket."]}}"""),
    ];

    public static OpenApiSchema Schema() => new()
    {
        Type = JsonSchemaType.Object,
        Description = ApiText.DescribesProblem,
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
            ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
            },
            ["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String },
        },
    };

    public static void Add(OpenApiOperation operation, string verb, string path, OpenApiDocument? document)
    {
        operation.Responses ??= [];
        foreach (var (status, words, example) in Of(operation, verb, path))
        {
            operation.Responses[status] = new OpenApiResponse
            {
                Description = words,
                Content = new Dictionary<string, OpenApiMediaType> { [Type] = new() { Schema = new OpenApiSchemaReference(Name, document), Example = JsonNode.Parse(example) } },
            };
        }

        if (verb == "GET" && path == "/ticket/{id}")
        {
            operation.Responses["304"] = new OpenApiResponse { Description = ApiText.Describes304 };
        }
    }

    private static IEnumerable<(string Status, string Words, string Example)> Of(OpenApiOperation operation, string verb, string path)
    {
        var answers = s_all.Concat(operation.RequestBody is null ? [] : s_ofBodies);
        if (verb == "POST" || (verb != "GET" && path.EndsWith("/conversation/{cid}", StringComparison.Ordinal)))
        {
            answers = answers.Append(("409", ApiText.Describes409, """{"title":"Conflict","status":409,"detail":"The first request with this Idempotency-Key still runs. Ask again for its answer."}"""));
        }

        answers = answers.Append(("503", ApiText.Describes503, """{"title":"Service Unavailable","status":503,"detail":"The database is busy. Nothing was done; the header Retry-After says in how many seconds to ask again."}"""));
        if (path == "/changes")
        {
            answers = answers.Append(("410", ApiText.Describes410, """{"title":"Gone","status":410,"errors":{"since":["What happened after this cursor is no longer kept. Read your tickets anew, and then go on from 4711."]}}"""));
        }

        if (verb == "PATCH" && path == "/ticket/{id}")
        {
            answers = answers.Append(("412", ApiText.Describes412, """{"title":"Precondition Failed","status":412,"detail":"The ticket was changed meanwhile."}"""));
        }

        if (verb is "PUT" or "DELETE" && path == "/tag/{id}")
        {
            answers = answers.Append(("412", ApiText.Describes412, """{"title":"Precondition Failed","status":412,"detail":"It was changed meanwhile."}"""));
        }

        return answers.Append(("429", ApiText.Describes429, """{"title":"Too Many Requests","status":429,"detail":"Too many requests. The header Retry-After says in how many seconds to go on."}""")).OrderBy(answer => answer.Item1, StringComparer.Ordinal);
    }
}
