using Enneo.Core.Data;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Core.Notes;

internal static class NotesServices
{
    public static IServiceCollection AddNotes(this IServiceCollection services) => services
        .AddSingleton<NoteComposing>()
        .AddSingleton(provider => new NoteWriting(
            provider.GetRequiredService<IDbContextFactory<EnneoDbContext>>(),
            provider.GetRequiredService<WriterLane>(),
            provider.GetRequiredService<NoteComposing>(),
            provider.GetRequiredService<DraftUploads>(),
            provider.GetRequiredService<TicketRemoval>(),
            provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => new NoteChanging(
            provider.GetRequiredService<IDbContextFactory<EnneoDbContext>>(),
            provider.GetRequiredService<WriterLane>(),
            provider.GetRequiredService<NoteComposing>(),
            provider.GetRequiredService<Drafts>(),
            provider.GetRequiredService<DraftUploads>(),
            provider.GetRequiredService<MessageReader>(),
            provider.GetRequiredService<TimeProvider>()));
}
