using System.Text.RegularExpressions;

namespace Enneo.Tests.Architecture;

/// <summary>
/// The rules of the house that the compiler cannot hold, each a function from files to offences
/// ("path: what"), so that a wrong file can be tried on each of them.
/// </summary>
internal static partial class SourceRules
{
    public const int LongestFile = 300;

    /// <summary>Lower may not name higher; equals may name each other.</summary>
    private static readonly Dictionary<string, int> s_rank = new()
    {
        ["Data"] = 0,
        ["Storage"] = 0,
        ["Net"] = 0,
        ["Activity"] = 0,
        ["Identity"] = 0,
        ["Jobs"] = 0,
        ["Connections"] = 1,
        ["Microsoft365"] = 1,
        ["OAuth"] = 1,
        ["Mailboxes"] = 2,
        ["Hours"] = 3,
        ["Messages"] = 3,
        ["Contacts"] = 3,
        ["Tickets"] = 4,
        ["Conditions"] = 4,
        ["Tags"] = 5,
        ["Automations"] = 5,
        ["Notes"] = 5,
        ["Templates"] = 5,
        ["Analysis"] = 5,
        ["Search"] = 5,
        ["Sending"] = 5,
        ["Spam"] = 5,
        ["Processing"] = 5,
        ["Sync"] = 6,
        ["Health"] = 7,
        ["Backup"] = 7,
        ["Integrations"] = 7,
    };

    private static readonly string[] s_emptyNames = ["Service", "Manager", "Helper", "Helpers", "Utils", "Processor", "Repository", "Dto", "Impl"];

    public static IEnumerable<string> SlicesNamedUpward(IReadOnlyCollection<SourceFile> files, IReadOnlySet<string> exceptions)
    {
        var core = files.Where(file => file is { Project: "Enneo.Core", IsCode: true, Slice: not "" }).ToList();
        var declared = core
            .SelectMany(file => TypeName().Matches(Code(file)).Select(match => $"{file.Slice}.{match.Groups["name"].Value}"))
            .ToHashSet();
        return
            from file in core
            where !exceptions.Contains(file.Path)
            from offence in s_rank.TryGetValue(file.Slice, out var own)
                ? SlicesNamed(Code(file), declared).Where(name => s_rank.TryGetValue(name, out var rank) && rank > own).Select(name => $"{file.Slice} names {name}, which stands above it")
                : [$"the slice {file.Slice} has no place in the order"]
            select $"{file.Path}: {offence}";
    }

    public static IEnumerable<string> WebFrameworksInCore(IEnumerable<SourceFile> files) =>
        from file in files
        where file is { Project: "Enneo.Core", IsCode: true }
        from match in AspNetCore().Matches(Code(file))
        let name = match.Groups["name"].Value
        where !(name.StartsWith("DataProtection", StringComparison.Ordinal)
            || (name.StartsWith("Identity", StringComparison.Ordinal) && file.Slice is "Data" or "Identity"))
        select $"{file.Path}: names Microsoft.AspNetCore.{name}";

    public static IEnumerable<string> MailClientsMadeElsewhere(IEnumerable<SourceFile> files) =>
        Offences(files.Where(file => file.Project != "Enneo.Tests" && file is not { Project: "Enneo.Core", Slice: "Connections" }), MadeMailClient());

    /// <summary>Shadow mode travels with a mailbox's own endpoints; a server's bare one would lead past it.</summary>
    public static IEnumerable<string> ServersReachedPastTheirMailbox(IEnumerable<SourceFile> files) =>
        Offences(files.Where(file => file.Project != "Enneo.Tests" && file.Path != "Enneo.Core/Mailboxes/Mailbox.cs"), BareEndpoint());

    public static IEnumerable<string> HttpClientsMade(IEnumerable<SourceFile> files) =>
        Offences(files.Where(file => file.Project != "Enneo.Tests" && file is not { Project: "Enneo.Core", Slice: "Net" or "Analysis" or "Microsoft365" }), MadeHttpClient());

    public static IEnumerable<string> StoreOrMailServerInWeb(IEnumerable<SourceFile> files) =>
        Offences(files.Where(file => file.Project == "Enneo.Web"), StoreOrMailServer());

