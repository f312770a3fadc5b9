using System.Text;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Processing;
using Enneo.Core.Spam;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using Enneo.Tests.Sync;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Spam;

/// <summary>Mails that the shipped model has no doubt about, and what a mailbox makes of them.</summary>
internal static class SpamMail
{
    public const string Pills = "Cheap Viagra and Cialis - 80% OFF today only!!!";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Nobody would call it anything else.</summary>
    public static MimeMessage Obvious(string subject = Pills, string from = "deals8831@pharma-rx-discount.top") => With(new MimeMessage
    {
        From = { new MailboxAddress("Online Pharmacy", from) },
        Subject = subject,
        Body = new TextPart("html")
        {
            Text = """
                <html><body><font size=5 color=red><b>Buy Viagra, Cialis and Levitra online without prescription!</b></font><br>
                <a href="http://192.0.2.44/rx/order.php?id=8831">Click here to order now</a> - lowest prices guaranteed, free shipping worldwide, 100% money back.<br>
                Enlarge your life! Cheap pills, discount meds, no prescription needed. Act now, limited time offer!!!<br>
                <a href="http://rx-cheap-meds.top/buy">http://www.pharmacy.com</a></body></html>
                """,
        },
    });

    /// <summary>A customer's question.</summary>
    public static MimeMessage Wanted(string subject = "Question about my order", string from = "anna@customer.example") => With(new MimeMessage
    {
        From = { new MailboxAddress("Anna Weber", from) },
        Subject = subject,
        Body = new TextPart("plain")
        {
            Text = """
                Good morning,

                we ordered two chairs last week and only one has arrived. Could you please look
                where the second one is? The order is from Monday.

                Thank you and kind regards,
                Anna Weber
                """,
        },
    });

    public static MimeMessage With(this MimeMessage mail, string field, string value)
    {
        mail.Headers.Add(field, Encoding.UTF8, value);
        return mail;
    }

    /// <summary>Comes in after the mailbox was connected, however short ago that was: a server tells whole seconds.</summary>
    /// <returns>The UID.</returns>
    public static Task<uint> ArriveAsync(this DovecotServer dovecot, SyncedMailbox mailbox, MimeMessage mail, string folder = "INBOX") =>
        dovecot.DeliverAsync(mailbox.User, mail, Cancelled, folder, internalDate: TimeProvider.System.GetUtcNow().AddSeconds(1));

    public static Task ProcessAsync(this SyncedMailbox mailbox) => mailbox.Store.Get<MailProcessing>().RunDueAsync(Cancelled);

    public static async Task<SpamStatus?> SpamStatusAsync(this SyncedMailbox mailbox, string subject) => (await mailbox.TicketAsync(subject)).SpamStatus;

    /// <returns>Null if nothing was said about the mail of the subject.</returns>
    public static async Task<SpamVerdict?> VerdictAsync(this SyncedMailbox mailbox, string subject)
    {
        var message = await mailbox.MessageAsync(subject);
        return await mailbox.Store.ReadAsync(db => db.SpamVerdicts.AsNoTracking().SingleOrDefaultAsync(v => v.MessageId == message.Id, Cancelled), Cancelled);
    }

    public static Task SetAsync(this SyncedMailbox mailbox, Action<MailboxSpam> set) => mailbox.Store.Get<WriterLane>().RunAsync(
        async (db, token) =>
        {
            set((await db.Mailboxes.SingleAsync(m => m.Id == mailbox.Id, token)).Spam);
            await db.SaveChangesAsync(token);
        },
        Cancelled);

    private static MimeMessage With(MimeMessage mail)
    {
        mail.To.Add(new MailboxAddress("Support", "support@example.test"));
        return mail;
    }
}
