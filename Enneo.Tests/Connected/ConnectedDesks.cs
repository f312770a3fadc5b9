using System.Globalization;
using System.Text;
using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Integrations;
using Enneo.Core.Integrations.Connected;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Connected;

/// <summary>Two installations that are connected, of which the other one runs; here the exchanges are called one by one.</summary>
public sealed class ConnectedDesks : IAsyncLifetime
{
    private int _number;

    internal Desk Here { get; } = new("Here", isProcess: false);

    internal Desk There { get; } = new("There", isProcess: false);

    internal long IntegrationId { get; private set; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TicketExchange Exchange => Here.Store.Get<TicketExchange>();

    public async ValueTask InitializeAsync()
    {
        await Here.SetUpAsync();
        await There.SetUpAsync();
        (IntegrationId, _) = await Here.ConnectAsync(There, There.Port, Here.Port);
        await There.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Here.DisposeAsync();
        await There.DisposeAsync();
    }

    /// <summary>A ticket of a mail that both fetched.</summary>
    /// <returns>Its numbers here and there.</returns>
    internal async Task<(long Ours, long Theirs)> TicketAsync()
    {
        var number = Interlocked.Increment(ref _number);
        var raw = Encoding.UTF8.GetBytes($"From: Mia <mia{number}@customer.example>\r\nTo: desk@example.test\r\nSubject: Parcel {number}\r\nMessage-ID: <parcel{number}@customer.example>\r\n\r\nWhere is it?\r\n");
        ImportedMail mail = new(FolderRole.Inbox, raw, TimeProvider.System.GetUtcNow(), Seen: false);
        var ours = (await Here.Store.Get<MailImport>().ReceiveAsync(Here.MailboxId, mail, Cancel)).TicketId;
        var theirs = (await There.Get<MailImport>().ReceiveAsync(There.MailboxId, mail, Cancel)).TicketId;
        await TheirsAsync(theirs);
        return (ours, theirs);
    }

    internal Task OursAsync(long ticketId) => Exchange.OfOursAsync(IntegrationId, ticketId, long.MaxValue, Cancel);

    internal Task TheirsAsync(long ticketId) => Exchange.OfTheirsAsync(IntegrationId, ticketId.ToString(CultureInfo.InvariantCulture), Cancel);

    internal async Task DeletionsGoAsync(DeletionWay way)
    {
        var view = (await Here.Store.Get<IntegrationQueries>().ListAsync(Actor.Operator, Cancel)).Single();
        Assert.Empty((await Here.Store.Get<IntegrationEditing>().UpdateAsync(IntegrationId, view.Settings with { Deletions = way }, Actor.Operator, "test", Cancel)).Errors);
    }

    /// <summary>What the notes of a ticket say there, by their numbers.</summary>
    internal async Task<IReadOnlyDictionary<long, string>> NotesThereAsync(long ticketId) => (await MessagesThereAsync(ticketId))
        .Where(message => message.GetProperty("private").GetBoolean()).ToDictionary(message => message.GetProperty("id").GetInt64(), message => message.GetProperty("bodyPlain").GetString()!.Trim());

    internal async Task<IReadOnlyList<JsonElement>> MessagesThereAsync(long ticketId) =>
        [.. (await There.Program.GetAsync($"ticket/{ticketId}/conversation?limit=100")).Ok().Json.GetProperty("conversation").EnumerateArray()];

    /// <summary>What the notes of a ticket say here, by their numbers.</summary>
    internal Task<Dictionary<long, string>> NotesHereAsync(long ticketId) => Here.Store.ReadAsync(
        db => db.Messages.Where(m => m.TicketId == ticketId && m.Direction == Core.Messages.MessageDirection.Internal).ToDictionaryAsync(m => m.Id, m => m.Snippet, Cancel), Cancel);

    internal Task<IReadOnlyList<MessageDifferenceView>> DifferencesAsync() => Here.Store.Get<IntegrationQueries>().DifferencesAsync(IntegrationId, Actor.Operator, Cancel);

    /// <summary>Decides the only difference there is, and has that done.</summary>
    internal async Task DecideAsync(ConflictChoice choice, long theirTicket)
    {
        var difference = Assert.Single(await DifferencesAsync());
        Assert.True(await Here.Store.Get<ConflictDeciding>().RunAsync(IntegrationId, difference.ExternalId, choice, Actor.Operator, "test", Cancel));
        await TheirsAsync(theirTicket);
        Assert.Empty(await DifferencesAsync());
    }

    /// <returns>Which tickets there are ours, by our numbers.</returns>
    internal Task<ILookup<long, string>> LinksAsync() => Here.Store.ReadAsync(
        async db => (await db.Set<ExternalTicket>().ToListAsync(Cancel)).ToLookup(e => e.TicketId, e => e.ExternalId), Cancel);
}
