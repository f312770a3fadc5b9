using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Spam;
using Enneo.Core.Spam.Model;
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

    /// <summary>Thresholds, rules that are switched off, lists of senders, and what people taught the model.</summary>
    [Fact]
    public async Task WhatWasSaidAboutSpamIsCarriedOver()
    {
        DataDirectory directory = new(_folder["data"]);
        Directory.CreateDirectory(directory.Path);
        LocalWeights learned = new();
        learned.CountLabel();
        await using (var before = await OpenAsync(directory))
        {
            await using EnneoDbContext db = new(new DbContextOptionsBuilder<EnneoDbContext>().UseSqlite(before).UseApplicationServiceProvider(IdentitySchema.Services).Options);
            await db.GetService<IMigrator>().MigrateAsync("Spam", Cancel);
            await AddAsync(before, "mailboxes", ("Id", 1), ("Address", "support@example.test"), ("Spam_DmarcRule", 0), ("Spam_BulkRule", 1), ("Spam_JunkMoves", nameof(JunkMoves.ByAll)));
            await AddAsync(before, "tickets", ("Id", 5), ("MailboxId", 1), ("Subject", "Pills"), ("Status", "Open"), ("Place", "Junk"));
            await AddAsync(before, "messages", ("Id", 7), ("MailboxId", 1), ("TicketId", 5), ("Direction", "In"), ("Automatic", "None"));
            await AddAsync(before, "settings", ("Name", "spam"), ("Value", """{"Model":false,"SpamThreshold":0.97,"UnsureThreshold":0.6,"KeptDays":90}"""));
            await AddAsync(before, "settings", ("Name", "spam:feedback-ids"), ("Value", """["ours"]"""));
            await AddAsync(before, "spam_senders", ("Id", 1), ("Sender", "shop.example"), ("IsTrusted", 1));
            await AddAsync(before, "spam_senders", ("Id", 2), ("Sender", "eve@pills.top"), ("MailboxId", 1), ("IsTrusted", 0));
            await AddAsync(before, "dmarc_exceptions", ("Id", 1), ("FromDomain", "customer.example"), ("Via", "lists.example"));
            await AddAsync(before, "spam_lessons", ("Id", 1), ("MailboxId", 1), ("MessageId", 7), ("IsSpam", 1), ("Source", nameof(LessonSource.Person)), ("ProbabilityBefore", 0.25));
            await AddAsync(before, "spam_learned", ("Id", 1), ("Model", "abc"), ("Weights", learned.ToBytes()), ("LastSenders", """["eve@pills.top"]"""));
            await AddAsync(before, "spam_verdicts", ("MessageId", 7), ("MailboxId", 1), ("Stage", nameof(SpamStage.Model)), ("IsSpam", 1), ("Probability", 0.25), ("Evidence", ""), ("Reasons", "[]"));
        }

        Assert.Null(await new DatabaseMigration(directory, TimeProvider.System, NullLogger<DatabaseMigration>.Instance).RunAsync(Cancel));

        await using var connection = await OpenAsync(directory);
        await using EnneoDbContext now = new(EnneoDatabase.Options(connection));
        Assert.Equal(new SpamSettings { Model = false, SpamThreshold = .97, UnsureThreshold = .6, KeptDays = 90 }, await SpamSettings.ReadAsync(now, Cancel));
        Assert.Equal("""["ours"]""", await now.Settings.Where(s => s.Name == SenderKnowledge.FeedbackIdsSetting).Select(s => s.Value).SingleAsync(Cancel));
        Assert.Equal((false, true, JunkMoves.ByAll), await now.Mailboxes.Select(m => ValueTuple.Create(m.Spam.DmarcRule, m.Spam.BulkRule, m.Spam.JunkMoves)).SingleAsync(Cancel));
        Assert.Equal(
            [("shop.example", null, true), ("eve@pills.top", 1L, false)],
            await now.SpamSenders.OrderBy(s => s.Id).Select(s => ValueTuple.Create(s.Sender, s.MailboxId, s.IsTrusted)).ToListAsync(Cancel));
        Assert.Equal(("customer.example", "lists.example"), await now.DmarcExceptions.Select(e => ValueTuple.Create(e.FromDomain, e.Via)).SingleAsync(Cancel));
        Assert.Equal((7, true, LessonSource.Person, .25), await now.SpamLessons.Select(l => ValueTuple.Create(l.MessageId, l.IsSpam, l.Source, l.ProbabilityBefore!.Value)).SingleAsync(Cancel));
        var weights = await now.Set<LearnedWeights>().AsNoTracking().SingleAsync(Cancel);
        Assert.Equal(("abc", 1), (weights.Model, LocalWeights.Read(weights.Weights).Labels));
        Assert.Equal((.25, null, ""), await now.SpamVerdicts.Select(v => ValueTuple.Create(v.Probability!.Value, v.ProbabilityAlone, v.OpinionReason)).SingleAsync(Cancel));
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
