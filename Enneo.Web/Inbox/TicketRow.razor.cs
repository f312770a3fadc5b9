using System.Globalization;
using Enneo.Core.Mailboxes;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using Enneo.Web.Spam;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>A conversation in the list: a link in two lines, a box to pick it, and what is done most.</summary>
public sealed partial class TicketRow(BrowserTime time, InboxActions actions) : ComponentBase
{
    /// <summary>Of more there is only the number: the subject needs the room.</summary>
    private const int MostTags = 2;

    private (TicketSummary?, string?, bool, string?, string?, bool, DateOnly, SpamRow?) _shown;
    private IReadOnlyList<TagListing> _tags = [];
    private bool _changed = true;

    [Parameter, EditorRequired]
    public required TicketSummary Ticket { get; set; }

    [Parameter, EditorRequired]
    public required string Href { get; set; }

    [Parameter]
    public bool Selected { get; set; }

    /// <summary>Which mailbox it lies in, where the list shows several.</summary>
    [Parameter]
    public string? MailboxName { get; set; }

    /// <summary>Who takes care of it.</summary>
    [Parameter]
    public string? AssigneeName { get; set; }

    [Parameter]
    public IReadOnlyList<TagListing> Tags { get; set; } = [];

    /// <summary>Among spam: why it lies there.</summary>
    [Parameter]
    public SpamRow? Hidden { get; set; }

    [Parameter]
    public bool Picked { get; set; }

    /// <summary>Its box was pressed; true to pick all between it and the one before.</summary>
    [Parameter]
    public EventCallback<bool> PickedChanged { get; set; }

    private bool IsClosed => Ticket.Status is TicketStatus.Closed;

    private string CloseWords => IsClosed ? InboxText.ReopenAction : InboxText.CloseAction;

    private string StarWords => Ticket.IsStarred ? InboxText.Unstar : InboxText.Star;

    private string PickWords => string.Format(CultureInfo.CurrentCulture, InboxText.PickConversation, People, Subject);

    private string AssigneeWords => string.Format(CultureInfo.CurrentCulture, InboxText.AssignedTo, AssigneeName);

    private string People => Ticket.People.Length > 0 ? Ticket.People : InboxText.UnknownSender;

    private string Subject => Ticket.Subject.Length > 0 ? Ticket.Subject : InboxText.NoSubject;

    private string When => Ticket.ListedAt > Ticket.LastMessageAt
        ? string.Format(CultureInfo.CurrentCulture, InboxText.CameBack, time.Full(Ticket.ListedAt), time.Full(Ticket.LastMessageAt))
        : time.Full(Ticket.LastMessageAt);

    private string? Dot => MailboxName is null ? null : MailboxColour.Of(Ticket.MailboxId);

    private string MessagesTitle => string.Format(CultureInfo.CurrentCulture, InboxText.MessageCount, Ticket.MessageCount);

    protected override void OnParametersSet()
    {
        var now = (Ticket, Href, Selected, MailboxName, AssigneeName, Picked, time.Today, Hidden);
        _changed = _shown != now || !_tags.SequenceEqual(Tags);
        (_shown, _tags) = (now, Tags);
    }

    /// <summary>A list of hundreds renders only the rows that changed.</summary>
    protected override bool ShouldRender() => _changed;

    private Task CloseAsync() => actions.SetStatusAsync([Ticket.Id], IsClosed ? TicketStatus.Open : TicketStatus.Closed);

    private Task StarAsync() => actions.StarAsync([Ticket.Id], !Ticket.IsStarred);

    private Task CallCleanAsync() => actions.MarkSpamAsync([Ticket.Id], isSpam: false);

    private Task DeleteAsync() => actions.MoveAsync([Ticket.Id], FolderRole.Trash);
}
