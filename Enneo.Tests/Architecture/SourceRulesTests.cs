namespace Enneo.Tests.Architecture;

/// <summary>Each rule tried on a file that breaks it, and on its nearest neighbour that does not.</summary>
public sealed class SourceRulesTests
{
    private static readonly HashSet<string> s_none = [];

    [Theory]
    [InlineData("using Enneo.Core.Sync;")]
    [InlineData("global using Enneo.Core.Sync;")]
    [InlineData("using Entry = Enneo.Core.Sync.LedgerEntry;")]
    [InlineData("private Sync.LedgerEntry? _entry;")]
    [InlineData("var entry = new global::Enneo.Core.Sync.LedgerEntry();")]
    public void ASliceThatNamesAHigherOneIsNoticed(string code) =>
        Assert.Equal(["Enneo.Core/Tickets/Wrong.cs: Tickets names Sync, which stands above it"], Upward("Enneo.Core/Tickets/Wrong.cs", code));

    [Theory]
    [InlineData("using Enneo.Core.Messages;")]
    [InlineData("// later Enneo.Core.Sync takes over")]
    [InlineData("/// <see cref=\"Sync.LedgerEntry\"/>")]
    [InlineData("db.Sync.LedgerEntry();")]
    [InlineData("var words = \"// no comment\"; using Enneo.Core.Data;")]
    public void ASliceMayNameWhatStandsBelowIt(string code) => Assert.Empty(Upward("Enneo.Core/Tickets/Right.cs", code));

    [Fact]
    public void ASliceBehindAStringThatLooksLikeACommentIsNoticed() =>
        Assert.Single(Upward("Enneo.Core/Tickets/Wrong.cs", "var address = \"https://example.test\"; Sync.LedgerEntry entry;"));

    [Fact]
    public void ASliceWithoutAPlaceInTheOrderIsNoticed() =>
        Assert.Equal(["Enneo.Core/Novelty/New.cs: the slice Novelty has no place in the order"], Upward("Enneo.Core/Novelty/New.cs", "class New;"));

    [Fact]
    public void AnExceptionIsByName() =>
        Assert.Empty(SourceRules.SlicesNamedUpward([new("Enneo.Core/Data/Model.cs", "using Enneo.Core.Sync;")], new HashSet<string> { "Enneo.Core/Data/Model.cs" }));

    [Theory]
    [InlineData("Enneo.Core/Mailboxes/Wrong.cs", "using Microsoft.AspNetCore.Http;")]
    [InlineData("Enneo.Core/Mailboxes/Wrong.cs", "using Microsoft.AspNetCore.Identity;")]
    [InlineData("Enneo.Core/Identity/Wrong.cs", "using Microsoft.AspNetCore.Components;")]
    public void TheWebInCoreIsNoticed(string path, string code) => Assert.Single(SourceRules.WebFrameworksInCore([new(path, code)]));

    [Theory]
    [InlineData("Enneo.Core/Mailboxes/Right.cs", "using Microsoft.AspNetCore.DataProtection;")]
    [InlineData("Enneo.Core/Identity/Right.cs", "using Microsoft.AspNetCore.Identity;")]
    [InlineData("Enneo.Core/Data/Right.cs", "using Microsoft.AspNetCore.Identity.EntityFrameworkCore;")]
    public void WhatCoreMayTakeFromTheWebIsFine(string path, string code) => Assert.Empty(SourceRules.WebFrameworksInCore([new(path, code)]));

    [Theory]
    [InlineData("await imap.ConnectAsync(mailbox.Imap.Endpoint, credential, cancellationToken);", 1)]
    [InlineData("await smtp.ConnectAsync(mailbox.Smtp.Endpoint, credential, cancellationToken);", 1)]
    [InlineData("await imap.ConnectAsync(mailbox.ImapEndpoint, credential, cancellationToken);", 0)]
    public void AServerReachedPastItsMailboxIsNoticed(string code, int offences)
    {
        Assert.Equal(offences, SourceRules.ServersReachedPastTheirMailbox([new("Enneo.Core/Sync/Wrong.cs", code)]).Count());
        Assert.Empty(SourceRules.ServersReachedPastTheirMailbox([new("Enneo.Core/Mailboxes/Mailbox.cs", code)]));
    }

