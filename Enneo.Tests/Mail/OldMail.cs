using System.Globalization;
using System.Text;

namespace Enneo.Tests.Mail;

/// <summary>
/// A mailbox as it is found on the day it is connected, in small mails: questions, automatic replies, bounces of what was
/// sent, newsletters and requests for receipts, 1,000 of each in 5,000. Every fifth is unread; three hours lie between two mails.
/// </summary>
internal static class OldMail
{
    /// <summary>Writes both folders as Maildirs, the newest mail three hours old.</summary>
    /// <param name="count">Mails in <paramref name="inbox"/>; a tenth as many answers lie in <paramref name="sent"/>.</param>
    public static void Write(string inbox, string sent, string address, int count, DateTimeOffset now)
    {
        for (var i = 0; i < count; i++)
        {
            var date = now.AddHours(-3 * (count - i));
            Write(inbox, i, date, Received(i, address, date), seen: i % 5 != 0);
            if (i % 10 == 0)
            {
                Write(sent, i, date.AddHours(1), Answer(i, address, date.AddHours(1)), seen: true);
            }
        }
    }

    private static void Write(string folder, int number, DateTimeOffset date, string source, bool seen)
    {
        var bytes = Encoding.ASCII.GetBytes(source.ReplaceLineEndings("\r\n"));
        var name = string.Create(CultureInfo.InvariantCulture, $"{date.ToUnixTimeSeconds()}.M{number}.old,S={bytes.Length},W={bytes.Length}:2,{(seen ? "S" : "")}");
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "cur")).FullName, name);
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, date.UtcDateTime);
    }

    private static string Received(int number, string address, DateTimeOffset date) => (number % 5) switch
    {
        0 => Question(number, address, date),
        1 => Head(number, $"customer{number - 1}@customer.test", address, $"Out of office: Re: Question {number - 1}", date)
            + $"Auto-Submitted: auto-replied\nIn-Reply-To: <answer{number - 1}@example.test>\n\nI am away until Monday.\n",
        2 => Bounce(number, address, date),
        3 => Head(number, "news@letters.test", address, $"Our offers, week {number}", date)
            + "List-Id: <news.letters.test>\nList-Unsubscribe: <mailto:leave@letters.test>\nPrecedence: bulk\n\nBuy now.\n",
        _ => Head(number, $"lawyer{number}@office.test", address, $"Our letter {number}", date)
            + $"Disposition-Notification-To: lawyer{number}@office.test\nReturn-Receipt-To: lawyer{number}@office.test\nX-Confirm-Reading-To: lawyer{number}@office.test\n\nPlease confirm.\n",
    };

    private static string Question(int number, string address, DateTimeOffset date) =>
        Head(number, $"customer{number}@customer.test", address, $"Question {number}", date) + $"\nWhen does order {number} arrive?\n";

    private static string Answer(int number, string address, DateTimeOffset date) => $"""
        From: {address}
        To: customer{number}@customer.test
        Subject: Re: Question {number}
        Date: {date:R}
        Message-ID: <answer{number}@example.test>
        In-Reply-To: <old{number}@customer.test>

        On Friday.

        """;

    /// <summary>Of the answer before it (RFC 3464).</summary>
    private static string Bounce(int number, string address, DateTimeOffset date) =>
        Head(number, "MAILER-DAEMON@mx.customer.test", address, "Undelivered Mail Returned to Sender", date) + $"""
        Auto-Submitted: auto-replied
        Content-Type: multipart/report; report-type=delivery-status; boundary="b"

        --b

        Your mail could not be delivered.
        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.customer.test

        Final-Recipient: rfc822; customer{number - 2}@customer.test
        Action: failed
        Status: 5.1.1

        --b
        Content-Type: text/rfc822-headers

        From: {address}
        Message-ID: <answer{number - 2}@example.test>
        --b--

        """;

    private static string Head(int number, string sender, string address, string subject, DateTimeOffset date) =>
        $"From: {sender}\nTo: {address}\nSubject: {subject}\nDate: {date:R}\nMessage-ID: <old{number}@customer.test>\nMIME-Version: 1.0\n";
}
