using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Integrations;
using Enneo.Core.Integrations.Connected;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enneo.Tests.Connected;

/// <summary>Systems that hang, and answers that are lost or come when we are gone: nothing else waits for them, and nothing is done twice.</summary>
public sealed class FailingSystemTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ATicketThatWasOpenedThereIsFound_ThoughItsAnswerWasLostOrNeverNoted(bool isLost)
    {
        await using Desk desk = new("Here", isProcess: false);
        await using ScriptedDesk other = new();
        await desk.SetUpAsync();
        await other.StartAsync();
        var integration = await ConnectAsync(desk, "Zammad", other.Port);
        var raw = Encoding.UTF8.GetBytes("From: Mia <mia@customer.example>\r\nTo: here@example.test\r\nSubject: Parcel\r\nMessage-ID: <parcel@customer.example>\r\n\r\nWhere is it?\r\n");
        var ticket = (await desk.Store.Get<MailImport>().ReceiveAsync(desk.MailboxId, new ImportedMail(FolderRole.Inbox, raw, TimeProvider.System.GetUtcNow(), Seen: false), Cancel)).TicketId;
        var exchange = desk.Store.Get<TicketExchange>();
        using CancellationTokenSource killed = new();

        other.Answering = context =>
        {
            other.Answering = null;
            if (isLost)
            {
                context.Abort();
            }
            else
            {
                killed.Cancel();
            }
        };
        await Assert.ThrowsAnyAsync<Exception>(() => exchange.OfOursAsync(integration, ticket, long.MaxValue, killed.Token));
        Assert.Empty(await NamesAsync(desk));
        for (var i = 0; i < 120; i++)
        {
            other.Open($"Another {i}", "Asked meanwhile", "mia@customer.example");
        }

        var later = (await exchange.OfOursAsync(integration, ticket, long.MaxValue, Cancel)).Again; // what it searches may not know the newest yet
        Assert.True(later > TimeProvider.System.GetUtcNow());
        var earlier = TimeProvider.System.GetUtcNow().AddMinutes(-5);
        await desk.Store.Get<WriterLane>().RunAsync((db, token) => db.Set<OpeningAttempt>().ExecuteUpdateAsync(set => set.SetProperty(a => a.At, earlier), token), Cancel);
        await exchange.OfOursAsync(integration, ticket, long.MaxValue, Cancel);

        var opened = Assert.Single(other.Tickets(), found => found.Title == "Parcel");
        Assert.Single(opened.Articles);
        Assert.Equal([opened.Id.ToString(CultureInfo.InvariantCulture)], await NamesAsync(desk));
    }

    [Fact]
    public async Task ASystemThatHangsDelaysNoOther()
    {
        await using Desk desk = new("Here", isProcess: false);
        await using ScriptedDesk other = new();
        using TcpListener hanging = new(IPAddress.Loopback, 0);
        hanging.Start();
        await desk.SetUpAsync();
        await other.StartAsync();
        var dead = await ConnectAsync(desk, "Hangs", ((IPEndPoint)hanging.LocalEndpoint).Port);
        var alive = await ConnectAsync(desk, "Lives", other.Port);
        other.Open("Quick", "Asked there");
        var notices = desk.Store.Get<TicketNotices>();
        using NewsReading reading = new(desk.Store.Get<TheirNews>(), notices, TimeProvider.System, NullLogger<NewsReading>.Instance);

        await reading.StartAsync(Cancel);
        await notices.NoteAsync(dead, "1", TimeProvider.System.GetUtcNow(), Cancel);
        using var asked = await hanging.AcceptTcpClientAsync(Cancel);
        await notices.NoteAsync(alive, "1", TimeProvider.System.GetUtcNow(), Cancel);

        await EnneoStore.UntilAsync(async () => await NamesAsync(desk) is ["1"], TimeSpan.FromSeconds(25), Cancel); // sooner than the other is given up
        Assert.Equal(dead, (await desk.Store.ReadAsync(db => db.Set<TicketNews>().SingleAsync(n => n.Problem == null && n.IntegrationId == dead, Cancel), Cancel)).IntegrationId);
        await reading.StopAsync(Cancel);
    }

    private static Task<List<string>> NamesAsync(Desk desk) => desk.Store.ReadAsync(db => db.Set<ExternalTicket>().Select(e => e.ExternalId).ToListAsync(Cancel), Cancel);

    internal static async Task<long> ConnectAsync(Desk desk, string name, int port, SendingOwner owner = SendingOwner.Here)
    {
        var added = await desk.Store.Get<IntegrationEditing>().AddAsync(
            new IntegrationInput
            {
                Name = name,
                Kind = OtherKind.Zammad,
                Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
                MayBePrivate = true,
                Credential = "token",
                MailboxId = desk.MailboxId,
                TheirMailbox = "Users",
                Owner = owner,
                Rules = IntegrationPresets.RulesOf(OtherKind.Zammad),
            },
            Actor.Operator, "test", Cancel);
        Assert.Empty(added.Errors);
        return added.IntegrationId!.Value;
    }
}
