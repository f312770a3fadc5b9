using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Sending;

/// <summary>Mail that arrived, and answers to it queued between the lives of a server that may die at any moment.</summary>
internal sealed class AnswerQueue(EnneoStore store, string dataDirectory, DovecotServer dovecot, string address)
{
    public static readonly IReadOnlyDictionary<string, string> AtOnce = new Dictionary<string, string> { ["Enneo__Sending__UndoTime"] = "00:00:00" };

    /// <summary>Lets so many mails arrive and be synced by a server that is running.</summary>
    /// <returns>The ids of their messages here.</returns>
    public async Task<IReadOnlyList<long>> ReceiveAsync(int count, CancellationToken cancellationToken)
    {
        for (var i = 0; i < count; i++)
        {
            using MimeMessage message = new(
                [MailboxAddress.Parse($"customer{i}@example.test")], [MailboxAddress.Parse(address)], $"Question {i}", new TextPart("plain") { Text = $"When does order {i} arrive?" });
            await dovecot.DeliverAsync(address, message, cancellationToken, internalDate: TimeProvider.System.GetUtcNow());
        }

        List<long> messages = [];
        await EnneoStore.UntilAsync(
            async () => (messages = await store.ReadAsync(
                db => db.Messages.Where(m => m.Direction == MessageDirection.In).OrderBy(m => m.Id).Select(m => m.Id).ToListAsync(cancellationToken),
                cancellationToken)).Count == count,
            TimeSpan.FromMinutes(1),
            cancellationToken);
        return messages;
    }

    /// <summary>Writes an answer to each and sends it, while no server runs.</summary>
    public async Task AnswerAsync(IEnumerable<long> messageIds, CancellationToken cancellationToken)
    {
        await using var writing = EnneoStore.Open(dataDirectory, AtOnce);
        var person = await writing.PersonIdAsync(cancellationToken);
        var drafts = writing.Get<Drafts>();
        foreach (var messageId in messageIds)
        {
            var draft = await drafts.StartReplyAsync(messageId, DraftMode.Reply, person, cancellationToken);
            Assert.NotNull(draft);
            DraftSave save = new(draft.Revision + 1, draft.To, draft.Cc, draft.Bcc, draft.Subject, "<p>On Friday.</p>");
            Assert.NotNull(await drafts.SaveAsync(draft.Id, save, person, cancellationToken));
            Assert.Null((await writing.Get<Outbox>().SendAsync(draft.Id, person, cancellationToken)).Problem);
        }
    }

    public Task<List<OutgoingMessage>> OutgoingAsync(CancellationToken cancellationToken) =>
        store.ReadAsync(db => db.Outbox.AsNoTracking().ToListAsync(cancellationToken), cancellationToken);
}
