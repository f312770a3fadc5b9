using System.Text;

namespace Enneo.Core.Messages;

/// <summary>Undoes format=flowed (RFC 3676): lines that end in a space go on in the next, within the same quote.</summary>
internal static class FlowedText
{
    public static string Unwrap(string text, bool deletesSpace)
    {
        StringBuilder unwrapped = new(text.Length);
        var depth = -1; // of the paragraph that goes on, or none
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            var line = raw.TrimStart('>');
            var quotes = raw.Length - line.Length;
            line = line is [' ', ..] ? line[1..] : line; // space-stuffed
            var isSignature = line is "-- ";
            if (depth != quotes || isSignature)
            {
                EndParagraph(unwrapped, depth);
                unwrapped.Append('>', quotes).Append(quotes > 0 ? " " : "");
            }

            var goesOn = line is [.., ' '] && !isSignature;
            unwrapped.Append(goesOn && deletesSpace ? line[..^1] : line);
            depth = goesOn ? quotes : -1;
            if (!goesOn)
            {
                unwrapped.Append('\n');
            }
        }

        EndParagraph(unwrapped, depth);
        return unwrapped.ToString();
    }

    /// <summary>A paragraph that was to go on ends where the quoting changes (RFC 3676, section 4.5).</summary>
    private static void EndParagraph(StringBuilder unwrapped, int depth)
    {
        if (depth >= 0)
        {
            unwrapped.Append('\n');
        }
    }
}
