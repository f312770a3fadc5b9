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

    /// <summary>The page brings a script within it. It shows our own description and nothing that strangers wrote.</summary>
    private const string Policy =
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
        "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'";

    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi(Document, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_0;
        options.ShouldInclude = endpoint => endpoint.RelativePath?.StartsWith(Urls.ApiBase[1..], StringComparison.Ordinal) is true;
        options.AddDocumentTransformer(Introduce);
        options.AddOperationTransformer(Describe);
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
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        return Task.CompletedTask;
    }

    private static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<NeededScope>().FirstOrDefault() is { } needed)
        {
            operation.Description = string.Format(CultureInfo.InvariantCulture, ApiText.NeedsScope, ApiClaims.Word(needed.Scope));
        }

        operation.RequestBody?.Content?.Remove("*/*"); // taken, to be answered in our words
        var route = $"{context.Description.HttpMethod} {context.Description.RelativePath?[(Urls.ApiBase.Length - 1)..].Replace(":long}", "}", StringComparison.Ordinal).TrimEnd('/')}";
        if (ApiExamples.Find(route) is { } example && operation.RequestBody?.Content is { } contents && contents.TryGetValue("application/json", out var body))
        {
            body.Example = example;
        }

        operation.Responses ??= [];
        foreach (var (status, words) in ((string, string)[])
        [
            ("400", ApiText.Describes400), ("401", ApiText.Describes401), ("403", ApiText.Describes403), ("404", ApiText.Describes404), ("422", ApiText.Describes422), ("429", ApiText.Describes429),
        ])
        {
            operation.Responses[status] = new OpenApiResponse { Description = words };
        }

        return Task.CompletedTask;
    }
}
