using System.Globalization;
using Enneo.Core.Mailboxes;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>One line of the navigation: a list, a mailbox or a folder.</summary>
public sealed partial class NavigationEntry : ComponentBase
{
    /// <summary>Where it leads.</summary>
    [Parameter, EditorRequired]
    public required InboxView View { get; set; }

    /// <summary>What is shown now.</summary>
    [Parameter, EditorRequired]
    public required InboxView Current { get; set; }

    [Parameter, EditorRequired]
    public required string Name { get; set; }

    [Parameter]
    public IconName Icon { get; set; }

    /// <summary>Where it leads to a mailbox, which has a colour and a state instead of an icon.</summary>
    [Parameter]
    public MailboxListing? Mailbox { get; set; }

    /// <summary>Where it leads to a tag, which has a colour instead of an icon.</summary>
    [Parameter]
    public TagListing? Tag { get; set; }

    [Parameter]
    public int Count { get; set; }

    /// <summary>Only what nobody has read is counted.</summary>
    [Parameter]
    public bool CountsUnread { get; set; }

    /// <summary>How many folders stand above it.</summary>
    [Parameter]
    public int Depth { get; set; }

    private bool Selected => (Current.MailboxId, Current.FolderId, Current.TagId, Current.Drafts) == (View.MailboxId, View.FolderId, View.TagId, View.Drafts)
        && (Current.View == View.View || (Mailbox is not null && Current.View is TicketView.Closed));

    private bool InTrouble => Mailbox?.State is MailboxState.SignInAgain or MailboxState.Error;

    /// <summary>In words, when it is not simply fine.</summary>
    private string? State => Mailbox switch
    {
        null => null,
        { State: MailboxState.SignInAgain } => InboxText.SignInAgain,
        { State: MailboxState.Error } => InboxText.NotReached,
        { State: MailboxState.Paused } => InboxText.Paused,
        { ProgressTotal: > 0 } progress => Words(InboxText.PercentHere, 100L * progress.ProgressDone / progress.ProgressTotal),
        _ => null,
    };

    private static string Words(string format, long number) => string.Format(CultureInfo.CurrentCulture, format, number);
}
