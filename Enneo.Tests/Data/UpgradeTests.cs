using Enneo.Core.Activity;
using Enneo.Core.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enneo.Tests.Data;

/// <summary>A new version on the data of an older one: everything is still there, and everybody sees what they saw.</summary>
public sealed class UpgradeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TheFirstVersionsDataIsCarriedOver()
    {
        DataDirectory directory = new(_folder["data"]);
        Directory.CreateDirectory(directory.Path);
        await using (var first = await OpenAsync(directory))
        {
            await using EnneoDbContext db = new(new DbContextOptionsBuilder<EnneoDbContext>().UseSqlite(first).UseApplicationServiceProvider(IdentitySchema.Services).Options);
            await db.GetService<IMigrator>().MigrateAsync("Initial", Cancel);
            await AddAsync(first, "AspNetUsers", ("Id", 1), ("Email", "anna@example.test"));
            await AddAsync(first, "mailboxes", ("Id", 1), ("Address", "support@example.test"));
            await AddAsync(first, "tickets", ("Id", 1), ("MailboxId", 1), ("Subject", "Meter"), ("Status", "Open"), ("Place", "Desk"), ("LastMessageAt", 1_700_000_000_000));
            await AddAsync(first, "activity", ("Sequence", 1), ("Kind", nameof(ActivityKind.MailboxAdded)), ("ActorKind", nameof(ActorKind.System)), ("Changes", "{}"));
            await AddAsync(first, "settings", ("Name", "session-ended:abc"), ("Value", "1"));
        }

        Assert.Null(await new DatabaseMigration(directory, TimeProvider.System, NullLogger<DatabaseMigration>.Instance).RunAsync(Cancel));

        await using var connection = await OpenAsync(directory);
        await using EnneoDbContext now = new(EnneoDatabase.Options(connection));
        Assert.Equal("Meter", await now.Tickets.Select(t => t.Subject).SingleAsync(Cancel));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000), await now.Tickets.Select(t => t.ListedAt).SingleAsync(Cancel));
        Assert.Equal((1, 1), await now.MailboxGrants.Select(g => ValueTuple.Create(g.UserId, g.MailboxId)).SingleAsync(Cancel));
        Assert.False(await now.Mailboxes.Select(m => m.IsShadow).SingleAsync(Cancel));
        Assert.True(await now.Activity.Select(e => e.IsAudited).SingleAsync(Cancel));
        Assert.False(await now.Settings.AnyAsync(s => s.Name.StartsWith("session-ended"), Cancel));
        Assert.Single(Directory.GetFiles(directory.Copies));
    }

    /// <summary>Its server moves mail by itself, which had counted as a person's word where the mailbox was added before that was known.</summary>
    [Fact]
    public async Task JunkMovesOfMicrosoft365CountNoMoreUnlessSomebodySaidSo()
    {
        DataDirectory directory = new(_folder["data"]);
        Directory.CreateDirectory(directory.Path);
        await using (var before = await OpenAsync(directory))
        {
            await using EnneoDbContext db = new(new DbContextOptionsBuilder<EnneoDbContext>().UseSqlite(before).UseApplicationServiceProvider(IdentitySchema.Services).Options);
            await db.GetService<IMigrator>().MigrateAsync("Desk", Cancel);
            foreach (var (id, method) in new[] { (1, "Microsoft365"), (2, "Microsoft365"), (3, "Imap") })
            {
                await AddAsync(before, "mailboxes", ("Id", id), ("Address", $"box{id}@example.test"), ("Method", method), ("Spam_JunkMovesCount", 1));
            }

            const string Chosen = """{"spam":["{\"junkMovesCount\":false}","{\"junkMovesCount\":true}"]}""";
            await AddAsync(before, "activity", ("Sequence", 1), ("Kind", nameof(ActivityKind.MailboxChanged)), ("ActorKind", nameof(ActorKind.User)), ("MailboxId", 2), ("Changes", Chosen));
        }

        Assert.Null(await new DatabaseMigration(directory, TimeProvider.System, NullLogger<DatabaseMigration>.Instance).RunAsync(Cancel));

        await using var connection = await OpenAsync(directory);
        await using EnneoDbContext now = new(EnneoDatabase.Options(connection));
        Assert.Equal([false, true, true], await now.Mailboxes.OrderBy(m => m.Id).Select(m => m.Spam.JunkMovesCount).ToListAsync(Cancel));
    }

    private static async Task<SqliteConnection> OpenAsync(DataDirectory directory)
    {
        SqliteConnection connection = new($"Data Source={directory.Database};Pooling=False;Foreign Keys=False");
        await connection.OpenAsync(Cancel);
        return connection;
    }

    /// <summary>A row with these values, and something in every other column that needs it.</summary>
    private static async Task AddAsync(SqliteConnection connection, string table, params (string Column, object Value)[] values)
    {
        await using var columns = connection.CreateCommand();
        columns.CommandText = "SELECT name FROM pragma_table_xinfo($table) WHERE \"notnull\" = 1 AND dflt_value IS NULL AND hidden = 0";
        columns.Parameters.AddWithValue("$table", table);
        Dictionary<string, object> row = [];
        await using (var needed = await columns.ExecuteReaderAsync(Cancel))
        {
            while (await needed.ReadAsync(Cancel))
            {
                row[needed.GetString(0)] = 0;
            }
        }

        foreach (var (column, value) in values)
        {
            row[column] = value;
        }

        await using var insert = connection.CreateCommand();
#pragma warning disable CA2100 // names of the schema, values as parameters
        insert.CommandText = $"INSERT INTO \"{table}\" ({string.Join(", ", row.Keys.Select(name => $"\"{name}\""))}) VALUES ({string.Join(", ", row.Keys.Select((_, index) => $"${index}"))})";
#pragma warning restore CA2100
        foreach (var (index, value) in row.Values.Index())
        {
            insert.Parameters.AddWithValue($"${index}", value);
        }

        await insert.ExecuteNonQueryAsync(Cancel);
    }
}
