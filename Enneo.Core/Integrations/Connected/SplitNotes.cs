using System.Globalization;
using Enneo.Core.Data;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Connected;

/// <summary>Where the other system cannot make a ticket of messages of another one, it is told by a note which of them are one here: once.</summary>
internal sealed class SplitNotes(IDbContextFactory<EnneoDbContext> dbFactory, TimeProvider clock)
{
    /// <param name="ours">The new ticket.</param>
    /// <param name="theirs">The one there in which its messages lie.</param>
    /// <param name="count">So many of them.</param>
    public async Task LeaveAsync(ActingIntegration acting, IOtherSystem system, OtherCalls calls, OurTicket ours, OtherTicket theirs, int count, CancellationToken cancellationToken)
    {
        var name = acting.Integration.NameOfSplit(ours.Id);
        if (theirs.Messages.Any(message => message.OurName == name))
        {
            return;
        }

        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var mailbox = await db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == acting.Integration.MailboxId, cancellationToken);
        GivenMessage note = new(name, OtherMessageKind.Note)
        {
            From = new MailAddress(mailbox.SenderName, mailbox.Address),
            Subject = theirs.Subject,
            Text = string.Format(CultureInfo.InvariantCulture, ConnectedText.SplitNote, count, ours.Subject, ours.Id),
            IsHtml = false,
            At = clock.GetUtcNow(),
        };
        try
        {
            await system.AddAsync(calls, theirs.Id, note, cancellationToken);
        }
        catch (OtherSystemException refused) when (refused.IsRefusal)
        {
            // It takes no notes of ours: the messages are in step all the same.
        }
    }
}
