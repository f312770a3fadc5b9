using System.Text.Json;
using System.Text.Json.Serialization;
using Enneo.Core.Activity;
using Enneo.Core.Conditions;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Notes;
using Enneo.Core.Storage;
using Enneo.Core.Tags;
using Enneo.Core.Templates;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Automations;

/// <summary>What an action writes, composed and stored before anything is changed.</summary>
internal sealed record PreparedText(PreparedReply? Reply, NoReply? WhyNot, PreparedNote? Note)
{
    public static readonly PreparedText None = new(null, null, null);
}

/// <summary>An automation whose conditions a mail meets, with what it would write.</summary>
internal sealed record MetAutomation(Automation Automation, IReadOnlyList<ConditionTest> Because, IReadOnlyDictionary<AutomationAction, PreparedText> Texts);

/// <summary>Finds the automations that a mail meets, all by the same facts, and does what they say, in their order.</summary>
public sealed class AutomationRunning(
    IDbContextFactory<EnneoDbContext> dbFactory, MailFactsReading reading, AutoReplying replying, NoteWriting notes, TemplateFilling templates, MailHtml html, AutomaticTags tags, TimeProvider clock)
{
    private const string Origin = "automation";

    /// <summary>How a run writes down why.</summary>
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Changes nothing.</summary>
    internal async Task<IReadOnlyList<MetAutomation>> FindAsync(Message message, Mailbox mailbox, MailBytes raw, bool isProposed, CancellationToken cancellationToken)
    {
        List<Automation> candidates;
        await using (var db = await dbFactory.CreateDbContextAsync(cancellationToken))
        {
            candidates = (await db.Automations.AsNoTracking().Where(a => a.IsEnabled).OrderBy(a => a.Position).ThenBy(a => a.Id).ToListAsync(cancellationToken)).FindAll(a => a.AppliesTo(mailbox.Id));
        }

        if (candidates.Count == 0 || await reading.FindAsync(message.Id, raw, cancellationToken) is not { } facts)
        {
            return [];
        }

        List<MetAutomation> met = [];
        foreach (var automation in candidates)
        {
            if (new ConditionEvaluation(automation.Conditions).Of(facts) is { Holds: true } outcome)
            {
                Dictionary<AutomationAction, PreparedText> texts = [];
                foreach (var action in isProposed ? [] : automation.Actions)
                {
                    texts[action] = await PrepareAsync(action, message, mailbox, raw, cancellationToken);
                }

                met.Add(new(automation, outcome.Because, texts));
            }
        }

        return met;
    }

    /// <summary>Within a transaction of the writer lane. What was switched off, became spam meanwhile, or was done with this mail before, is left.</summary>
    /// <param name="isProposed">Nothing is done, only written down.</param>
    /// <param name="isAsked">A person says so, who may have the same done again.</param>
    internal async Task ApplyAsync(
        EnneoDbContext db, Message message, IReadOnlyList<MetAutomation> met, bool isProposed, CancellationToken cancellationToken, bool isAsked = false)
    {
        var ticket = await db.Tickets.SingleOrDefaultAsync(t => db.Messages.Any(m => m.Id == message.Id && m.TicketId == t.Id), cancellationToken);
        if (ticket is null || ticket.SpamStatus.IsSpam())
        {
            return;
        }

        foreach (var (automation, because, texts) in met)
        {
            if (!await db.Automations.AnyAsync(a => a.Id == automation.Id && a.IsEnabled, cancellationToken)
                || (!isAsked && await AutomationRun.IsKnownAsync(db, ticket.Id, message.Id, automation.Id, automation.Name, isProposed, cancellationToken)))
            {
                continue;
            }

            List<string> done = [];
            foreach (var action in automation.Actions)
            {
                done.Add(isProposed ? action.Kind.ToString() : await ActAsync(db, ticket, automation, action, texts.GetValueOrDefault(action, PreparedText.None), cancellationToken));
            }

            db.AutomationRuns.Add(new AutomationRun
            {
                MailboxId = ticket.MailboxId,
                MessageId = message.Id,
                AutomationId = automation.Id,
                Name = automation.Name,
                IsProposed = isProposed,
                Because = JsonSerializer.Serialize(because, Json),
                Done = done,
                At = clock.GetUtcNow(),
            });
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task<PreparedText> PrepareAsync(AutomationAction action, Message message, Mailbox mailbox, MailBytes raw, CancellationToken cancellationToken)
    {
        if (action.Kind is not (AutomationActionKind.Reply or AutomationActionKind.Note))
        {
            return PreparedText.None;
        }

        if (await TextOfAsync(action, message, mailbox, cancellationToken) is not var (filled, text))
        {
            return new(null, NoReply.TemplateGone, null);
        }

        if (action.Kind is AutomationActionKind.Note)
        {
            return new(null, null, await notes.PrepareAsync(message.TicketId, new NoteInput(filled), Actor.System, cancellationToken));
        }

        var (reply, whyNot) = await replying.PrepareAsync(message, mailbox, raw, text, cancellationToken);
        return new(reply, whyNot, null);
    }

    /// <returns>Null where the template is gone.</returns>
    private async Task<(string Html, string Text)?> TextOfAsync(AutomationAction action, Message message, Mailbox mailbox, CancellationToken cancellationToken)
    {
        if (action.TemplateId is not { } templateId)
        {
            var text = ReplyTemplate.Fill(action.Text ?? "", message);
            return (html.FromText(text), text);
        }

        return await templates.ForMailAsync(templateId, message, mailbox, cancellationToken) is { } filled ? (filled, html.ToText(filled).Trim()) : null;
    }

    private async Task<string> ActAsync(
        EnneoDbContext db, Ticket ticket, Automation automation, AutomationAction action, PreparedText text, CancellationToken cancellationToken)
    {
        var whyNot = text.WhyNot;
        switch (action.Kind)
        {
            case AutomationActionKind.Tag when action.TagId is { } tagId:
                await tags.GiveAsync(db, ticket.Id, [new(tagId, TagSource.Automation, new TagReason(Automation: automation.Name))], Origin, cancellationToken);
                break;
            case AutomationActionKind.Untag when action.TagId is { } tagId:
                await tags.TakeAsync(db, ticket.Id, tagId, Origin, cancellationToken);
                break;
            case AutomationActionKind.Assign when action.PersonId is { } personId && ticket.AssigneeId is null
                && (await Reaches.OfAsync(db, personId, cancellationToken)).Covers(ticket.MailboxId):
                Edit(db, ticket, state => state with { AssigneeId = personId });
                break;
            case AutomationActionKind.Status when action.Status is { } status:
                Edit(db, ticket, state => state with { Status = status });
                break;
            case AutomationActionKind.Priority when action.Priority is { } priority:
                Edit(db, ticket, state => state with { Priority = priority });
                break;
            case AutomationActionKind.Note when text.Note is { } note:
                await notes.WriteAsync(db, note, Actor.System, Origin, cancellationToken);
                break;
            case AutomationActionKind.Reply when text.Reply is { } prepared:
                whyNot = await replying.QueueAsync(db, prepared, cancellationToken);
                await db.Entry(ticket).ReloadAsync(cancellationToken);
                break;
        }

        return whyNot is null ? action.Kind.ToString() : $"{action.Kind}: {whyNot}";
    }

    private void Edit(EnneoDbContext db, Ticket ticket, Func<TicketState, TicketState> edit) => TicketEditing.Edit(db, ticket, edit, Actor.System, Origin, clock);
}
