using System.Net;
using System.Net.Sockets;
using Enneo.Core.Data;
using Enneo.Tests.Servers;
using Enneo.Web.Shell;

namespace Enneo.Tests.Shell;

public sealed class SettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Enneo:Sending:UndoTime", "soon", "Enneo:Sending:UndoTime: \"soon\" is not a duration such as 00:00:10 (hours:minutes:seconds).")]
    [InlineData("Enneo:Sending:UndoTime", "01:00:00", "Enneo:Sending:UndoTime: 01:00:00 is out of range: it must lie between 00:00:00 and 00:02:00.")]
    [InlineData("Enneo:Sending:MaxAttachmentBytes", "25 MB", "Enneo:Sending:MaxAttachmentBytes: \"25 MB\" is not a number.")]
    [InlineData("Enneo:Sending:MaxAttachmentBytes", "-1", "Enneo:Sending:MaxAttachmentBytes: -1 is out of range: it must lie between 1000 and 100000000.")]
    [InlineData("Enneo:Sync:ConcurrentTransfers", "0", "Enneo:Sync:ConcurrentTransfers: 0 is out of range: it must lie between 1 and 100.")]
    [InlineData("Enneo:Connections:Timeout", "30", "Enneo:Connections:Timeout: 30.00:00:00 is out of range")]
    [InlineData("Enneo:DataDirektory", "x", "Enneo:DataDirektory: there is no such setting. Is Enneo:DataDirectory meant?")]
    [InlineData("Enneo:Sending:Undo", "00:00:05", "Enneo:Sending:Undo: there is no such setting.")]
    [InlineData("Enneo:Colour", "blue", "Enneo:Colour: there is no such setting.")]
    [InlineData("Enneo:Urls", "localhost:5080", "Enneo:Urls: \"localhost:5080\" is not an address to listen on.")]
    [InlineData("Enneo:Urls", "ftp://localhost:5080", "Enneo:Urls: \"ftp://localhost:5080\" is not an address to listen on.")]
    [InlineData("Enneo:Urls", "http://localhost:99999", "Enneo:Urls: \"http://localhost:99999\" is not an address to listen on.")]
    [InlineData("Enneo:Urls", "https://localhost:5443", "Enneo:Urls: https://localhost:5443 needs a certificate")]
    [InlineData("Enneo:Urls", "", "Enneo:Urls: a value is missing.")]
    [InlineData("Enneo:Urls", "http://203.0.113.9:5080", "Enneo:Urls: it is not possible to listen on http://203.0.113.9:5080")]
    [InlineData("Enneo:KnownProxies", "proxy.local", "Enneo:KnownProxies: \"proxy.local\" is not an IP address.")]
    [InlineData("Enneo:PublicUrl", "mail.example.com", "Enneo:PublicUrl: \"mail.example.com\" is not an address such as https://mail.example.com, without a path.")]
    [InlineData("Enneo:PublicUrl", "https://example.com/mail", "Enneo:PublicUrl: \"https://example.com/mail\" is not an address")]
    [InlineData("Enneo:DataDirectory", "", "Enneo:DataDirectory: a value is missing.")]
    [InlineData("Enneo:DataDirectory", "/dev/null", "Enneo:DataDirectory: /dev/null is a file. Name a folder; it is created when it is missing.")]
    [InlineData("Enneo:DataDirectory", "/proc/enneo", "Enneo:DataDirectory: the folder /proc/enneo cannot be written")]
    public async Task AWrongSettingIsOneLineThatNamesIt(string key, string value, string line)
    {
        var result = await EnneoCommand.RunAsync(_folder["data"], [$"--{key}={value}"], Cancelled);

        Assert.Equal(78, result.ExitCode);
        Assert.StartsWith(line, Assert.Single(Lines(result.Errors)), StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task EveryMistakeIsNamedAtOnce()
    {
        var result = await EnneoCommand.RunAsync(
            _folder["data"], ["--Enneo:Sending:UndoTime=x", "--Enneo:Sending:GiveUpAfter", "never", "--Enneo:Urls=here"], Cancelled);

        Assert.Equal(78, result.ExitCode);
        Assert.Equal(
            ["Enneo:Sending:GiveUpAfter", "Enneo:Sending:UndoTime", "Enneo:Urls"],
            Lines(result.Errors).Select(line => line.Split(": ")[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task APortInUseIsNamed()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}";
        var result = await EnneoProcess.RunAsync(_folder["data"], [$"--Enneo:Urls={url}"], Cancelled);

        Assert.Equal(78, result.ExitCode);
        Assert.Equal($"Enneo:Urls: another program already listens on {url}. Stop it, or choose another port.", Lines(result.Errors)[^1]);
        Assert.DoesNotContain("   at ", result.Output + result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void SettingsThatAreNotJsonAreRefused()
    {
        File.WriteAllText(_folder["appsettings.json"], "{ \"Enneo\": ");
        using Microsoft.Extensions.Configuration.ConfigurationManager configuration = new();

        Assert.Throws<InvalidDataException>(() => configuration.AddSolutionSettings(_folder.Path));
    }

    [Fact]
    public void RelativePathsCountFromTheSolution_OrWhenPublishedFromTheProgram()
    {
        File.WriteAllText(_folder["Enneo.sln"], "");
        var published = _folder["artifacts/publish/Enneo.Web/release/"];

        Assert.Equal(_folder.Path, SolutionSettings.HomeOf(_folder["artifacts/bin/Enneo.Web/debug/"]));
        Assert.Equal(published, SolutionSettings.HomeOf(published));
        Assert.Equal("/nowhere/in/particular/", SolutionSettings.HomeOf("/nowhere/in/particular/"));
    }

    [Fact]
    public void EverySectionOfSettingsIsChecked()
    {
        var declared = new[] { typeof(DataDirectory).Assembly, typeof(EnneoOptions).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && type.GetField("Section") is not null);

        Assert.Equal(declared.OrderBy(type => type.Name), SettingsReader.Sections.Select(section => section.Options).OrderBy(type => type.Name));
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
