namespace Enneo.Core.Spam.Model.Training;

/// <summary>A letter to be written in many ways: each line offers several wordings.</summary>
/// <param name="Lines">What the line is (its first character), and its wordings.</param>
internal sealed record Letter(bool IsSpam, string Name, bool IsPlain, IReadOnlyList<(char Kind, string[] Wordings)> Lines)
{
    public string[] Wordings(char kind) => Lines.First(line => line.Kind == kind).Wordings;

    public bool Has(char kind) => Lines.Any(line => line.Kind == kind);
}

/// <summary>The letters of one language, and the words that go into them.</summary>
internal sealed class LetterBook
{
    private static readonly string[] s_languages = ["de", "en", "es", "fr", "nl", "pt"];

    private readonly Dictionary<string, string[]> _pools = new(StringComparer.Ordinal);
    private readonly List<Letter> _letters = [];

    private LetterBook(string language, IEnumerable<string> lines)
    {
        Language = language;
        List<(char, string[])> current = [];
        foreach (var line in lines.Where(line => line.Length > 0))
        {
            var rest = line.Length > 2 ? line[2..] : "";
            switch (line.Split(' '))
            {
                case [":", var pool, ..]:
                    _pools.Add(pool, rest[(pool.Length + 1)..].Split('|'));
                    break;
                case ["==", var kind, .. var name]:
                    current = [];
                    _letters.Add(new(kind == "spam", name[0], name.Contains("plain"), current));
                    break;
                default:
                    current.Add((line[0], rest.Split('|')));
                    break;
            }
        }
    }

    public static IReadOnlyList<LetterBook> All { get; } = [.. s_languages.Select(Load)];

    public string Language { get; }

    public IReadOnlyList<Letter> Letters => _letters;

    public string[]? Find(string pool) => _pools.GetValueOrDefault(pool);

    private static LetterBook Load(string language)
    {
        using var stream = typeof(LetterBook).Assembly.GetManifestResourceStream($"letters.{language}.txt")!;
        using StreamReader reader = new(stream);
        return new(language, reader.ReadToEnd().Split('\n'));
    }
}
