using System.Globalization;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Enneo.Web.Api.Description;

/// <summary>The description of the API, made from the running code, and a page to try it, which needs nothing from elsewhere.</summary>
internal static class ApiDescription
{
    private const string Document = "v1";
    private const string Scheme = "key";
    private const string Json = "application/json";

    /// <summary>The page brings a script within it. It shows our own description and nothing that strangers wrote.</summary>
    private const string Policy =
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
        "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'";

    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi(Document, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_0;
        options.ShouldInclude = endpoint => endpoint.RelativePath?.StartsWith(Urls.ApiBase[1..], StringComparison.Ordinal) is true;
        options.AddDocumentTransformer(Introduce);
        options.AddDocumentTransformer(WarningAnswers.Add);
        options.AddOperationTransformer(Describe);
        options.CreateSchemaReferenceId = json => (Nullable.GetUnderlyingType(json.Type) ?? json.Type).IsEnum ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(json); // words stand where they are used: generators stumble over "null or one of those"
        options.AddSchemaTransformer(SchemaWords.Correct);
    });

    /// <summary>For whoever has a key, or is signed in.</summary>
    public static void MapApiDescription(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi(Urls.ApiDescription).RequireAuthorization(
            new AuthorizationPolicyBuilder(ApiKeyAuthentication.KeyOrSession).RequireAuthenticatedUser().Build());
        routes.MapScalarApiReference(Urls.ApiDocs, page => page
                .WithTitle("Enneo API")
                .WithOpenApiRoutePattern(Urls.ApiDescription)
                .DisableDefaultFonts()
                .DisableTelemetry()
                .DisableAgent()
                .DisableMcp()
                .HideDeveloperTools()
                .HideClientButton())
            .WithMetadata(new ContentPolicy(Policy))
            .RequireAuthorization();
    }

    private static Task Introduce(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo { Title = "Enneo API", Version = "1", Description = ApiText.Introduction };
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = ApiText.KeyMissing },
        };
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas[ProblemAnswers.Name] = ProblemAnswers.Schema();
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        return Task.CompletedTask;
    }

    private static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<NeededScope>().FirstOrDefault() is { } needed)
        {
            operation.Description = string.Format(CultureInfo.InvariantCulture, ApiText.NeedsScope, ApiClaims.Word(needed.Scope));
        }

        var verb = context.Description.HttpMethod ?? "GET";
        var path = (context.Description.RelativePath?[(Urls.ApiBase.Length - 1)..] ?? "").Replace(":long}", "}", StringComparison.Ordinal).Replace(":int}", "}", StringComparison.Ordinal).TrimEnd('/');
        operation.OperationId = OperationNames.Of(verb, path);
        DescribeBody(operation, $"{verb} {path}");
        OperationHeaders.Add(operation, verb, path);
        ProblemAnswers.Add(operation, verb, path, context.Document);
        DescribeBytes(operation);
        return Task.CompletedTask;
    }

    private static void DescribeBody(OpenApiOperation operation, string route)
    {
        if (operation.RequestBody?.Content is not { } contents)
        {
            return;
        }

        contents.Remove("*/*"); // taken, to be answered in our words
        if (ApiExamples.Find(route) is { } example && contents.TryGetValue(Json, out var body))
        {
            body.Example = example;
        }

        if (contents.Remove(FormBody.ContentType)) // of two kinds of body, generators of clients make one method that sends neither
        {
            operation.Description += $" {ApiText.DescribesForm}";
        }
    }

    /// <summary>What is no JSON is bytes.</summary>
    private static void DescribeBytes(OpenApiOperation operation)
    {
        foreach (var content in (operation.Responses ?? []).Values.Where(response => response.Content is not null).SelectMany(response => response.Content!)
            .Where(content => !content.Key.EndsWith("json", StringComparison.Ordinal)))
        {
            content.Value.Schema = Bytes();
        }
    }

    private static OpenApiSchema Bytes() => new() { Type = JsonSchemaType.String, Format = "binary" };
}
