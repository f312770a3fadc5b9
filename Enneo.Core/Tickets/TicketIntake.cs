using Enneo.Core.Activity;
using Enneo.Core.Contacts;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;

namespace Enneo.Core.Tickets;

/// <summary>A mail that has been stored and parsed and now joins a ticket.</summary>
/// <param name="FolderId">The folder in which it lies; null where no server has it.</param>
/// <param name="Folder">What that folder is for.</param>
public sealed record IncomingMessage(
    long SourceId,
    byte[] Sha256,
    long Size,
    ParsedMessage Parsed,
    DateTimeOffset ReceivedAt,
    bool IsSeen,
    bool IsFlagged,
    long? FolderId,
    FolderRole Folder,
    bool IsHistory)
{
    /// <summary>What the ticket is that it opens; where it joins one it changes nothing.</summary>
    public SpamStatus? OpensAs { get; init; }

    /// <summary>The ticket it belongs to, since a program that may write there says so; null where its threading decides.</summary>
    public long? JoinsTicketId { get; init; }

    /// <summary>Who brings it.</summary>
    public Actor By { get; init; } = Actor.MailServer;

    /// <summary>It lies in the folder of sent mail.</summary>
    public bool InSent => Folder is FolderRole.Sent;

    /// <summary>Somebody writes it in another mail program: it belongs to no conversation yet.</summary>
    public bool IsDraft => Folder is FolderRole.Drafts;
}

/// <summary>What became of it.</summary>
/// <param name="IsDuplicate">The mailbox already had this mail; <paramref name="MessageId"/> is the message it is.</param>
public sealed record IntakeResult(long MessageId, long TicketId, bool IsDuplicate)
{
    /// <summary>It is the first of its ticket.</summary>
    public bool OpensTicket { get; init; }
}

/// <summary>Brings parsed mail into tickets: threading, status, summaries, activity. Runs within a transaction of the writer lane.</summary>
public sealed class TicketIntake(TicketTokens tokens, TimeProvider clock)
{
    /// <summary>History in the INBOX that is younger than this, and not answered last by us, is open.</summary>
    private static readonly TimeSpan s_openHistoryAge = TimeSpan.FromDays(14);

    /// <returns>One result per message, in order.</returns>
    public async Task<IReadOnlyList<IntakeResult>> AddAsync(
        EnneoDbContext db, Mailbox mailbox, IReadOnlyList<IncomingMessage> messages, string origin, CancellationToken cancellationToken)
    {
        using TicketRows rows = new(db, mailbox.Id);
        using ThreadIndex index = new(db, mailbox.Id);
        using TicketSummaries summaries = new(db);
        var ownAddresses = mailbox.OwnAddresses.ToHashSet(StringComparer.Ordinal);
        using ContactIndex contacts = new(db, mailbox.Id, ownAddresses);
        Threading threading = new(index, tokens, ownAddresses);
        SentCopies copies = new(rows, index, tokens);
        using TicketHistory history = new(db);
        TicketMerging merging = new(db, history, clock);
        List<IntakeResult> results = new(messages.Count);
        HashSet<long> touched = [];

        foreach (var message in messages)
        {
            if (await FindDuplicateAsync(rows, copies, message, cancellationToken) is { } duplicate)
            {
                results.Add(duplicate);
                touched.ExceptWith(Learn(index, merging, duplicate, message, mailbox.Id, origin));
                Meet(rows, duplicate, message, db, mailbox.Id, origin);
                touched.Add(duplicate.TicketId);
                continue;
            }

            if (message.IsDraft)
            {
                results.Add(AddDraft(rows, message));
                touched.Add(results[^1].TicketId);
                continue;
            }

            var placement = message.JoinsTicketId is { } joined
                ? new Placement(joined, ThreadRule.ByProgram, "")
                : await threading.PlaceAsync(message.Parsed, message.InSent, cancellationToken);
            foreach (var bounces in placement.Bounces)
            {
                index.Settle(bounces, message.Parsed.InternetMessageId);
            }

            var ticketId = Place(rows, history, message, placement, db, mailbox.Id, origin);
            var messageId = rows.AddMessage(ticketId, message, placement);
            if (placement.TicketId is null && !message.IsHistory)
            {
                db.Activity.Add(ActivityEntry.Of(
                    ActivityKind.TicketCreated, message.By, origin, clock, mailbox.Id, ticketId, messageId, ("direction", null, TicketRows.DirectionOf(message).ToString())));
            }

            rows.AddPlace(messageId, message);
            index.Add(ticketId, messageId, message.Parsed, placement.Rule);
            Know(contacts, message, isSpam: placement.TicketId is { } known ? history.IsSpam(known) : message.OpensAs.IsSpam());
            touched.Add(ticketId);
            foreach (var other in message.IsHistory ? placement.AlsoFits : placement.AlsoFits.Intersect(placement.Bounces))
            {
                if (index.IsKeptApart(ticketId) || index.IsKeptApart(other))
                {
                    continue;
                }

                merging.Merge(mailbox.Id, ticketId, other, origin);
                touched.Remove(other);
            }

            foreach (var quoting in placement.QuotedBy)
            {
                index.Link(quoting, ticketId);
            }

            if (!message.IsHistory)
            {
                db.Activity.Add(Received(message, placement, mailbox.Id, ticketId, messageId, origin));
            }

            results.Add(new IntakeResult(messageId, ticketId, IsDuplicate: false) { OpensTicket = placement.TicketId is null });
        }

        foreach (var ticketId in touched)
        {
            summaries.Refresh(ticketId);
        }

        AnnounceHistory(db, mailbox.Id, messages.Count(m => m.IsHistory), origin);
        await db.SaveChangesAsync(cancellationToken);
        return results;
    }

