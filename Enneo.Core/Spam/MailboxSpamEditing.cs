using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>How one mailbox looks for spam.</summary>
public sealed record MailboxSpamView(long Id, string Name, string Address, MailboxSpam Spam);

/// <summary>Reads and changes how each mailbox looks for spam. Only pages of admins call it.</summary>
public sealed class MailboxSpamEditing(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, TimeProvider clock)
{
    public async Task<IReadOnlyList<MailboxSpamView>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Mailboxes.AsNoTracking()
            .Where(m => m.RemovedAt == null)
            .OrderBy(m => m.Name)
            .Select(m => new MailboxSpamView(m.Id, m.Name, m.Address, m.Spam))
            .ToListAsync(cancellationToken);
    }

    /// <param name="wishes">What it leaves out stays as it is.</param>
    public Task SetAsync(long mailboxId, SpamWishes wishes, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            if (await db.Mailboxes.SingleOrDefaultAsync(m => m.Id == mailboxId, token) is { } mailbox)
            {
                await ChangeAsync(db, mailbox, wishes.ApplyTo, actor, origin, clock, token);
            }
        },
        cancellationToken);

    /// <summary>Within a transaction of the writer lane.</summary>
    internal static Task ChangeAsync(
        EnneoDbContext db, Mailbox mailbox, Action<MailboxSpam> change, Actor actor, string origin, TimeProvider clock, CancellationToken cancellationToken)
    {
        var before = Words(mailbox);
        change(mailbox.Spam);
        mailbox.Version++;
        db.Activity.Add(ActivityEntry.Of(ActivityKind.MailboxChanged, actor, origin, clock, mailbox.Id, changes: ("spam", before, Words(mailbox))));
        return db.SaveChangesAsync(cancellationToken);
    }

    private static string Words(Mailbox mailbox) => SpamWishes.Of(mailbox.Spam).ToJson().GetRawText();
}
