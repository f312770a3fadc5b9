using Enneo.Core.Activity;
using Enneo.Core.Notes;
using Enneo.Core.Sending;

namespace Enneo.Tests.Access;

internal static partial class AccessCases
{
    /// <summary>What people write down for one another.</summary>
    private static IEnumerable<AccessCase> OfNotes =>
    [
        One<Drafts>("ListForTicketAsync", (d, who, it) => d.ListForTicketAsync(it.TicketId, who.Id, Cancel)),
        One<NoteWriting>("AddAsync", (n, who, it) => n.AddAsync(it.TicketId, new("Between us"), who.Actor, Origin, Cancel)),
        new OneCase("NoteWriting.AddDraftAsync", async (house, who, it) =>
        {
            var draft = await house.Get<Drafts>().StartNoteAsync(it.LaterMessageId, who.Id, Cancel);
            return await house.Get<NoteWriting>().AddDraftAsync(draft?.Id ?? it.MessageId, who.Actor, Origin, Cancel);
        }),
        new OneCase("NoteChanging.EditAsync", async (house, who, it) => await house.Get<NoteChanging>().EditAsync(await NotedAsync(house, who, it), "Otherwise", who.Actor, Origin, Cancel)),
        new OneCase("NoteWriting.RemoveAsync", async (house, who, it) => await house.Get<NoteWriting>().RemoveAsync(await NotedAsync(house, who, it), who.Actor, Origin, Cancel)),
        new OneCase("NoteWriting.RestoreAsync", async (house, who, it) =>
            await house.Get<NoteWriting>().RemoveAsync(await NotedAsync(house, who, it), Actor.System, Origin, Cancel) is { } removed
            && await house.Get<NoteWriting>().RestoreAsync(removed, who.Actor, Origin, Cancel)),
        new OneCase("NoteChanging.StartAsync", async (house, who, it) => await house.Get<NoteChanging>().StartAsync(await NotedAsync(house, who, it), who.Actor, Cancel)),
        new OneCase("NoteChanging.FinishAsync", async (house, who, it) =>
        {
            var draft = await house.Get<NoteChanging>().StartAsync(await NotedAsync(house, who, it), who.Actor, Cancel);
            return await house.Get<NoteChanging>().FinishAsync(draft?.Id ?? it.MessageId, who.Actor, Origin, Cancel);
        }),
    ];
}
