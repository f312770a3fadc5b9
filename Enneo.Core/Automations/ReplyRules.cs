using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Automations;

/// <summary>Why a mail is not answered by itself.</summary>
public enum NoReply
{
    /// <summary>A program, a list or bulk mail wrote it.</summary>
    Automatic,

    /// <summary>Its sender says that nobody shall answer: an empty Return-Path, or a name that only programs have.</summary>
    Robot,

    /// <summary>One of our own mailboxes wrote it.</summary>
    OwnAddress,

    /// <summary>None of the mailbox's addresses stands in To or Cc.</summary>
    NotToUs,
    AlreadyReplied,

    /// <summary>The sender got many answers today.</summary>
    TooMany,
    Spam,
    History,

    /// <summary>The mailbox does not send.</summary>
    MailboxSilent,

    /// <summary>The template that was to be used is gone, or is none of the mailbox any more.</summary>
    TemplateGone,
}

/// <summary>Who may be answered by itself, so that two programs never answer each other (RFC 3834, section 2).</summary>
internal static class ReplyRules
{
    /// <summary>A program that opens a ticket with each of its answers stops here.</summary>
    private const int MaxPerDay = 5;

    private static readonly string[] s_robots =
        ["mailer-daemon", "postmaster", "no-reply", "noreply", "no_reply", "donotreply", "do-not-reply", "listserv", "majordomo", "bounce", "bounces"];

    /// <returns>Null where it may be answered.</returns>
    public static async Task<NoReply?> WhyNotAsync(
        EnneoDbContext db, Message mail, Mailbox mailbox, IReadOnlyList<MessageHeader> headers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (mail.IsHistory)
        {
            return NoReply.History;
        }

        if (!mailbox.Enabled || mailbox.IsShadow || mailbox.IsSentElsewhere || mailbox.RemovedAt is not null)
        {
            return NoReply.MailboxSilent;
        }

        if (mail.Automatic is not AutomaticKind.None || Value(headers, "X-Auto-Response-Suppress") is { } suppressed && !suppressed.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            return NoReply.Automatic;
        }

        if (IsRobot(mail, headers))
        {
            return NoReply.Robot;
        }

        var own = mailbox.OwnAddresses.ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (own.Contains(mail.FromAddress) || await db.Mailboxes.AnyAsync(m => m.Address == mail.FromAddress && m.RemovedAt == null, cancellationToken))
        {
            return NoReply.OwnAddress;
        }

        if (!mail.To.Concat(mail.Cc).Any(recipient => own.Contains(recipient.Address)))
        {
            return NoReply.NotToUs;
        }

        return await OfTicketAsync(db, mail, now, cancellationToken);
    }

    /// <summary>What others may have changed meanwhile.</summary>
    public static async Task<NoReply?> OfTicketAsync(EnneoDbContext db, Message mail, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ticket = await db.Messages.Where(m => m.Id == mail.Id).Join(db.Tickets, m => m.TicketId, t => t.Id, (_, t) => new { t.Id, t.SpamStatus }).SingleOrDefaultAsync(cancellationToken);
        if (ticket is null || ticket.SpamStatus.IsSpam())
        {
            return NoReply.Spam;
        }

        var address = mail.FromAddress.ToLowerInvariant();
        if (await db.AutoReplies.AnyAsync(r => r.Address == address && db.Messages.Any(m => m.Id == r.MessageId && m.TicketId == ticket.Id), cancellationToken))
        {
            return NoReply.AlreadyReplied;
        }

        var since = now.AddDays(-1);
        return await db.AutoReplies.CountAsync(r => r.Address == address && r.At > since, cancellationToken) >= MaxPerDay ? NoReply.TooMany : null;
    }

    private static bool IsRobot(Message mail, IReadOnlyList<MessageHeader> headers)
    {
        var name = mail.FromAddress.Split('@')[0].ToLowerInvariant();
        return !mail.FromAddress.Contains('@', StringComparison.Ordinal)
            || s_robots.Contains(name)
            || name.StartsWith("owner-", StringComparison.Ordinal)
            || name.EndsWith("-request", StringComparison.Ordinal)
            || Value(headers, "Return-Path") is "<>" or "";
    }

    private static string? Value(IReadOnlyList<MessageHeader> headers, string name) =>
        headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value.Trim();
}
