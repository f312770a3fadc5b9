using Enneo.Core.Activity;
using Enneo.Core.Spam;

namespace Enneo.Tests.Access;

internal static partial class AccessCases
{
    /// <summary>Into folders.</summary>
    private static IEnumerable<AccessCase> OfFiling =>
    [
        One<JunkFiling>("MoveToFolderAsync", (f, who, it) => f.MoveToFolderAsync([it.TicketId], it.FolderId, who.Actor, Origin, Cancel)),
        new OneCase("JunkFiling.UndoAsync", async (house, who, it) =>
        {
            var done = await house.Get<JunkFiling>().MoveToFolderAsync([it.TicketId], it.FolderId, Actor.System, Origin, Cancel);
            return await Nothing(house.Get<JunkFiling>().UndoAsync(done, who.Actor, Origin, Cancel));
        }),
    ];
}
