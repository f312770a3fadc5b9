namespace Enneo.Core.Messages.Calendar;

/// <summary>
/// Reads the first event of an iCalendar text (RFC 5545). It reads lines and nothing else: rules of recurrence are
/// noted, never unrolled, so no calendar can make it run long.
/// </summary>
internal static class CalendarText
{
    private const int MaxLength = 512 * 1024;
    private const int MaxLine = 4000;
    private const int MaxValue = 300;

    /// <returns>Null if it has no event that says when.</returns>
    public static Invitation? Read(string text, int partIndex)
    {
        Dictionary<string, CalendarField> fields = new(StringComparer.OrdinalIgnoreCase);
        var method = "";
        var depth = 0; // within the first event, and within alarms in it
        foreach (var line in Lines(text.Length > MaxLength ? text[..MaxLength] : text))
        {
            var field = CalendarField.Parse(line);
            switch (field.Name)
            {
                case "BEGIN" when depth > 0 || field.Value.Trim().Equals("VEVENT", StringComparison.OrdinalIgnoreCase):
                    depth++;
                    break;
                case "END" when depth == 1:
                    return Event(fields, method, partIndex);
                case "END" when depth > 1:
                    depth--;
                    break;
                case "METHOD" when depth == 0:
                    method = field.Value.Trim().ToUpperInvariant();
                    break;
                case not "" when depth == 1:
                    fields.TryAdd(field.Name, field);
                    break;
            }
        }

        return depth > 0 ? Event(fields, method, partIndex) : null;
    }

    private static Invitation? Event(Dictionary<string, CalendarField> fields, string method, int partIndex)
    {
        if (!fields.TryGetValue("DTSTART", out var start) || CalendarTime.Read(start) is not var (startsAt, isAllDay))
        {
            return null;
        }

        DateTimeOffset? end = fields.TryGetValue("DTEND", out var given) && CalendarTime.Read(given) is var (endsAt, _) && endsAt >= startsAt ? endsAt
            : fields.TryGetValue("DURATION", out var duration) ? startsAt + CalendarTime.Duration(duration.Value)
            : null;
        var organizer = fields.GetValueOrDefault("ORGANIZER");
        return new(
            partIndex,
            Kind(method, fields),
            Words(fields.GetValueOrDefault("SUMMARY").Value),
            startsAt,
            end,
            isAllDay,
            fields.ContainsKey("RRULE") || fields.ContainsKey("RDATE"),
            Words(fields.GetValueOrDefault("LOCATION").Value),
            Words(organizer.Parameter("CN") is { Length: > 0 } name ? name : WithoutScheme(organizer.Value ?? "")));
    }

    private static InvitationKind Kind(string method, Dictionary<string, CalendarField> fields)
    {
        if (method == "CANCEL" || Is(fields, "STATUS", "CANCELLED"))
        {
            return InvitationKind.Cancelled;
        }

        return method switch
        {
            "REPLY" => fields.GetValueOrDefault("ATTENDEE").Parameter("PARTSTAT")?.ToUpperInvariant() switch
            {
                "ACCEPTED" => InvitationKind.Accepted,
                "DECLINED" => InvitationKind.Declined,
                _ => InvitationKind.Tentative,
            },
            "REQUEST" => InvitationKind.Request,
            _ => InvitationKind.Event,
        };
    }

    private static bool Is(Dictionary<string, CalendarField> fields, string name, string value) =>
        fields.TryGetValue(name, out var field) && field.Value.Trim().Equals(value, StringComparison.OrdinalIgnoreCase);

    /// <summary>Unfolded (RFC 5545, section 3.1).</summary>
    private static IEnumerable<string> Lines(string text)
    {
        var unfolded = "";
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.Length > 0 && line[0] is ' ' or '\t')
            {
                unfolded = unfolded.Length < MaxLine ? unfolded + line[1..] : unfolded;
                continue;
            }

            yield return unfolded;
            unfolded = line.Length > MaxLine ? line[..MaxLine] : line;
        }

        yield return unfolded;
    }

    /// <summary>Unescaped (RFC 5545, section 3.3.11), on one line.</summary>
    private static string Words(string? value) => HeaderText.Clean(
        (value ?? "").Replace("\\n", " ", StringComparison.OrdinalIgnoreCase).Replace("\\,", ",", StringComparison.Ordinal)
            .Replace("\\;", ";", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal),
        MaxValue);

    private static string WithoutScheme(string address) => address.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) ? address["mailto:".Length..] : address;
}
