using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Integrations.Connected;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Sending;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Connected;

/// <summary>A system with bad manners: it echoes, reorders, merges, asks to wait and mails public comments. There is no loop, no mail goes out twice, and both have the same in the end.</summary>
public sealed class ThirdSystemTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SendingOwner.There, true)]
    [InlineData(SendingOwner.Here, true)]
    [InlineData(SendingOwner.Here, false)]
    public async Task NoLoop_NoMailTwice_TheSameOnBothSides(SendingOwner owner, bool mailsPublicComments)
    {
        await using Desk desk = new("Here", isProcess: false);
        await using ScriptedDesk other = new() { MailsPublicComments = mailsPublicComments };
        await desk.SetUpAsync();
        await other.StartAsync();
        await ConnectAsync(desk, other, owner, mailsPublicComments);
        await desk.StartAsync();

        var theirs = Enumerable.Range(0, 4).Select(i => other.Open($"Theirs {i}", $"Asked there {i}")).ToList();
        List<long> ours = [];
        for (var i = 0; i < 4; i++)
        {
            ours.Add((await desk.Program.PostAsync("ticket", new { subchannelId = desk.MailboxId, from = $"mia{i}@customer.example", subject = $"Ours {i}", body = $"Asked here {i}" })).Ok(201).Json.GetProperty("id").GetInt64());
        }

        await QuietAsync(desk, other, owner);
        for (var i = 0; i < 4; i++)
        {
            (await desk.Program.PostAsync($"ticket/{ours[i]}/conversation/reply", new { content = new { message = $"Answer here {i}" } })).Ok();
            (await desk.Program.PostAsync($"ticket/{ours[i]}/conversation/reply", new { content = new { message = $"Note here {i}" }, @private = true })).Ok();
            (await desk.Program.PatchAsync($"ticket/{ours[i]}", new { priority = "high", tagIds = new[] { desk.TagIds[Desk.Tags[i]] } })).Ok();
            other.Write(theirs[i], $"Comment there {i}", isInternal: false);
            other.Write(theirs[i], $"Secret there {i}", isInternal: i % 2 == 0 ? true : null);
            other.Change(theirs[i], "state", i < 2 ? "pending close" : "closed");
            other.Tag(theirs[i], Desk.Tags[i]);
        }

        await QuietAsync(desk, other, owner);
        other.Merge(theirs[3], theirs[2]);
        (await desk.Program.PatchAsync($"ticket/{ours[0]}", new { subject = "Renamed here" })).Ok();
        await QuietAsync(desk, other, owner);

        Assert.InRange(other.AskedToWait * other.AsksToWaitEvery, 1, 600); // of its calls, of which some 200 are needed: nothing goes round
        Assert.Equal(Theirs(other), await OursAsync(desk));
        var mailedHere = await desk.Store.ReadAsync(db => db.Outbox.CountAsync(o => o.State == DeliveryState.Sent, Cancel), Cancel);
        if (owner is SendingOwner.There)
        {
            Assert.Equal([.. Enumerable.Range(0, 4).SelectMany(i => (string[])[$"Answer here {i}", $"Comment there {i}"]).Order()], other.Mailed.Select(Plain).Order());
        }
        else
        {
            var byThem = mailsPublicComments ? Enumerable.Range(0, 4).Select(i => $"Comment there {i}") : [];
            Assert.Equal([.. byThem.Order()], other.Mailed.Select(Plain).Order()); // none of our answers
            Assert.Equal(mailsPublicComments ? 4 : 8, mailedHere); // ours, and their comments only where they do not mail them
        }
    }

    private static async Task ConnectAsync(Desk desk, ScriptedDesk other, SendingOwner owner, bool mailsPublicComments)
    {
        var added = await desk.Store.Get<IntegrationEditing>().AddAsync(
            new IntegrationInput
            {
                Name = "Zammad",
                Kind = OtherKind.Zammad,
                Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{other.Port}"),
                MayBePrivate = true,
                Credential = "token",
                MailboxId = desk.MailboxId,
                TheirMailbox = "Users",
                Owner = owner,
                MailsPublicComments = mailsPublicComments,
                Rules = IntegrationPresets.RulesOf(OtherKind.Zammad),
            },
            Actor.Operator, "test", Cancel);
        Assert.Empty(added.Errors);
        var view = (await desk.Store.Get<IntegrationQueries>().ListAsync(Actor.Operator, Cancel)).Single();
        other.Hook = (string.Create(CultureInfo.InvariantCulture, $"http://localhost:{desk.Port}/api/mind/hook/{view.HookId}"), added.Secret!);
    }

    /// <summary>Where we send, something takes what is to leave, as a mail server would.</summary>
    private static async Task QuietAsync(Desk desk, ScriptedDesk other, SendingOwner owner)
    {
        var quiet = 0;
        await EnneoStore.UntilAsync(
            async () =>
            {
                if (owner is SendingOwner.Here)
                {
                    foreach (var messageId in await desk.Store.ReadAsync(db => db.Outbox.Where(o => o.State == DeliveryState.Sending).Select(o => o.MessageId).ToListAsync(Cancel), Cancel))
                    {
                        await desk.Get<Outbox>().ReportAsync(messageId, isSent: true, null, Actor.Operator, "test", Cancel);
                    }
                }

                var isQuiet = other.IsQuiet && await desk.Store.ReadAsync(
                    async db => !await db.Set<WebhookDelivery>().AnyAsync(d => d.State != WebhookDeliveryState.Delivered, Cancel) && !await db.Set<TicketNews>().AnyAsync(Cancel)
                        && !await db.Outbox.AnyAsync(o => o.State == DeliveryState.Queued || o.State == DeliveryState.Sending, Cancel)
                        && !await db.Set<Webhook>().AnyAsync(w => db.Activity.Any(e => e.Sequence > w.Cursor && WebhookEvents.Kinds.Contains(e.Kind)), Cancel), Cancel);
                quiet = isQuiet ? quiet + 1 : 0;
                return quiet >= 4;
            },
            TimeSpan.FromMinutes(3), Cancel, everyMilliseconds: 200);
    }

    private static List<string> Theirs(ScriptedDesk other)
    {
        var rules = IntegrationPresets.RulesOf(OtherKind.Zammad);
        return [.. other.Tickets().Select(ticket =>
            $"{ticket.Title} {rules[SyncedField.Status].ToOurs(ticket.State)} {rules[SyncedField.Priority].ToOurs(ticket.Priority)} {ticket.Tags}: {string.Join(" / ", ticket.Articles.Select(article => Plain(article.Text)).Order())}").Order()];
    }

    private static async Task<List<string>> OursAsync(Desk desk)
    {
        List<string> tickets = [];
        foreach (var id in (await desk.Program.PostAsync("ticket/search", new { limit = 100 })).Ok().Json.GetProperty("tickets").EnumerateArray().Select(ticket => ticket.GetProperty("id").GetInt64()))
        {
            var ticket = (await desk.Program.GetAsync($"ticket/{id}")).Ok().Ticket;
            var messages = (await desk.Program.GetAsync($"ticket/{id}/conversation")).Ok().Json.GetProperty("conversation").EnumerateArray().ToList();
            Assert.All(messages.Where(message => message.GetProperty("bodyPlain").GetString()!.Contains("Secret", StringComparison.Ordinal)), message => Assert.True(message.GetProperty("private").GetBoolean()));
            var tags = ticket.GetProperty("tags").EnumerateArray().Select(tag => desk.TagIds.First(known => known.Value == tag.GetInt64()).Key).Order();
            tickets.Add($"{ticket.GetProperty("subject").GetString()} {ticket.GetProperty("status").GetString()} {ticket.GetProperty("priority").GetString()} {string.Join(',', tags)}: {string.Join(" / ", messages.Select(message => Plain(message.GetProperty("bodyPlain").GetString()!)).Order())}");
        }

        return [.. tickets.Order()];
    }

    private static string Plain(string text) => System.Text.RegularExpressions.Regex.Replace(text, "<[^>]*>", "\n").Trim().Split('\n')[0].Trim();
}
