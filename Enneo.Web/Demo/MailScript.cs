namespace Enneo.Web.Demo;

/// <summary>A conversation as a file of <c>Demo/Mails</c> tells it.</summary>
/// <param name="Language"><c>de</c> or <c>en</c>: how quotes are introduced and subjects answered.</param>
internal sealed record ScriptedConversation(string Name, string Mailbox, string Language, string Subject, IReadOnlyList<ScriptedMail> Mails);

/// <summary>One mail of a conversation.</summary>
/// <param name="From">A first name of our staff, or <c>Name &lt;address&gt;</c>.</param>
/// <param name="When">See <see cref="ScriptedTime"/>.</param>
/// <param name="Words">Single words such as <c>unread</c>, <c>office</c>, <c>iso-8859-1</c>.</param>
/// <param name="Directives">Lines that began with <c>@</c>, as name and value.</param>
internal sealed record ScriptedMail(
    string From, string When, IReadOnlySet<string> Words, IReadOnlyList<KeyValuePair<string, string>> Directives, string Text)
{
    public bool Has(string word) => Words.Contains(word);

    public string? Find(string directive) => All(directive).FirstOrDefault();

    public IEnumerable<string> All(string directive) => Directives.Where(d => d.Key == directive).Select(d => d.Value);
}

/// <summary>
/// Reads the files of sample mails: <c>== name | mailbox | language | subject</c> begins a conversation,
/// <c>-- from | when | words</c> a mail in it; lines with <c>@</c> follow, then the text, one line per paragraph.
/// </summary>
internal static class MailScript
{
    /// <exception cref="FormatException">The file is not written as above; the message names the line.</exception>
    public static IReadOnlyList<ScriptedConversation> Parse(string file)
    {
        List<ScriptedConversation> conversations = [];
        List<ScriptedMail> mails = [];
        var lines = file.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("== ", StringComparison.Ordinal))
            {
                mails = [];
                conversations.Add(Conversation(Fields(lines[i], i, 4), mails));
            }
            else if (IsMail(lines[i]))
            {
                var end = Array.FindIndex(lines, i + 1, line => IsMail(line) || line.StartsWith("== ", StringComparison.Ordinal));
                end = end < 0 ? lines.Length : end;
                mails.Add(Mail(Fields(lines[i], i, 2), lines[(i + 1)..end]));
                i = end - 1;
            }
            else if (lines[i].Length > 0 && lines[i][0] is not '#')
            {
                throw new FormatException($"Line {i + 1} belongs to no mail: {lines[i]}");
            }
        }

        return conversations;
    }

    private static bool IsMail(string line) =>
        line.StartsWith("-- ", StringComparison.Ordinal) && line.Contains(" | ", StringComparison.Ordinal);

    private static string[] Fields(string line, int index, int atLeast)
    {
        var fields = line[3..].Split('|', StringSplitOptions.TrimEntries);
        return fields.Length >= atLeast ? fields : throw new FormatException($"Line {index + 1} has fewer than {atLeast} fields.");
    }

    private static ScriptedConversation Conversation(string[] fields, IReadOnlyList<ScriptedMail> mails) =>
        new(fields[0], fields[1], fields[2], string.Join(" | ", fields[3..]), mails);

    private static ScriptedMail Mail(string[] fields, string[] lines)
    {
        var directives = lines.TakeWhile(line => line.StartsWith('@')).ToList();
        return new ScriptedMail(
            fields[0],
            fields[1],
            fields.Length > 2 ? fields[2].Split(' ').ToHashSet(StringComparer.Ordinal) : new HashSet<string>(),
            [.. directives.Select(Directive)],
            string.Join('\n', lines.Skip(directives.Count)).Trim('\n'));
    }

    private static KeyValuePair<string, string> Directive(string line) => line.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space
        ? new(line[1..space], line[(space + 1)..].Trim())
        : new(line[1..], "");
}
