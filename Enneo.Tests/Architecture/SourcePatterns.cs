using System.Text.RegularExpressions;

namespace Enneo.Tests.Architecture;

internal static partial class SourceRules
{
    // A literal is kept whole, so that "https://" in it begins no comment.
    [GeneratedRegex("""(?<literal>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])')|//[^\n]*|/\*.*?\*/|@\*.*?\*@|<!--.*?-->""", RegexOptions.Singleline)]
    private static partial Regex CommentOrLiteral();

    [GeneratedRegex(@"(?<!\w)Enneo\.Core\.(?<slice>\w+)")]
    private static partial Regex SliceNamespace();

    [GeneratedRegex(@"Microsoft\.AspNetCore\.(?<name>[\w.]+)")]
    private static partial Regex AspNetCore();

    [GeneratedRegex(@"\bnew\s+[\w.]*\b(Imap|Smtp|Pop3)Client\b|\b(Imap|Smtp|Pop3)Client\??\s+\w+\s*(\([^)]*\)\s*)?=>?\s*new\s*\(|\bclass\s[^{;]*?:\s*(\w+\.)*(Imap|Smtp|Pop3)Client\b")]
    private static partial Regex MadeMailClient();

    [GeneratedRegex(@"\b(Imap|Smtp)\s*\.\s*Endpoint\b")]
    private static partial Regex BareEndpoint();

    [GeneratedRegex(@"\bnew\s+[\w.]*\bHttpClient\s*\(|\bHttpClient\s+\w+\s*=\s*new\s*\(")]
    private static partial Regex MadeHttpClient();

    [GeneratedRegex(@"\bEnneoDbContext\b|\bIDbContextFactory\b|\bMicrosoft\.EntityFrameworkCore\b|\bMicrosoft\.Data\.Sqlite\b|\bMailKit\b")]
    private static partial Regex StoreOrMailServer();

    [GeneratedRegex(@"\bSqliteOpenMode\.ReadWrite\w*|\bnew\s+EnneoDbContext\s*\(|\bnew\s+SqliteConnection\s*\(")]
    private static partial Regex OwnWriter();

    [GeneratedRegex(@"\b_?(live)?[fF]eed\.Publish\s*\(")]
    private static partial Regex Announcement();

    [GeneratedRegex(@"\bIServiceProvider\b|\bIServiceScopeFactory\b|\.GetRequiredService\s*<|\.GetService\s*<|\.CreateA?[sS]ync?Scope\s*\(|\.CreateScope\s*\(")]
    private static partial Regex Container();

    [GeneratedRegex(@"\bMarkupString\b|\bAddMarkupContent\b|\.(inner|outer)HTML\b|\.insertAdjacentHTML\b|\bdocument\.write\b|\beval\s*\(")]
    private static partial Regex Markup();

    [GeneratedRegex(@"\b(FromSqlRaw|ExecuteSqlRaw|ExecuteSqlRawAsync|SqlQueryRaw)\s*(<[^>]*>)?\s*\(\s*(\$@?""|@\$""|\$+""""""|[^,)""]*""[^""]*""\s*\+)[^;]*")]
    private static partial Regex RawSqlWithHoles();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b")]
    private static partial Regex Now();

    [GeneratedRegex(@"\b(class|record|struct|interface|enum)\s+(class\s+|struct\s+)?(?<name>[A-Z]\w*)")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*\.[A-Z]\w*")]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"<data\s+name=""(?<name>\w+)""")]
    private static partial Regex TextName();
}
