using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Core.Tickets;

internal static class TicketsServices
{
    public static IServiceCollection AddTickets(this IServiceCollection services) => services
        .AddSingleton<TicketTokens>()
        .AddSingleton<TicketIntake>()
        .AddSingleton<TicketRemoval>()
        .AddSingleton<TicketQueries>()
        .AddSingleton<ReadState>()
        .AddSingleton<MessageFiling>()
        .AddHostedService<ClosingArchives>();
}
