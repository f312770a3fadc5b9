using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Web.Inbox;

namespace Enneo.Tests.Inbox;

/// <summary>What a screen is told.</summary>
internal static class Changes
{
    public static InboxChanges Of(InboxStore store, long ticketId)
    {
        InboxChanges changes = new();
        changes.Add(ActivityEntry.Of(ActivityKind.MessageReceived, Actor.MailServer, "test", store.Clock, ticketId: ticketId), Reach.All, store.AgentId);
        return changes;
    }
}