    [Theory]
    [InlineData("using var client = new ImapClient();")]
    [InlineData("using var client = new MailKit.Net.Smtp.SmtpClient(logger);")]
    [InlineData("using ImapClient client = new();")]
    [InlineData("private static ImapClient Make() => new(logger);")]
    [InlineData("private sealed class Quiet(int port) : ImapClient { }")]
    public void AMailClientMadeElsewhereIsNoticed(string code)
    {
        Assert.Single(SourceRules.MailClientsMadeElsewhere([new("Enneo.Core/Sync/Wrong.cs", code)]));
        Assert.Empty(SourceRules.MailClientsMadeElsewhere([new("Enneo.Core/Connections/Right.cs", code)]));
    }

    [Theory]
    [InlineData("private static async Task CountAsync(ImapClient client) => await client.Inbox.OpenAsync(FolderAccess.ReadOnly);")]
    [InlineData("internal sealed class Trial(ImapClient client, int port)\n    : ServerTrial<ImapClient>(client);")]
    [InlineData("using var client = await connector.ConnectAsync(endpoint, cancellationToken); List<int> uids = new();")]
    public void AMailClientMayBeHandedOn(string code) => Assert.Empty(SourceRules.MailClientsMadeElsewhere([new("Enneo.Core/Sync/Right.cs", code)]));

    [Theory]
    [InlineData("using var http = new HttpClient();")]
    [InlineData("private readonly HttpClient _http = new(handler);")]
    public void AnHttpClientIsNoticed(string code) => Assert.Single(SourceRules.HttpClientsMade([new("Enneo.Core/Mailboxes/Wrong.cs", code)]));

    [Theory]
    [InlineData("Enneo.Web/Inbox/Wrong.razor.cs", "sealed class Wrong(IDbContextFactory<T> dbFactory);")]
    [InlineData("Enneo.Web/Inbox/Wrong.razor", "@inject EnneoDbContext Db")]
    [InlineData("Enneo.Web/Inbox/Wrong.razor", "@using MailKit")]
    public void TheStoreInAPageIsNoticed(string path, string code)
    {
        Assert.Single(SourceRules.StoreOrMailServerInWeb([new(path, code)]));
        Assert.Empty(SourceRules.StoreOrMailServerInWeb([new(path, $"@* {code} *@")]));
    }

    [Theory]
    [InlineData("EnneoDatabase.ConnectionString(directory, SqliteOpenMode.ReadWrite)")]
    [InlineData("await using var db = new EnneoDbContext(options);")]
    [InlineData("using var connection = new SqliteConnection(text);")]
    public void AWriterBesideTheLaneIsNoticed(string code)
    {
        Assert.Single(SourceRules.WritersOutsideData([new("Enneo.Core/Sync/Wrong.cs", code)]));
        Assert.Empty(SourceRules.WritersOutsideData([new("Enneo.Core/Data/Right.cs", code)]));
    }

    [Fact]
    public void AnAnnouncementBesideTheLogIsNoticed() =>
        Assert.Single(SourceRules.AnnouncedBesideTheLog([new("Enneo.Core/Sync/Wrong.cs", "feed.Publish([entry]);"), new("Enneo.Core/Activity/LiveFeedReader.cs", "feed.Publish(entries);")]));

    [Theory]
    [InlineData("internal sealed class Wrong(IServiceProvider services);")]
    [InlineData("context.RequestServices.GetRequiredService<Outbox>()")]
    [InlineData("await using var scope = services.CreateAsyncScope();")]
    public void TheContainerElsewhereIsNoticed(string code)
    {
        Assert.NotEmpty(SourceRules.ContainerKnown([new("Enneo.Core/Sync/Wrong.cs", code)], s_none));
        Assert.Empty(SourceRules.ContainerKnown([new("Enneo.Core/Sync/SyncServices.cs", code)], s_none));
    }

