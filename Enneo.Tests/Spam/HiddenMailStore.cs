using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Spam;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Tickets;
using Enneo.Tests.Inbox;

namespace Enneo.Tests.Spam;

/// <summary>Mail of which is said that a stage hid it, without the stage.</summary>
internal static class HiddenMailStore
{
    /// <summary>Mails come in, each a conversation, and are hidden.</summary>
    /// <param name="rule">Null for the model.</param>
    /// <returns>Their tickets.</returns>
    public static async Task<List<long>> HideAsync(this InboxStore store, Mailbox mailbox, int count, HeaderRule? rule, Action<SpamVerdict>? with = null)
    {
        List<long> tickets = [];
        for (var i = 0; i < count; i++)
        {
            var mail = await store.ReceiveAsync(mailbox, $"Offer {i}", at: store.Clock.GetUtcNow());
            await store.ChangeTicketAsync(mail.TicketId, ticket => (ticket.SpamStatus, ticket.Place) = (SpamStatus.AutoSpam, TicketPlace.Junk));
            await store.Get<WriterLane>().RunAsync(
                async (db, token) =>
                {
                    SpamVerdict verdict = new()
                    {
                        MessageId = mail.MessageId,
                        MailboxId = mailbox.Id,
                        Stage = rule is null ? SpamStage.Model : SpamStage.Header,
                        Rule = rule,
                        IsSpam = true,
                        JudgedAt = store.Clock.GetUtcNow(),
                    };
                    with?.Invoke(verdict);
                    db.SpamVerdicts.Add(verdict);
                    await db.SaveChangesAsync(token);
                },
                CancellationToken.None);
            tickets.Add(mail.TicketId);
        }

        return tickets;
    }
}
