using Enneo.Core.Data;
using Enneo.Tests.Servers;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enneo.Tests.Shell;

public sealed class StartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Data => _folder["data"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task StartUpSaysWhereItListens_WhereTheDataIs_AndWhatToDoNext()
    {
        await using var server = await EnneoProcess.StartAsync(Data, Cancelled);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        while (!server.Output.Contains("Ctrl+C", StringComparison.Ordinal))
        {
            await Task.Delay(20, limit.Token);
        }

        var address = server.Address.ToString().TrimEnd('/');
        Assert.Contains($"Enneo listens on {address}", server.Output, StringComparison.Ordinal);
        Assert.Contains($"Its data is in {Data}", server.Output, StringComparison.Ordinal);
        Assert.Contains($"Open {address}/first-run on this machine", server.Output, StringComparison.Ordinal);
        Assert.Matches("one-time code: [A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", server.Output);
        Assert.Equal(0, await server.StopAsync(Cancelled));
    }

    [Fact]
    public async Task TheDataIsItsOwnersAlone()
    {
        await EnneoProcess.RunAsync(Data, ["mailbox", "status"], Cancelled);

        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.Equal(Owner, File.GetUnixFileMode(Data));
        Assert.Equal(Owner, File.GetUnixFileMode(Path.Combine(Data, "keys")));
    }

    [Fact]
    public async Task ASecondServerOnTheSameDataIsRefused()
    {
        await using var first = await EnneoProcess.StartAsync(Data, Cancelled);
        var second = await EnneoProcess.RunAsync(Data, [$"--Enneo:Urls=http://localhost:{FreePort.Next()}"], Cancelled);

        Assert.Equal(1, second.ExitCode);
        var line = Assert.Single(second.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"Another Enneo server already uses the data in {Data}", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileThatIsNoDatabaseIsRefused()
    {
        Directory.CreateDirectory(Data);
        await File.WriteAllTextAsync(Path.Combine(Data, "enneo.db"), string.Concat(Enumerable.Repeat("This is a letter, not a database. ", 200)), Cancelled);
        var result = await EnneoProcess.RunAsync(Data, [], Cancelled);

        Assert.Equal(1, result.ExitCode);
        var line = Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("enneo.db is not a database of Enneo, or it is damaged.", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADatabaseOfANewerVersionIsRefused()
    {
        DataDirectory directory = new(Data);
        Directory.CreateDirectory(Data);
        Assert.Null(await Migration(directory).RunAsync(Cancelled));
        await ExecuteAsync(directory, "INSERT INTO __EFMigrationsHistory VALUES ('20990101000000_Future', '10.0.0')");

        var problem = await Migration(directory).RunAsync(Cancelled);

        Assert.Contains("newer version of Enneo (it has 20990101000000_Future", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADatabaseIsCopiedBeforeItIsChanged_AndOnlyTheNewestCopiesAreKept()
    {
        DataDirectory directory = new(Data);
        Directory.CreateDirectory(directory.Copies);
        for (var day = 1; day <= 6; day++)
        {
            await File.WriteAllTextAsync(Path.Combine(directory.Copies, $"enneo-2020010{day}-000000-before-Old.db"), "", Cancelled);
        }

        await ExecuteAsync(directory, "CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('from before')");
        Assert.Null(await Migration(directory).RunAsync(Cancelled));

        var copies = Directory.GetFiles(directory.Copies).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(5, copies.Length);
        await using SqliteConnection copy = new($"Data Source={copies[^1]};Mode=ReadOnly;Pooling=False");
        await copy.OpenAsync(Cancelled);
        await using var read = copy.CreateCommand();
        read.CommandText = "SELECT text FROM notes";
        Assert.Equal("from before", await read.ExecuteScalarAsync(Cancelled));
        Assert.True(await Migration(directory).IsCurrentAsync(Cancelled));
    }

    private static DatabaseMigration Migration(DataDirectory directory) => new(directory, TimeProvider.System, NullLogger<DatabaseMigration>.Instance);

    private static async Task ExecuteAsync(DataDirectory directory, string sql)
    {
        await using SqliteConnection connection = new($"Data Source={directory.Database};Pooling=False");
        await connection.OpenAsync(Cancelled);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