    [Fact]
    public void ALongFileIsNoticed()
    {
        var longest = string.Concat(Enumerable.Repeat("line\n", SourceRules.LongestFile));

        Assert.Empty(SourceRules.LongFiles([new("Enneo.Web/Right.css", longest)]));
        Assert.Equal(["Enneo.Web/Wrong.css: 301 lines, at most 300"], SourceRules.LongFiles([new("Enneo.Web/Wrong.css", longest + "one more\n")]));
    }

    [Theory]
    [InlineData("Enneo.Web/Inbox/Wrong.razor", "@((MarkupString)subject)")]
    [InlineData("Enneo.Web/Inbox/Wrong.cs", "builder.AddMarkupContent(0, body);")]
    [InlineData("Enneo.Web/wwwroot/js/wrong.js", "element.innerHTML = text;")]
    [InlineData("Enneo.Web/wwwroot/js/wrong.js", "element.insertAdjacentHTML('beforeend', text);")]
    public void RawMarkupIsNoticed(string path, string code) => Assert.Single(SourceRules.RawMarkup([new(path, code)], s_none));

    [Theory]
    [InlineData("db.Database.ExecuteSqlRawAsync($\"DELETE FROM ledger WHERE Id = {id}\", cancellationToken)")]
    [InlineData("db.Tickets.FromSqlRaw($\"SELECT * FROM tickets WHERE Subject = '{subject}'\")")]
    [InlineData("db.Database.SqlQueryRaw<long>($\"SELECT {column}\")")]
    [InlineData("db.Database.ExecuteSqlRaw(\"DELETE FROM ledger WHERE Id = \" + id)")]
    public void SqlWithHolesIsNoticed(string code) => Assert.Single(SourceRules.InterpolatedSql([new("Enneo.Core/Sync/Wrong.cs", code)]));

    [Theory]
    [InlineData("db.Database.ExecuteSqlAsync($\"DELETE FROM ledger WHERE Id = {id}\", cancellationToken)")]
    [InlineData("db.Database.ExecuteSqlRawAsync(\"DELETE FROM ledger WHERE Id = {0}\", id)")]
    public void SqlWithParametersIsFine(string code) => Assert.Empty(SourceRules.InterpolatedSql([new("Enneo.Core/Sync/Right.cs", code)]));

    [Theory]
    [InlineData("@DateTime.Now")]
    [InlineData("var today = DateTime.Today;")]
    [InlineData("var now = DateTimeOffset.UtcNow;")]
    public void TheSystemClockIsNoticed(string code) => Assert.Single(SourceRules.SystemClock([new("Enneo.Web/Inbox/Wrong.razor", code)]));

    [Theory]
    [InlineData("public sealed class MailService;")]
    [InlineData("internal static class StringHelpers;")]
    [InlineData("public sealed record struct TicketDto(long Id);")]
    public void ANameThatSaysNothingIsNoticed(string code) => Assert.Single(SourceRules.NamesThatSayNothing([new("Enneo.Core/Sync/Wrong.cs", code)]));

    [Fact]
    public void ATextThatNobodyShowsIsNoticed()
    {
        SourceFile texts = new("Enneo.Web/Inbox/InboxText.resx", "<data name=\"Shown\" xml:space=\"preserve\"/><data name=\"Forgotten\" xml:space=\"preserve\"/>");
        SourceFile page = new("Enneo.Web/Inbox/InboxPage.razor", "<h1>@InboxText.Shown</h1>");

        Assert.Equal(["Enneo.Web/Inbox/InboxText.resx: nobody shows InboxText.Forgotten"], SourceRules.UnusedTexts([texts, page]));
    }

    private static IEnumerable<string> Upward(string path, string code) =>
        SourceRules.SlicesNamedUpward([new(path, code), new("Enneo.Core/Sync/LedgerEntry.cs", "public sealed class LedgerEntry;")], s_none);
}
