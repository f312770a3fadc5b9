namespace Enneo.Core.Messages.Calendar;

/// <summary>A content line: name, parameters, value (RFC 5545, section 3.1).</summary>
internal readonly record struct CalendarField(string Name, string Parameters, string Value)
{
    public static CalendarField Parse(string line)
    {
        var isQuoted = false;
        var name = -1;
        for (var i = 0; i < line.Length; i++)
        {
            switch (line[i])
            {
                case '"':
                    isQuoted = !isQuoted;
                    break;
                case ';' when !isQuoted && name < 0:
                    name = i;
                    break;
                case ':' when !isQuoted:
                    return new(line[..(name < 0 ? i : name)].Trim().ToUpperInvariant(), name < 0 ? "" : line[(name + 1)..i], line[(i + 1)..]);
            }
        }

        return new("", "", "");
    }

    /// <summary>Without its quotes; null if there is none.</summary>
    public string? Parameter(string name)
    {
        foreach (var parameter in (Parameters ?? "").Split(';'))
        {
            if (parameter.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals && parameter[..equals].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return parameter[(equals + 1)..].Trim().Trim('"');
            }
        }

        return null;
    }
}