    /// <summary>The same bytes within one mailbox are one message. So is a copy in Sent of what was sent from here.</summary>
    private static async Task<IntakeResult?> FindDuplicateAsync(TicketRows rows, SentCopies copies, IncomingMessage message, CancellationToken cancellationToken)
    {
        var found = rows.FindBySha256(message.Sha256) ?? (message.InSent ? await copies.FindAsync(message, cancellationToken) : null);
        return found is var (messageId, ticketId) ? new IntakeResult(messageId, ticketId, IsDuplicate: true) : null;
    }

    /// <summary>The id that the server gave to what we sent: bounces that came before it was known join their mail, answers are linked.</summary>
    /// <returns>Tickets that are folded into that of the message.</returns>
    private static List<long> Learn(ThreadIndex index, TicketMerging merging, IntakeResult known, IncomingMessage copy, long mailboxId, string origin)
    {
        var id = copy.Parsed.InternetMessageId;
        if (!copy.InSent || copy.IsHistory || id.Length == 0)
        {
            return [];
        }

        index.AddId(known.TicketId, known.MessageId, id);
        List<long> folded = [];
        foreach (var (other, _) in index.TicketsBy(id).Where(ticket => !ticket.HasIt && ticket.TicketId != known.TicketId))
        {
            if (!index.HasBouncesOnly(other))
            {
                index.Link(other, known.TicketId);
            }
            else if (!index.IsKeptApart(other) && !index.IsKeptApart(known.TicketId))
            {
                index.Settle(other, id);
                merging.Merge(mailboxId, known.TicketId, other, origin);
                folded.Add(other);
            }
        }

        return folded;
    }

    /// <summary>A message that is here already lies in one more folder, perhaps because another client moved it there.</summary>
    private void Meet(TicketRows rows, IntakeResult known, IncomingMessage message, EnneoDbContext db, long mailboxId, string origin)
    {
        if (rows.MeetAgain(known.MessageId, message))
        {
            db.Activity.Add(ActivityEntry.Of(
                ActivityKind.MessageOnServerChanged, Actor.MailServer, origin, clock, mailboxId, known.TicketId, known.MessageId, ("onServer", false, true)));
        }

        if (rows.TakeSeen(known.MessageId, message.IsSeen))
        {
            db.Activity.Add(ActivityEntry.Of(
                ActivityKind.MessageSeenChanged, Actor.MailServer, origin, clock, mailboxId, known.TicketId, known.MessageId, ("seen", !message.IsSeen, message.IsSeen)));
        }

        if (rows.TakeFlagged(known.MessageId, message.IsFlagged))
        {
            db.Activity.Add(ActivityEntry.Of(
                ActivityKind.MessageFlaggedChanged, Actor.MailServer, origin, clock, mailboxId, known.TicketId, known.MessageId, ("flagged", !message.IsFlagged, message.IsFlagged)));
        }
    }

