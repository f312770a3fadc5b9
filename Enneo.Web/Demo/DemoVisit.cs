using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Enneo.Web.Demo;

/// <summary>Notices that somebody opened the inbox.</summary>
internal sealed class DemoVisit(DemoArrivals arrivals) : CircuitHandler
{
    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        arrivals.Visited();
        return Task.CompletedTask;
    }
}
