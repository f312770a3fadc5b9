using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Core.Data;

/// <summary>
/// ASP.NET Core Identity reads the version of its tables from the options of the context's
/// application services; without them it silently falls back to version 1, which has no passkeys.
/// </summary>
internal static class IdentitySchema
{
    public static readonly IServiceProvider Services = new ServiceCollection()
        .Configure<IdentityOptions>(Configure)
        .BuildServiceProvider();

    public static void Configure(IdentityOptions options) => options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
}
