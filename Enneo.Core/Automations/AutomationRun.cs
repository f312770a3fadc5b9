using System.Text.Json;
using Enneo.Core.Conditions;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Automations;

/// <summary>An automation that a mail met, and what it did, or would have done.</summary>
public sealed class AutomationRun : IInMailbox
{
    /// <summary>Instead of an automation: what the mailbox answers by itself.</summary>
    public const long MailboxReply = 0;

    public long Id { get; init; }
    public required long MailboxId { get; init; }
    public required long MessageId { get; init; }
    public required long AutomationId { get; init; }

    /// <summary>As it was called then.</summary>
    public required string Name { get; init; }

    /// <summary>Nothing was done: a person had called the conversation clean.</summary>
    public required bool IsProposed { get; init; }

    /// <summary>JSON: the tests that held.</summary>
    public required string Because { get; init; }

    /// <summary>The tests that held.</summary>
    public IReadOnlyList<ConditionTest> Tests => JsonSerializer.Deserialize<List<ConditionTest>>(Because, AutomationRunning.Json)!;

    /// <summary>What it did, kind by kind; why it did not answer stands behind the kind.</summary>
    public required IReadOnlyList<string> Done { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Of a proposal: when a person had it done, or did without it.</summary>
    public DateTimeOffset? SettledAt { get; set; }

    /// <summary>What was done with a mail is neither done again by itself nor proposed; and of a ticket each thing is proposed once at a time.</summary>
    internal static async Task<bool> IsKnownAsync(
        EnneoDbContext db, long ticketId, long messageId, long automationId, string name, bool isProposed, CancellationToken cancellationToken) =>
        await db.AutomationRuns.AnyAsync(r => r.AutomationId == automationId && r.MessageId == messageId && !r.IsProposed, cancellationToken)
        || (isProposed && await db.AutomationRuns.AnyAsync(
            r => r.AutomationId == automationId && r.Name == name && r.IsProposed && r.SettledAt == null && db.Messages.Any(m => m.Id == r.MessageId && m.TicketId == ticketId),
            cancellationToken));
}

/// <summary>That a sender was answered by itself: once per sender and ticket.</summary>
public sealed class AutoReply
{
    /// <summary>The mail that was answered.</summary>
    public required long MessageId { get; init; }

    /// <summary>Lower case.</summary>
    public required string Address { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>What a mailbox answers by itself.</summary>
public sealed class MailboxAutoReply : IInMailbox
{
    public required long MailboxId { get; init; }
    public bool IsEnabled { get; set; }

    /// <summary>See <see cref="ReplyTemplate"/>.</summary>
    public string Text { get; set; } = "";
}

internal sealed class AutomationRunConfiguration : IEntityTypeConfiguration<AutomationRun>
{
    public void Configure(EntityTypeBuilder<AutomationRun> run)
    {
        run.ToTable("automation_runs");
        run.Ignore(r => r.Tests);
        run.PrimitiveCollection(r => r.Done);
        run.HasOne<Message>().WithMany().HasForeignKey(r => r.MessageId).OnDelete(DeleteBehavior.Cascade);
        run.HasIndex(r => r.MessageId);
    }
}

internal sealed class AutoReplyConfiguration : IEntityTypeConfiguration<AutoReply>
{
    public void Configure(EntityTypeBuilder<AutoReply> reply)
    {
        reply.ToTable("auto_replies");
        reply.HasKey(r => r.MessageId);
        reply.Property(r => r.MessageId).ValueGeneratedNever();
        reply.HasOne<Message>().WithMany().HasForeignKey(r => r.MessageId).OnDelete(DeleteBehavior.Cascade);
        reply.HasIndex(r => new { r.Address, r.At });
    }
}

internal sealed class MailboxAutoReplyConfiguration : IEntityTypeConfiguration<MailboxAutoReply>
{
    public void Configure(EntityTypeBuilder<MailboxAutoReply> reply)
    {
        reply.ToTable("mailbox_auto_replies");
        reply.HasKey(r => r.MailboxId);
        reply.Property(r => r.MailboxId).ValueGeneratedNever();
        reply.HasOne<Mailboxes.Mailbox>().WithMany().HasForeignKey(r => r.MailboxId).OnDelete(DeleteBehavior.Cascade);
    }
}
