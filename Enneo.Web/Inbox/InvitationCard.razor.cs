using System.Globalization;
using Enneo.Core.Messages.Calendar;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>What a mail asks to put into the calendar, in the reader's time.</summary>
public sealed partial class InvitationCard(BrowserTime time) : ComponentBase
{
    [Parameter, EditorRequired]
    public long MessageId { get; set; }

    [Parameter, EditorRequired]
    public required Invitation Invitation { get; set; }

    private string Kind => Invitation.Kind switch
    {
        InvitationKind.Request => InboxText.InvitationRequest,
        InvitationKind.Accepted => InboxText.InvitationAccepted,
        InvitationKind.Declined => InboxText.InvitationDeclined,
        InvitationKind.Tentative => InboxText.InvitationTentative,
        InvitationKind.Cancelled => InboxText.InvitationCancelled,
        _ => InboxText.CalendarEvent,
    };

    private string When => Invitation.IsAllDay ? Days : Invitation.End is { } end && end > Invitation.Start ? $"{time.Full(Invitation.Start)} – {Until(end)}" : time.Full(Invitation.Start);

    /// <summary>The end of days is the day after the last one (RFC 5545, section 3.6.1).</summary>
    private string Days => Invitation.End is { } end && end.AddDays(-1) > Invitation.Start ? $"{Day(Invitation.Start)} – {Day(end.AddDays(-1))}" : Day(Invitation.Start);

    private string Until(DateTimeOffset end) => time.Day(end) == time.Day(Invitation.Start)
        ? TimeZoneInfo.ConvertTime(end, time.Zone).ToString("HH:mm", CultureInfo.CurrentCulture)
        : time.Full(end);

    private static string Day(DateTimeOffset day) => day.ToString("dddd, d MMMM yyyy", CultureInfo.CurrentCulture);
}
