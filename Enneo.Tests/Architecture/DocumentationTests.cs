using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Enneo.Tests.Architecture;

/// <summary>What the README says of the settings is what the settings file has.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string s_readme = File.ReadAllText(Path.Combine(Solution.Folder, "README.md"));

    [Fact]
    public void EverySettingStandsInTheReadmeWithItsDefault()
    {
        var settings = new ConfigurationBuilder().AddJsonFile(Path.Combine(Solution.Folder, "appsettings.json")).Build()
            .GetSection("Enneo").AsEnumerable().Where(setting => setting.Value is not null)
            .Select(setting => setting.Value is "" ? $"| `{setting.Key}` | |" : $"| `{setting.Key}` | `{setting.Value}` |");

        Assert.DoesNotContain(settings, row => !s_readme.Contains(row, StringComparison.Ordinal));
    }

    [Fact]
    public void TheReadmeNamesNoSettingThatIsNotThere()
    {
        var settings = new ConfigurationBuilder().AddJsonFile(Path.Combine(Solution.Folder, "appsettings.json")).Build();

        Assert.DoesNotContain(SettingInTable().Matches(s_readme).Select(match => match.Groups["key"].Value), key => settings[key] is null);
    }

    [Fact]
    public void EveryFileThatIsLinkedIsThere()
    {
        var documents = Directory.GetFiles(Path.Combine(Solution.Folder, "docs"), "*.md").Append(Path.Combine(Solution.Folder, "README.md"));

        Assert.Empty(
            from document in documents
            from match in Link().Matches(File.ReadAllText(document))
            let target = match.Groups["file"].Value
            where !target.Contains("://", StringComparison.Ordinal)
                && !File.Exists(Path.Combine(Path.GetDirectoryName(document)!, target))
            select $"{Path.GetFileName(document)}: {target}");
    }

    [GeneratedRegex(@"^\| `(?<key>Enneo:[\w:]+)` \|", RegexOptions.Multiline)]
    private static partial Regex SettingInTable();

    [GeneratedRegex(@"\]\((?<file>[^)#]+)\)")]
    private static partial Regex Link();
}
