using Enneo.Core.Identity;
using Enneo.Core.Search;
using Enneo.Core.Search.Language;
using Enneo.Tests.Sending;
using Enneo.Tests.Servers;

namespace Enneo.Tests.Search;

public sealed class SentMailTests : IAsyncLifetime
{
    private readonly SmtpSink _sink = new() { User = Office.Address };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _sink.InitializeAsync();

    public ValueTask DisposeAsync() => _sink.DisposeAsync();

    [Fact]
    public async Task What_is_written_here_is_found_at_once_and_gone_when_it_is_taken_back()
    {
        await using var office = await Office.OpenAsync(_sink);
        var asked = await office.ReceiveAsync();
        var outgoing = await office.SendAsync(await office.WriteAsync(cc: ["new@x.example"], messageId: asked.MessageId));

        Assert.Equal([asked.TicketId], await FindAsync(office, "to:new@x.example"));

        Assert.True(await office.Outbox.UndoAsync(outgoing.Id, Office.Person, Cancel));

        Assert.Empty(await FindAsync(office, "to:new@x.example"));
    }

    private static async Task<IEnumerable<long>> FindAsync(Office office, string typed)
    {
        var query = QueryReader.Read(typed, TimeProvider.System.GetUtcNow(), TimeZoneInfo.Utc);
        return (await office.Get<SearchQueries>().FindAsync(Reach.All, new(query), Cancel)).Hits.Select(hit => hit.TicketId);
    }
}
