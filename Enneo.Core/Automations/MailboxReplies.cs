using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Automations;

/// <summary>What a mailbox answers by itself to whoever opens a conversation.</summary>
public sealed class MailboxReplies(IDbContextFactory<EnneoDbContext> dbFactory, AutoReplying replying, TimeProvider clock)
{
    /// <returns>Neither where the mailbox answers nothing.</returns>
    internal async Task<(PreparedReply? Reply, NoReply? WhyNot)> PrepareAsync(Message message, Mailbox mailbox, MailBytes raw, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var setting = await db.MailboxAutoReplies.AsNoTracking().SingleOrDefaultAsync(r => r.MailboxId == mailbox.Id && r.IsEnabled, cancellationToken);
        return setting is null ? (null, null) : await replying.PrepareAsync(message, mailbox, raw, ReplyTemplate.Fill(setting.Text, message), cancellationToken);
    }

    /// <summary>Leaves it to a person, once per sender and ticket. Within a transaction of the writer lane.</summary>
    internal async Task ProposeAsync(EnneoDbContext db, PreparedReply reply, CancellationToken cancellationToken)
    {
        var answered = reply.Answered;
        if (await AutomationRun.IsKnownAsync(db, answered.TicketId, answered.Id, AutomationRun.MailboxReply, reply.Recipient.Address, isProposed: true, cancellationToken))
        {
            return;
        }

        db.AutomationRuns.Add(new AutomationRun
        {
            MailboxId = answered.MailboxId,
            MessageId = answered.Id,
            AutomationId = AutomationRun.MailboxReply,
            Name = reply.Recipient.Address,
            IsProposed = true,
            Because = "[]",
            Done = [nameof(AutomationActionKind.Reply)],
            At = clock.GetUtcNow(),
        });
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <inheritdoc cref="AutoReplying.QueueAsync"/>
    internal Task<NoReply?> QueueAsync(EnneoDbContext db, PreparedReply reply, CancellationToken cancellationToken) => replying.QueueAsync(db, reply, cancellationToken);
}
