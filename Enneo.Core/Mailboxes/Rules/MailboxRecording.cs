using Enneo.Core.Activity;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Mailboxes.Rules;

/// <summary>Saves a mailbox together with its status and the activity that tells of it. Inside the lane.</summary>
internal sealed class MailboxRecording(EnneoDbContext db, Actor actor, string origin, TimeProvider clock)
{
    public async Task AddedAsync(Mailbox mailbox, CancellationToken cancellationToken)
    {
        if (mailbox.Id == 0)
        {
            db.Add(mailbox);
        }

        await db.SaveChangesAsync(cancellationToken); // gives it its id
        if (await db.MailboxStatuses.FindAsync([mailbox.Id], cancellationToken) is { } before)
        {
            (before.State, before.Message, before.Since) = (StateOf(mailbox), null, clock.GetUtcNow());
        }
        else
        {
            db.Add(new MailboxStatus { MailboxId = mailbox.Id, State = StateOf(mailbox), Since = clock.GetUtcNow() });
        }

        db.Add(ActivityEntry.Of(
            ActivityKind.MailboxAdded, actor, origin, clock, mailbox.Id, changes: MailboxSnapshot.Differences(new Dictionary<string, string?>(), MailboxSnapshot.Of(mailbox))));
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Records nothing when nothing changed.</summary>
    public async Task ChangedAsync(Mailbox mailbox, IReadOnlyDictionary<string, string?> before, IEnumerable<string> newPasswords, CancellationToken cancellationToken)
    {
        var changes = MailboxSnapshot.Differences(before, MailboxSnapshot.Of(mailbox), newPasswords);
        if (changes.Length == 0)
        {
            return;
        }

        mailbox.Version++;
        db.Add(ActivityEntry.Of(ActivityKind.MailboxChanged, actor, origin, clock, mailbox.Id, changes: changes));
        if (changes.Any(change => change.Field is "enabled" or "imap" or "imap.trustedCertificate" or "imap.password" or "connection"))
        {
            await StartOverAsync(mailbox, cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>There is one default mailbox: when <paramref name="mailbox"/> is it, no other stays so.</summary>
    public async Task OnlyDefaultAsync(Mailbox mailbox, CancellationToken cancellationToken)
    {
        if (!mailbox.IsDefault)
        {
            return;
        }

        foreach (var other in await db.Mailboxes.Where(m => m.IsDefault && m.Id != mailbox.Id).ToListAsync(cancellationToken))
        {
            var before = MailboxSnapshot.Of(other);
            other.IsDefault = false;
            await ChangedAsync(other, before, [], cancellationToken);
        }
    }

    /// <summary>What was wrong before may be right now: the next sync says.</summary>
    private async Task StartOverAsync(Mailbox mailbox, CancellationToken cancellationToken)
    {
        if (await db.MailboxStatuses.FindAsync([mailbox.Id], cancellationToken) is not { } status)
        {
            status = new MailboxStatus { MailboxId = mailbox.Id };
            db.Add(status);
        }

        var old = status.State;
        (status.State, status.Message, status.Since) = (StateOf(mailbox), null, clock.GetUtcNow());
        if (old != status.State)
        {
            db.Add(ActivityEntry.Of(
                ActivityKind.MailboxStateChanged, actor, origin, clock, mailbox.Id, changes: ("state", old.ToString(), status.State.ToString())));
        }
    }

    private static MailboxState StateOf(Mailbox mailbox) => mailbox.Enabled ? MailboxState.Syncing : MailboxState.Paused;
}
