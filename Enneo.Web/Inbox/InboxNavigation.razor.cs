using Enneo.Core.Mailboxes;
using Enneo.Core.Tickets;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>All inboxes and each mailbox, with what is unread and how they are doing.</summary>
public sealed partial class InboxNavigation : ComponentBase
{
    [Parameter, EditorRequired]
    public required InboxView View { get; set; }

    /// <summary>Null while they are being read.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<MailboxListing>? Mailboxes { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<MailboxCounts> Counts { get; set; }

    private static InboxView Entry(long? mailboxId) => new(mailboxId);

    private int Sum(Func<MailboxCounts, int> count) => Counts.Sum(count);
}
