using System.Globalization;
using System.Text.RegularExpressions;
using MimeKit;

namespace Enneo.Web.Demo.Composing;

/// <summary>An invitation as calendars send it (RFC 6047): the words, and the event beside them and as a file.</summary>
internal static partial class Invitation
{
    /// <param name="appointment"><c>in 3d 15:00 | minutes | place</c>.</param>
    public static Multipart Compose(MimeMessage message, MimeEntity words, string appointment, TimeProvider clock)
    {
        var fields = appointment.Split(" | ");
        var calendar = Calendar(message, Start(fields[0], clock), int.Parse(fields[1], CultureInfo.InvariantCulture), fields[2]);
        TextPart request = new("calendar") { Text = calendar };
        request.ContentType.Parameters.Add("method", "REQUEST");

        TextPart file = new("calendar") { Text = calendar, FileName = "invite.ics", ContentDisposition = new ContentDisposition(ContentDisposition.Attachment) { FileName = "invite.ics" } };
        file.ContentType.MediaSubtype = "calendar";
        return new Multipart("mixed") { new MultipartAlternative { words, request }, file };
    }

    private static DateTimeOffset Start(string text, TimeProvider clock)
    {
        var match = InDays().Match(text);
        if (!match.Success)
        {
            throw new FormatException($"\"{text}\" is no time such as \"in 3d 15:00\".");
        }

        var local = clock.GetLocalNow().Date.AddDays(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
            + TimeSpan.ParseExact(match.Groups[2].Value, @"hh\:mm", CultureInfo.InvariantCulture);
        return new DateTimeOffset(local, clock.LocalTimeZone.GetUtcOffset(local));
    }

    private static string Calendar(MimeMessage message, DateTimeOffset start, int minutes, string place)
    {
        var organizer = message.From.Mailboxes.First();
        var attendee = message.To.Mailboxes.First();
        string[] lines =
        [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//Calendar 1.0//EN", "METHOD:REQUEST", "BEGIN:VEVENT",
            $"UID:{message.MessageId}", $"DTSTAMP:{Utc(message.Date)}", $"DTSTART:{Utc(start)}", $"DTEND:{Utc(start.AddMinutes(minutes))}",
            $"SUMMARY:{Escape(message.Subject ?? "")}", $"LOCATION:{Escape(place)}",
            $"ORGANIZER;CN={organizer.Name}:mailto:{organizer.Address}", $"ATTENDEE;RSVP=TRUE:mailto:{attendee.Address}",
            "SEQUENCE:0", "STATUS:CONFIRMED", "END:VEVENT", "END:VCALENDAR", "",
        ];
        return string.Join("\r\n", lines);
    }

    private static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>RFC 5545, section 3.3.11.</summary>
    private static string Escape(string text) =>
        text.Replace("\\", @"\\", StringComparison.Ordinal).Replace(";", @"\;", StringComparison.Ordinal).Replace(",", @"\,", StringComparison.Ordinal);

    [GeneratedRegex("^in ([0-9]+)d ([0-9]{2}:[0-9]{2})$")]
    private static partial Regex InDays();
}
