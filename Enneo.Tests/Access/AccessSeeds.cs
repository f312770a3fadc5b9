using Enneo.Core.Activity;
using Enneo.Core.Automations;
using Enneo.Core.Conditions;
using Enneo.Core.Data;
using Enneo.Core.Notes;
using Enneo.Core.Processing;
using Enneo.Core.Spam;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Access;

/// <summary>What must be there before somebody asks for it.</summary>
internal static partial class AccessCases
{
    private static Task JudgedAsync(TwoMailboxes house, Target it) => WriteAsync(house, it, async (db, token) =>
    {
        db.SpamVerdicts.Add(new SpamVerdict { MessageId = it.MessageId, MailboxId = it.MailboxId, Stage = SpamStage.Model, JudgedAt = DateTimeOffset.UnixEpoch });
        await db.SaveChangesAsync(token);
    });

    private static async Task<object?> Nothing(Task task)
    {
        await task;
        return null;
    }

    /// <summary>Mail over a list, that can be unsubscribed from, hidden as a rule found it.</summary>
    /// <returns>Its ticket; one that does not exist where there is no such mailbox.</returns>
    private static async Task<long> NewsletterAsync(TwoMailboxes house, Target it, HeaderRule rule = HeaderRule.Bulk)
    {
        if (it == Target.Missing)
        {
            return it.TicketId;
        }

        var mailbox = await house.ReadAsync(db => db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == it.MailboxId, Cancel));
        var received = await house.Store.ReceiveAsync(
            mailbox, $"News {it.Word}", $"News <news@{it.Word}.example>",
            headers: "List-Id: News <lists.elsewhere.example>\r\nList-Unsubscribe: <https://news.invalid/u>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
        await WriteAsync(house, it, async (db, token) =>
        {
            db.SpamVerdicts.Add(new SpamVerdict
            {
                MessageId = received.MessageId,
                MailboxId = it.MailboxId,
                Stage = SpamStage.Header,
                Rule = rule,
                IsSpam = true,
                JudgedAt = DateTimeOffset.UnixEpoch,
            });
            await db.SaveChangesAsync(token);
            await db.Tickets.Where(t => t.Id == received.TicketId)
                .ExecuteUpdateAsync(set => set.SetProperty(t => t.SpamStatus, SpamStatus.AutoSpam).SetProperty(t => t.Place, TicketPlace.Junk), token);
        });
        return received.TicketId;
    }

    private static Task ProcessedAsync(TwoMailboxes house, Target it) => WriteAsync(house, it, async (db, token) =>
    {
        ProcessingRun run = new()
        {
            MailboxId = it.MailboxId,
            MessageId = it.MessageId,
            Cause = ProcessingCause.Arrival,
            CreatedAt = DateTimeOffset.UnixEpoch,
            DueAt = DateTimeOffset.UnixEpoch,
            FinishedAt = DateTimeOffset.UnixEpoch,
        };
        db.ProcessingRuns.Add(run);
        await db.SaveChangesAsync(token);
        db.ProcessingRecords.Add(new ProcessingRecord { RunId = run.Id, Step = "spam", Outcome = StepOutcome.Failed, At = DateTimeOffset.UnixEpoch });
        await db.SaveChangesAsync(token);
    });

    /// <returns>The id of a note that the visitor wrote, before the mailbox was taken from them.</returns>
    private static async Task<long> NotedAsync(TwoMailboxes house, Visitor who, Target it)
    {
        if (await house.Get<NoteWriting>().AddAsync(it.TicketId, new("Between us"), Actor.System, Origin, Cancel) is not { } id)
        {
            return it.MessageId;
        }

        await WriteAsync(house, it, (db, token) => db.Messages.Where(m => m.Id == id).ExecuteUpdateAsync(set => set.SetProperty(m => m.AuthorId, who.Id), token));
        return id;
    }

    private static Task WriteAsync(TwoMailboxes house, Target it, Func<EnneoDbContext, CancellationToken, Task> write) =>
        it == Target.Missing ? Task.CompletedTask : house.Get<WriterLane>().RunAsync(write, Cancel);

    /// <summary>An automation that was held back for the conversation; the case is told the proposal's id.</summary>
    private static OneCase Proposed(string method, Func<TwoMailboxes, Visitor, Target, long, Task<object?>> ask) => new(method, async (house, who, it) =>
    {
        var id = it.MessageId; // where there is no such conversation there is no such proposal either
        await WriteAsync(house, it, async (db, token) =>
        {
            Automation automation = new()
            {
                Name = "Close",
                IsEnabled = true,
                Conditions = new(false, [new(ConditionField.Subject, ConditionOperator.IsEmpty, [], IsNegated: true)], []),
                Actions = [new(AutomationActionKind.Status) { Status = TicketStatus.Closed }],
            };
            db.Automations.Add(automation);
            await db.SaveChangesAsync(token);
            AutomationRun run = new()
            {
                MailboxId = it.MailboxId,
                MessageId = it.MessageId,
                AutomationId = automation.Id,
                Name = automation.Name,
                IsProposed = true,
                Because = "[]",
                Done = ["Status"],
                At = DateTimeOffset.UnixEpoch,
            };
            db.AutomationRuns.Add(run);
            await db.SaveChangesAsync(token);
            id = run.Id;
        });
        return await ask(house, who, it, id);
    });
}
