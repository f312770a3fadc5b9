using Enneo.Core.Messages.Calendar;

namespace Enneo.Tests.Messages;

public sealed class CalendarTextTests
{
    [Fact]
    public void ARequestSaysWhatWhenWhereAndWho()
    {
        var invitation = Read("""
            BEGIN:VCALENDAR
            METHOD:REQUEST
            BEGIN:VTIMEZONE
            TZID:Europe/Berlin
            BEGIN:STANDARD
            DTSTART:19701025T030000
            END:STANDARD
            END:VTIMEZONE
            BEGIN:VEVENT
            SUMMARY:Lunch\, with
              the team
            DTSTART;TZID=Europe/Berlin:20260304T120000
            DTEND;TZID="Europe/Berlin":20260304T130000
            RRULE:FREQ=SECONDLY
            LOCATION:Room 1
            ORGANIZER;CN="Anna: Kraft":mailto:anna@workshop.example
            BEGIN:VALARM
            SUMMARY:Alarm
            END:VALARM
            END:VEVENT
            END:VCALENDAR
            """);

        Assert.Equal(
            new Invitation(2, InvitationKind.Request, "Lunch, with the team", At("2026-03-04T11:00Z"), At("2026-03-04T12:00Z"), false, true, "Room 1", "Anna: Kraft"),
            invitation! with { Start = invitation.Start.ToUniversalTime(), End = invitation.End!.Value.ToUniversalTime() });
    }

    [Theory]
    [InlineData("METHOD:CANCEL", "", InvitationKind.Cancelled)]
    [InlineData("METHOD:REPLY", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.example", InvitationKind.Accepted)]
    [InlineData("METHOD:REPLY", "ATTENDEE;PARTSTAT=DECLINED:mailto:a@b.example", InvitationKind.Declined)]
    [InlineData("METHOD:REQUEST", "STATUS:CANCELLED", InvitationKind.Cancelled)]
    [InlineData("METHOD:PUBLISH", "", InvitationKind.Event)]
    public void WhatItTellsIsKnown(string method, string line, InvitationKind kind) =>
        Assert.Equal(kind, Read($"BEGIN:VCALENDAR\n{method}\nBEGIN:VEVENT\nDTSTART:20260304T110000Z\n{line}\nEND:VEVENT")!.Kind);

    [Theory]
    [InlineData("DTSTART;VALUE=DATE:20260304", "2026-03-04T00:00Z", true)]
    [InlineData("DTSTART:20260304T110000Z\nDURATION:PT1H30M", "2026-03-04T11:00Z", false)]
    [InlineData("DTSTART;TZID=W. Europe Standard Time:20260304T120000", "2026-03-04T11:00Z", false)]
    [InlineData("DTSTART;TZID=Nowhere:20260304T120000", "2026-03-04T12:00Z", false)]
    public void TimesAreRead(string lines, string start, bool isAllDay)
    {
        var invitation = Read($"BEGIN:VEVENT\n{lines}\nEND:VEVENT")!;

        Assert.Equal((At(start), isAllDay), (invitation.Start, invitation.IsAllDay));
    }

    [Theory]
    [InlineData("")]
    [InlineData("BEGIN:VEVENT\nEND:VEVENT")]
    [InlineData("BEGIN:VEVENT\nDTSTART:yesterday\nEND:VEVENT")]
    [InlineData("BEGIN:VTODO\nDTSTART:20260304T110000Z\nEND:VTODO")]
    [InlineData(":::::")]
    public void WhatIsNoEventIsNone(string text) => Assert.Null(Read(text));

    private static Invitation? Read(string text) => CalendarText.Read(text, 2);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
