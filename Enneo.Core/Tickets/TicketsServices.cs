using Enneo.Core.Tickets.Editing;
using Enneo.Core.Tickets.Snoozing;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Core.Tickets;

internal static class TicketsServices
{
    public static IServiceCollection AddTickets(this IServiceCollection services) => services
        .AddSingleton<TicketTokens>()
        .AddSingleton<TicketIntake>()
        .AddSingleton<TicketRemoval>()
        .AddSingleton<TicketOpening>()
        .AddSingleton<TicketQueries>()
        .AddSingleton<PersonTickets>()
        .AddSingleton<ReadState>()
        .AddSingleton<MessageFiling>()
        .AddSingleton<WaitingChanges>()
        .AddSingleton<TicketEditing>()
        .AddSingleton<TicketRegrouping>()
        .AddSingleton<TicketFiling>()
        .AddSingleton<Archiving>()
        .AddSingleton<TrashErasing>()
        .AddSingleton<SnoozedTickets>()
        .AddSingleton<SnoozeScheduler>()
        .AddHostedService(provider => provider.GetRequiredService<SnoozeScheduler>())
        .AddHostedService<ClosingArchives>();
}
