using System.Globalization;
using Enneo.Core.Mailboxes;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>One line of the navigation; the selected one shows its open and closed conversations.</summary>
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

    /// <summary>Null for all inboxes together.</summary>
    [Parameter]
    public MailboxListing? Mailbox { get; set; }

    [Parameter]
    public int Unread { get; set; }

    [Parameter]
    public int Open { get; set; }

    [Parameter]
    public int Closed { get; set; }

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

    private static string Grouped(int number) => number.ToString("N0", CultureInfo.CurrentCulture);
}
