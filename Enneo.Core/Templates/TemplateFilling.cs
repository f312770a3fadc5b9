using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Templates;

/// <summary>Fills templates with whom an answer goes to, who writes it and what it is about.</summary>
public sealed class TemplateFilling(IDbContextFactory<EnneoDbContext> dbFactory, Requesters requesters)
{
    /// <summary>For what somebody is writing.</summary>
    /// <returns>HTML; null if there is no such draft of the author, or no such template in its mailbox.</returns>
    public async Task<string?> ForDraftAsync(long templateId, long draftId, long authorId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (await DraftRows.FindAsync(db, draftId, authorId, cancellationToken) is not { } draft
            || await FindAsync(db, templateId, draft.MailboxId, cancellationToken) is not { } template)
        {
            return null;
        }

        var customer = draft.TicketId is { } ticketId ? (await requesters.FindAsync(Reach.All, ticketId, cancellationToken))?.Person : null;
        var subject = await db.Tickets.Where(t => t.Id == draft.TicketId).Select(t => t.Subject).SingleOrDefaultAsync(cancellationToken) ?? draft.Subject;
        var mailbox = await db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == draft.MailboxId, cancellationToken);
        var agent = await AgentAsync(db, Actor.User(authorId), cancellationToken);
        return Placeholders.Fill(template.Text, Values(customer ?? (draft.To is [var first, ..] ? first : null), agent, draft.TicketId, subject, mailbox));
    }

    /// <summary>For a mail that a program sends.</summary>
    /// <param name="told">What the program says; it goes before what is known.</param>
    /// <returns>HTML; null if there is no such template in the mailbox, or no such mailbox within reach.</returns>
    public async Task<string?> ForProgramAsync(
        Reach reach, long templateId, long mailboxId, MailAddress? customer, string subject, IReadOnlyDictionary<string, string?> told, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (!reach.Covers(mailboxId)
            || await db.Mailboxes.AsNoTracking().SingleOrDefaultAsync(m => m.Id == mailboxId, cancellationToken) is not { } mailbox
            || await FindAsync(db, templateId, mailboxId, cancellationToken) is not { } template)
        {
            return null;
        }

        var values = Values(customer, await AgentAsync(db, actor, cancellationToken), null, subject, mailbox);
        foreach (var (name, value) in told)
        {
            values[name] = value;
        }

        return Placeholders.Fill(template.Text, values);
    }

    /// <summary>For an answer to a ticket that a program sends.</summary>
    /// <inheritdoc cref="ForProgramAsync"/>
    /// <returns>HTML; null if there is no such template in the ticket's mailbox, or no such ticket within reach.</returns>
    public async Task<string?> ForReplyAsync(
        Reach reach, long templateId, long ticketId, IReadOnlyDictionary<string, string?> told, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (await reach.Of(db.Tickets).Where(t => t.Id == ticketId).Select(t => new { t.MailboxId, t.Subject }).SingleOrDefaultAsync(cancellationToken) is not { } ticket)
        {
            return null;
        }

        var customer = (await requesters.FindAsync(reach, ticketId, cancellationToken))?.Person;
        Dictionary<string, string?> values = new(StringComparer.OrdinalIgnoreCase) { [Placeholders.Ticket] = ticketId.ToString(CultureInfo.InvariantCulture) };
        foreach (var (name, value) in told)
        {
            values[name] = value;
        }

        return await ForProgramAsync(reach, templateId, ticket.MailboxId, customer, ticket.Subject, values, actor, cancellationToken);
    }

    /// <summary>For an answer that is given by itself, or a note.</summary>
    /// <returns>HTML; null if there is no such template in the mailbox.</returns>
    internal async Task<string?> ForMailAsync(long templateId, Message mail, Mailbox mailbox, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await FindAsync(db, templateId, mailbox.Id, cancellationToken) is { } template
            ? Placeholders.Fill(template.Text, Values(new MailAddress(mail.FromName, mail.FromAddress), Sender.Of(mailbox).Name, mail.TicketId, mail.Subject, mailbox))
            : null;
    }

    private static async Task<AnswerTemplate?> FindAsync(EnneoDbContext db, long templateId, long mailboxId, CancellationToken cancellationToken) =>
        await db.Templates.AsNoTracking().SingleOrDefaultAsync(t => t.Id == templateId, cancellationToken) is { } template && template.AppliesTo(mailboxId) ? template : null;

    private static async Task<string> AgentAsync(EnneoDbContext db, Actor actor, CancellationToken cancellationToken) =>
        await db.Users.Where(u => u.Id == actor.UserId).Select(u => u.DisplayName).SingleOrDefaultAsync(cancellationToken) ?? "";

    /// <param name="ticketId">Null stays open, as it is not known yet.</param>
    private static Dictionary<string, string?> Values(MailAddress? customer, string agent, long? ticketId, string subject, Mailbox mailbox)
    {
        Dictionary<string, string?> values = new(StringComparer.OrdinalIgnoreCase)
        {
            [Placeholders.Customer] = customer is null ? "" : customer.Name.Length > 0 ? customer.Name : customer.Address,
            [Placeholders.Agent] = agent,
            [Placeholders.Subject] = subject,
            [Placeholders.Mailbox] = Sender.Of(mailbox).Name,
        };
        if (ticketId is { } id)
        {
            values[Placeholders.Ticket] = id.ToString(CultureInfo.InvariantCulture);
        }

        return values;
    }
}
