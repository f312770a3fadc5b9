using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Enneo.Web.Demo;

internal static class DemoServices
{
    public static IServiceCollection AddDemo(this IServiceCollection services) => services
        .AddSingleton<DemoDesk>()
        .AddSingleton<DemoContents>()
        .AddSingleton<DemoArrivals>()
        .AddHostedService(provider => provider.GetRequiredService<DemoArrivals>())
        .AddScoped<CircuitHandler, DemoVisit>();
}