    /// <summary>A ticket of its own, closed and without ids: what is sent in the end is another mail.</summary>
    private static IntakeResult AddDraft(TicketRows rows, IncomingMessage message)
    {
        Placement alone = new(null, ThreadRule.NewThread, "");
        var ticketId = rows.AddTicket(message, TicketStatus.Closed, linkedTicketId: null);
        var messageId = rows.AddMessage(ticketId, message, alone);
        rows.AddPlace(messageId, message);
        return new IntakeResult(messageId, ticketId, IsDuplicate: false);
    }

    /// <summary>With all by which others tell what it was, however it is changed or erased later.</summary>
    private ActivityEntry Received(IncomingMessage message, Placement placement, long mailboxId, long ticketId, long messageId, string origin) => ActivityEntry.Of(
        ActivityKind.MessageReceived, message.By, origin, clock, mailboxId, ticketId, messageId,
        ("direction", null, TicketRows.DirectionOf(message).ToString()), ("automatic", null, message.Parsed.Automatic.ToString()), ("opensTicket", null, placement.TicketId is null));

    private long Place(TicketRows rows, TicketHistory history, IncomingMessage message, Placement placement, EnneoDbContext db, long mailboxId, string origin)
    {
        if (placement.TicketId is not { } ticketId)
        {
            return rows.AddTicket(message, StatusOfNew(message), placement.LinkedTicketId);
        }

        if (!message.IsHistory && !message.InSent && !IsEvent(message) && history.Wake(ticketId) is { } until)
        {
            db.Activity.Add(ActivityEntry.Of(
                ActivityKind.TicketSnoozed, message.By, origin, clock, mailboxId, ticketId, changes: ("snoozedUntil", until, null)));
        }

        var status = history.StatusOf(ticketId);
        if (StatusAfter(message, ticketId, status, history) is var next && next != status)
        {
            history.SetStatus(ticketId, next);
            if (!message.IsHistory)
            {
                db.Activity.Add(ActivityEntry.Of(
                    ActivityKind.TicketStatusChanged, message.By, origin, clock, mailboxId, ticketId, changes: ("status", status.ToString(), next.ToString())));
            }
        }

        return ticketId;
    }

    private TicketStatus StatusOfNew(IncomingMessage message) => message switch
    {
        { Folder: FolderRole.Sent or FolderRole.Archive or FolderRole.Trash } => TicketStatus.Closed,
        { IsHistory: true } => IsOpenHistory(message) ? TicketStatus.Open : TicketStatus.Closed,
        _ => TicketStatus.Open,
    };

    private TicketStatus StatusAfter(IncomingMessage message, long ticketId, TicketStatus status, TicketHistory history)
    {
        if (message.IsHistory)
        {
            return TicketHistory.Of(status, history.DecidedAt(ticketId), StatusOfNew(message), new(IsEvent(message), message.ReceivedAt));
        }

        return IsEvent(message) || message.Folder is not (FolderRole.Inbox or FolderRole.None) ? status : TicketStatus.Open;
    }

    /// <summary>Who sends spam is no contact, however often; once it is none any more, all of it counts.</summary>
    private static void Know(ContactIndex contacts, IncomingMessage message, bool isSpam)
    {
        if (message.InSent)
        {
            contacts.AddSent(message.Parsed.To.Concat(message.Parsed.Cc).Concat(message.Parsed.Bcc), message.ReceivedAt);
        }
        else if (!isSpam)
        {
            contacts.AddReceived(message.Parsed, message.ReceivedAt);
        }
    }

    private static bool IsEvent(IncomingMessage message) => message.Parsed.Automatic is AutomaticKind.AutoReply or AutomaticKind.Bounce;

    private bool IsOpenHistory(IncomingMessage message) =>
        message.Folder is FolderRole.Inbox && clock.GetUtcNow() - message.ReceivedAt < s_openHistoryAge;

    private void AnnounceHistory(EnneoDbContext db, long mailboxId, int count, string origin)
    {
        if (count > 0)
        {
            db.Activity.Add(ActivityEntry.Of(ActivityKind.MailboxImported, Actor.MailServer, origin, clock, mailboxId, changes: ("messages", null, count)));
        }
    }
}
