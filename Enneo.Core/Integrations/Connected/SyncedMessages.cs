using Enneo.Core.Data;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Connected;

/// <summary>Reads and keeps what both sides agree on of single messages.</summary>
internal sealed class SyncedMessages(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, MailHtml mailHtml)
{
    /// <returns>Those that lie in a ticket of the other system, or did when it was last read.</returns>
    public async Task<List<SyncedMessage>> OfAsync(ActingIntegration acting, OtherTicket theirs, CancellationToken cancellationToken)
    {
        var (integrationId, ids) = (acting.Integration.Id, theirs.Messages.Select(message => message.Id).ToList());
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Set<SyncedMessage>().AsNoTracking()
            .Where(m => m.IntegrationId == integrationId && (m.ExternalTicketId == theirs.Id || ids.Contains(m.ExternalId))).OrderBy(m => m.MessageId).ToListAsync(cancellationToken);
    }

    /// <returns>Null if it is gone here, from whichever ticket.</returns>
    public async Task<Message?> FindAsync(long messageId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Messages.AsNoTracking().SingleOrDefaultAsync(m => m.Id == messageId, cancellationToken);
    }

    /// <summary>What a message of ours said when it was given, before it is seen there.</summary>
    public SyncedMessage Given(ActingIntegration acting, string externalTicketId, string externalId, Message message, GivenMessage given) => new()
    {
        IntegrationId = acting.Integration.Id,
        ExternalId = externalId,
        ExternalTicketId = externalTicketId,
        MessageId = message.Id,
        Ours = given.Kind is OtherMessageKind.Note ? MessageWords.HashOf(message) : null,
        Words = given.Kind is OtherMessageKind.Note ? MessageWords.HashOf(MessageWords.PlainOf(mailHtml, given.Text, given.IsHtml)) : null,
        Files = given.Kind is OtherMessageKind.Note ? new FileMarks([], [.. given.Files.Select(FileMark.Of)]).ToJson() : null,
    };

    /// <summary>What both have now.</summary>
    public SyncedMessage Seen(ActingIntegration acting, string externalTicketId, OtherMessage theirs, Message message)
    {
        var isNote = theirs.Kind is OtherMessageKind.Note && message.Direction is MessageDirection.Internal;
        return new SyncedMessage
        {
            IntegrationId = acting.Integration.Id,
            ExternalId = theirs.Id,
            ExternalTicketId = externalTicketId,
            MessageId = message.Id,
            Ours = isNote ? MessageWords.HashOf(message) : null,
            Theirs = isNote ? MessageWords.HashOf(theirs.Text) : null,
            Words = isNote ? MessageWords.HashOf(MessageWords.PlainOf(mailHtml, theirs.Text, theirs.IsHtml)) : null,
            Files = isNote && theirs.Files.Count > AttachmentFetching.MaxFiles ? new FileMarks([], [.. theirs.Files.Take(AttachmentFetching.MaxFiles).Select(FileMark.Of)]).ToJson() : null, // the others follow it
        };
    }

    /// <summary>What only the other side has still of a message of ours.</summary>
    public SyncedMessage Gone(ActingIntegration acting, string externalTicketId, OtherMessage theirs, long messageId) => new()
    {
        IntegrationId = acting.Integration.Id,
        ExternalId = theirs.Id,
        ExternalTicketId = externalTicketId,
        MessageId = messageId,
        Ours = "",
        Theirs = MessageWords.HashOf(theirs.Text),
        Words = MessageWords.HashOf(MessageWords.PlainOf(mailHtml, theirs.Text, theirs.IsHtml)),
    };

    /// <param name="seenChoice">What a person had decided when it was read: what they decide meanwhile stays.</param>
    public Task KeepAsync(SyncedMessage message, ConflictChoice? seenChoice, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            if (await db.Set<SyncedMessage>().FindAsync([message.IntegrationId, message.ExternalId], token) is { } kept)
            {
                var choice = kept.Choice == seenChoice ? message.Choice : kept.Choice;
                (kept.ExternalTicketId, kept.AgreedIn, kept.Ours, kept.Theirs, kept.Words, kept.Files) = (message.ExternalTicketId, message.AgreedIn, message.Ours, message.Theirs, message.Words, message.Files);
                (kept.Difference, kept.DifferentAt, kept.OursShown, kept.TheirsShown) = (message.Difference, message.DifferentAt, message.OursShown, message.TheirsShown);
                (kept.Choice, kept.IsLeft, kept.Problem) = (choice, message.IsLeft, message.Problem);
            }
            else
            {
                db.Add(message);
            }

            await db.SaveChangesAsync(token);
        },
        cancellationToken);

    public Task ForgetAsync(SyncedMessage message, CancellationToken cancellationToken) => lane.RunAsync(
        (db, token) => db.Set<SyncedMessage>().Where(m => m.IntegrationId == message.IntegrationId && m.ExternalId == message.ExternalId).ExecuteDeleteAsync(token), cancellationToken);
}