    public static IEnumerable<string> WritersOutsideData(IEnumerable<SourceFile> files) =>
        Offences(files.Where(file => file.Project != "Enneo.Tests" && file is not { Project: "Enneo.Core", Slice: "Data" }), OwnWriter());

    public static IEnumerable<string> AnnouncedBesideTheLog(IEnumerable<SourceFile> files) =>
        Offences(files.Where(file => file.Project != "Enneo.Tests" && !file.Path.EndsWith("/LiveFeedReader.cs", StringComparison.Ordinal)), Announcement());

    public static IEnumerable<string> ContainerKnown(IEnumerable<SourceFile> files, IReadOnlySet<string> exceptions) =>
        Offences(files.Where(file => file.Project != "Enneo.Tests" && !IsRegistration(file.Path) && !exceptions.Contains(file.Path)), Container());

    public static IEnumerable<string> LongFiles(IEnumerable<SourceFile> files) =>
        from file in files
        where !file.Path.EndsWith(".resx", StringComparison.Ordinal)
        let lines = file.Text.AsSpan().TrimEnd('\n').Count('\n') + 1
        where lines > LongestFile
        select $"{file.Path}: {lines} lines, at most {LongestFile}";

    public static IEnumerable<string> RawMarkup(IEnumerable<SourceFile> files, IReadOnlySet<string> exceptions) =>
        Offences(files.Where(file => file.Project != "Enneo.Tests" && !exceptions.Contains(file.Path)), Markup());

    public static IEnumerable<string> InterpolatedSql(IEnumerable<SourceFile> files) =>
        Offences(files.Where(file => file.Project != "Enneo.Tests"), RawSqlWithHoles());

    /// <summary>The build bans it in C#; this looks into the pages too.</summary>
    public static IEnumerable<string> SystemClock(IEnumerable<SourceFile> files) =>
        Offences(files.Where(file => !file.Path.StartsWith("Enneo.Tests/Architecture/", StringComparison.Ordinal)), Now());

    public static IEnumerable<string> NamesThatSayNothing(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCode && file.Project != "Enneo.Tests"
        from match in TypeName().Matches(Code(file))
        let name = match.Groups["name"].Value
        where s_emptyNames.Any(ending => name.EndsWith(ending, StringComparison.Ordinal))
        select $"{file.Path}: {name} says how it is built, not what it is";

    /// <summary>Texts of a <c>.resx</c> that nobody shows.</summary>
    public static IEnumerable<string> UnusedTexts(IReadOnlyCollection<SourceFile> files)
    {
        var shown = files.Where(file => file.IsCode && file.Project != "Enneo.Tests")
            .SelectMany(file => QualifiedName().Matches(file.Text).Select(match => match.Value))
            .ToHashSet();
        return
            from file in files
            where file.Path.EndsWith(".resx", StringComparison.Ordinal)
            let texts = Path.GetFileNameWithoutExtension(file.Path)
            from match in TextName().Matches(file.Text)
            let name = $"{texts}.{match.Groups["name"].Value}"
            where !shown.Contains(name)
            select $"{file.Path}: nobody shows {name}";
    }

    /// <summary>By its namespace, or shortened from within Enneo.Core, as in <c>Sync.LedgerEntry</c>.</summary>
    private static IEnumerable<string> SlicesNamed(string code, HashSet<string> declared) =>
        SliceNamespace().Matches(code).Select(match => match.Groups["slice"].Value)
            .Concat(QualifiedName().Matches(code).Select(match => match.Value).Where(declared.Contains).Select(name => name.Split('.')[0]))
            .Distinct();

    private static bool IsRegistration(string path) =>
        path.EndsWith("Services.cs", StringComparison.Ordinal) || path is "Enneo.Web/Program.cs" or "Enneo.Core/EnneoCore.cs";

    private static IEnumerable<string> Offences(IEnumerable<SourceFile> files, Regex forbidden) =>
        from file in files
        where !file.Path.EndsWith(".resx", StringComparison.Ordinal)
        from match in forbidden.Matches(Code(file))
        select $"{file.Path}: {match.Value.Trim()}";

    /// <summary>The text without comments: what is only explained is not used.</summary>
    private static string Code(SourceFile file) =>
        CommentOrLiteral().Replace(file.Text, match => match.Groups["literal"].Success ? match.Value : " ");
}
