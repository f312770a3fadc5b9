using Enneo.Core;

namespace Enneo.Tests.Architecture;

/// <summary>Each rule on the files as they are. Whether a rule notices, <see cref="SourceRulesTests"/> says.</summary>
public sealed class DependencyTests
{
    private static readonly HashSet<string> s_modelOfAllSlices =
    [
        "Enneo.Core/Data/EnneoDbContext.cs",
        "Enneo.Core/Data/Converters.cs",
    ];

    /// <summary>They put markup together themselves, and are reviewed for it.</summary>
    private static readonly HashSet<string> s_markupIsTheirWork = [];

    /// <summary>They compose something smaller than the program: the model's own options, the demo's start.</summary>
    private static readonly HashSet<string> s_mayAskTheContainer =
    [
        "Enneo.Core/Data/IdentitySchema.cs",
        "Enneo.Web/Demo/DemoSetup.cs",
    ];

    [Fact]
    public void CoreReferencesNoWeb()
    {
        var referenced = typeof(EnneoCore).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name!);

        Assert.Empty(WebAssemblies(referenced));
    }

    [Theory]
    [InlineData("Microsoft.AspNetCore.Http.Abstractions")]
    [InlineData("Microsoft.AspNetCore.Components")]
    [InlineData("MudBlazor")]
    [InlineData("Enneo.Web")]
    public void AReferenceToTheWebIsNoticed(string assembly) => Assert.Equal([assembly], WebAssemblies([assembly, "Microsoft.Extensions.Hosting.Abstractions"]));

    [Fact]
    public void CoreNamesNoWeb() => Assert.Empty(SourceRules.WebFrameworksInCore(SourceFile.All));

    [Fact]
    public void SlicesNameOnlyWhatStandsBelowThem() => Assert.Empty(SourceRules.SlicesNamedUpward(SourceFile.All, s_modelOfAllSlices));

    [Fact]
    public void OnlyConnectionsMakeMailClients() => Assert.Empty(SourceRules.MailClientsMadeElsewhere(SourceFile.All));

    [Fact]
    public void ServersAreReachedThroughTheirMailbox() => Assert.Empty(SourceRules.ServersReachedPastTheirMailbox(SourceFile.All));

    [Fact]
    public void NobodyMakesAnHttpClient() => Assert.Empty(SourceRules.HttpClientsMade(SourceFile.All));

    [Fact]
    public void WebTouchesNeitherTheStoreNorMailServers() => Assert.Empty(SourceRules.StoreOrMailServerInWeb(SourceFile.All));

    [Fact]
    public void OnlyDataOpensTheDatabaseForWriting() => Assert.Empty(SourceRules.WritersOutsideData(SourceFile.All));

    [Fact]
    public void OnlyTheLogIsAnnounced() => Assert.Empty(SourceRules.AnnouncedBesideTheLog(SourceFile.All));

    [Fact]
    public void OnlyRegistrationKnowsTheContainer() => Assert.Empty(SourceRules.ContainerKnown(SourceFile.All, s_mayAskTheContainer));

    [Fact]
    public void NoFileIsLong() => Assert.Empty(SourceRules.LongFiles(SourceFile.All));

    [Fact]
    public void MarkupIsMadeByTheFramework() => Assert.Empty(SourceRules.RawMarkup(SourceFile.All, s_markupIsTheirWork));

    [Fact]
    public void RawSqlTakesParameters() => Assert.Empty(SourceRules.InterpolatedSql(SourceFile.All));

    [Fact]
    public void TimeComesFromTheClock() => Assert.Empty(SourceRules.SystemClock(SourceFile.All));

    [Fact]
    public void NamesSayWhatAThingIs() => Assert.Empty(SourceRules.NamesThatSayNothing(SourceFile.All));

    [Fact]
    public void EveryTextIsShownSomewhere() => Assert.Empty(SourceRules.UnusedTexts(SourceFile.All));

    /// <summary>An exception for a file that is gone would hide the next file of that name.</summary>
    [Fact]
    public void EveryExceptionIsStillThere()
    {
        var paths = SourceFile.All.Select(file => file.Path).ToHashSet();

        Assert.Empty(s_modelOfAllSlices.Concat(s_markupIsTheirWork).Concat(s_mayAskTheContainer).Except(paths));
    }

    [Fact]
    public void TheFilesAreFound() => Assert.Contains(SourceFile.All, file => file.Path == "Enneo.Core/EnneoCore.cs");

    private static IEnumerable<string> WebAssemblies(IEnumerable<string> names) => names.Where(name =>
        name is "Enneo.Web" or "MudBlazor"
        || (name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
            && name is not ("Microsoft.AspNetCore.DataProtection.Abstractions" or "Microsoft.AspNetCore.Identity" or "Microsoft.AspNetCore.Identity.EntityFrameworkCore" or "Microsoft.AspNetCore.Cryptography.KeyDerivation")));
}
