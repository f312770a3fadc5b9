using System.Text.RegularExpressions;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sending;

/// <summary>How we know whom a conversation is with.</summary>
public enum RequesterKind
{
    /// <summary>They sent it.</summary>
    Sender,

    /// <summary>A form or a program sent it for them: Reply-To names them.</summary>
    ReplyTo,

    /// <summary>One of us forwarded their mail.</summary>
    Forwarded,

    /// <summary>It looks forwarded, and somebody said that it was not.</summary>
    NotForwarded,
}

/// <summary>The customer of a conversation.</summary>
/// <param name="MessageId">The message that tells.</param>
/// <param name="Sender">Who sent that message.</param>
public sealed record Requester(MailAddress Person, RequesterKind Kind, long MessageId, MailAddress Sender);

/// <summary>Finds out who the customer is where that is not simply the sender: behind contact forms and forwarded mail.</summary>
public sealed partial class Requesters(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, MessageReader reader, MessageParser parser, TimeProvider clock)
{
    private const string ForwardedMail = "message/rfc822";
    private const int MaxForwarded = 25_000_000;

    /// <returns>Null if there is no such ticket.</returns>
    public async Task<Requester?> FindAsync(Reach reach, long ticketId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var first = await reach.Of(db.Messages.AsNoTracking())
            .Where(m => m.TicketId == ticketId && m.Direction != MessageDirection.Internal)
            .OrderBy(m => m.Direction == MessageDirection.Out).ThenBy(m => m.Automatic == AutomaticKind.Bounce).ThenBy(m => m.ReceivedAt).ThenBy(m => m.Id)
            .FirstOrDefaultAsync(cancellationToken);
        return first is null ? null : await OfAsync(db, first, cancellationToken);
    }

    /// <summary>Says whether a mail that looks forwarded was forwarded.</summary>
    /// <returns>False if there is no such message.</returns>
    public Task<bool> SetForwardedAsync(long messageId, bool forwarded, long userId, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var reach = await Reaches.OfAsync(db, userId, token);
            var message = await reach.Of(db.Messages.AsNoTracking()).SingleOrDefaultAsync(m => m.Id == messageId, token);
            var refusal = await db.NotForwarded.SingleOrDefaultAsync(r => r.MessageId == messageId, token);
            if (message is null || (refusal is null) == forwarded)
            {
                return message is not null;
            }

            if (refusal is null)
            {
                db.NotForwarded.Add(new NotForwarded { MessageId = messageId, UserId = userId, At = clock.GetUtcNow() });
            }
            else
            {
                db.NotForwarded.Remove(refusal);
            }

            db.Activity.Add(ActivityEntry.Of(
                ActivityKind.TicketRequesterChanged, Actor.User(userId), SendingOrigin.Web, clock, message.MailboxId, message.TicketId, messageId, ("forwarded", !forwarded, forwarded)));
            await db.SaveChangesAsync(token);
            return true;
        },
        cancellationToken);

    /// <returns>The mail within, where one of us forwarded it and nobody said otherwise; else null.</returns>
    internal async Task<ForwardedOrigin?> FindOriginAsync(Message message, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.NotForwarded.AnyAsync(r => r.MessageId == message.Id, cancellationToken) ? null
            : await OriginAsync(db, message, await OwnAddressesAsync(db, cancellationToken), cancellationToken);
    }

    /// <summary>Whether a form or a program writes in place of people: its own address answers nobody.</summary>
    internal static bool IsStandIn(string address, IReadOnlySet<string> ownAddresses) =>
        ownAddresses.Contains(address.ToLowerInvariant())
        || ownAddresses.Any(own => DomainOf(own).Equals(DomainOf(address), StringComparison.OrdinalIgnoreCase))
        || NobodyThere().IsMatch(address);

    private async Task<Requester> OfAsync(EnneoDbContext db, Message message, CancellationToken cancellationToken)
    {
        MailAddress sender = new(message.FromName, message.FromAddress);
        if (message.Direction is MessageDirection.Out)
        {
            return new Requester(message.To.Concat(message.Cc).FirstOrDefault() ?? sender, RequesterKind.Sender, message.Id, sender);
        }

        var ours = await OwnAddressesAsync(db, cancellationToken);
        if (await OriginAsync(db, message, ours, cancellationToken) is { } origin)
        {
            return await db.NotForwarded.AnyAsync(r => r.MessageId == message.Id, cancellationToken)
                ? new Requester(sender, RequesterKind.NotForwarded, message.Id, sender)
                : new Requester(origin.Person, RequesterKind.Forwarded, message.Id, sender);
        }

        var answers = message.ReplyTo.FirstOrDefault(party => !ours.Contains(party.Address.ToLowerInvariant()));
        return answers is not null && !answers.Address.Equals(sender.Address, StringComparison.OrdinalIgnoreCase) && IsStandIn(sender.Address, ours)
            ? new Requester(answers, RequesterKind.ReplyTo, message.Id, sender)
            : new Requester(sender, RequesterKind.Sender, message.Id, sender);
    }

    /// <summary>Only what one of us sent is searched: a stranger who pastes such a block gains nothing by it.</summary>
    private async Task<ForwardedOrigin?> OriginAsync(EnneoDbContext db, Message message, IReadOnlySet<string> ours, CancellationToken cancellationToken)
    {
        if (message is not { Direction: MessageDirection.In, Automatic: AutomaticKind.None, Unreadable: null })
        {
            return null;
        }

        var from = message.FromAddress.ToUpperInvariant();
        if (!ours.Contains(message.FromAddress.ToLowerInvariant()) && !await db.Users.AnyAsync(u => u.NormalizedEmail == from, cancellationToken))
        {
            return null;
        }

        var content = await reader.FindAsync(Reach.All, message.Id, cancellationToken);
        var origin = content is null ? null
            : ForwardedOrigin.IsForward(message.Subject) && ForwardedOrigin.Find(content.Text) is { } inText ? inText
            : await AttachedAsync(content, cancellationToken);
        return origin is not null && !ours.Contains(origin.Person.Address.ToLowerInvariant()) && RecipientAddress.IsValid(origin.Person.Address) ? origin : null;
    }

    private async Task<ForwardedOrigin?> AttachedAsync(MessageContent content, CancellationToken cancellationToken)
    {
        if (content.Parts.FirstOrDefault(part => part is { ContentType: ForwardedMail, Size: < MaxForwarded }) is not { } mail
            || await reader.FindPartAsync(Reach.All, content.MessageId, mail.Index, cancellationToken) is not { } whole)
        {
            return null;
        }

        var parsed = await parser.ParseAsync(whole.Bytes, cancellationToken);
        return new ForwardedOrigin(new MailAddress(parsed.FromName, parsed.FromAddress), parsed.Snippet);
    }

    private static async Task<IReadOnlySet<string>> OwnAddressesAsync(EnneoDbContext db, CancellationToken cancellationToken) =>
        (await db.Mailboxes.AsNoTracking().ToListAsync(cancellationToken)).SelectMany(mailbox => mailbox.OwnAddresses).ToHashSet(StringComparer.Ordinal);

    private static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..];

    [GeneratedRegex("^(?:no-?_?reply|do-?_?not-?_?reply|nicht-?antworten|keine-?antwort|(?:web|contact|kontakt)?-?form(?:ular|s)?|wordpress|webmaster|www-data|notifications?|mailer)(?:[+.-][^@]*)?@",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 200)]
    private static partial Regex NobodyThere();
}
