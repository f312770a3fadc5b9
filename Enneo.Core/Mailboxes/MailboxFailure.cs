using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Mailboxes;

/// <summary>One cause for which a mailbox did not work, from when it was met first until it was over, or another took its place.</summary>
public sealed class MailboxFailure : IInMailbox
{
    /// <summary>Older ones are forgotten.</summary>
    private const int Kept = 100;

    public long Id { get; init; }
    public required long MailboxId { get; init; }
    public required MailboxState State { get; init; }

    /// <summary>In words, what is wrong and what to do.</summary>
    public required string Message { get; init; }

    public required DateTimeOffset Since { get; init; }
    public DateTimeOffset LastAt { get; set; }

    /// <summary>How often it was met.</summary>
    public int Times { get; set; }

    /// <summary>Null while it lasts.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Since when the mailbox has not worked at all, whatever causes followed one another.</summary>
    public required DateTimeOffset OutageSince { get; init; }

    /// <summary>When admins were written to about this outage.</summary>
    public DateTimeOffset? AlertedAt { get; set; }

    /// <summary>Keeps the history of a mailbox in step with what was just found out about it; within a transaction of the writer lane, saved by the caller.</summary>
    public static async Task NoteAsync(EnneoDbContext db, MailboxStatus status, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var open = await db.MailboxFailures.SingleOrDefaultAsync(f => f.MailboxId == status.MailboxId && f.EndedAt == null, cancellationToken);
        var words = status.State is MailboxState.Error or MailboxState.SignInAgain ? status.Message ?? "" : null;
        if (open is not null && open.State == status.State && open.Message == words)
        {
            (open.LastAt, open.Times) = (now, open.Times + 1);
            return;
        }

        open?.EndedAt = now;
        if (words is not null)
        {
            db.MailboxFailures.Add(new MailboxFailure
            {
                MailboxId = status.MailboxId,
                State = status.State,
                Message = words,
                Since = now,
                LastAt = now,
                Times = 1,
                OutageSince = open?.OutageSince ?? now,
                AlertedAt = open?.AlertedAt,
            });
            await ForgetOldAsync(db, status.MailboxId, cancellationToken);
        }
    }

    private static async Task ForgetOldAsync(EnneoDbContext db, long mailboxId, CancellationToken cancellationToken)
    {
        var oldest = await db.MailboxFailures.Where(f => f.MailboxId == mailboxId).OrderByDescending(f => f.Id).Skip(Kept - 1).Select(f => (long?)f.Id).FirstOrDefaultAsync(cancellationToken);
        if (oldest is { } id)
        {
            await db.MailboxFailures.Where(f => f.MailboxId == mailboxId && f.Id <= id && f.EndedAt != null).ExecuteDeleteAsync(cancellationToken);
        }
    }
}

internal sealed class MailboxFailureConfiguration : IEntityTypeConfiguration<MailboxFailure>
{
    public void Configure(EntityTypeBuilder<MailboxFailure> failure)
    {
        failure.ToTable("mailbox_failures");
        failure.HasIndex(f => new { f.MailboxId, f.EndedAt });
        failure.HasOne<Mailbox>().WithMany().HasForeignKey(f => f.MailboxId).OnDelete(DeleteBehavior.Cascade);
    }
}
