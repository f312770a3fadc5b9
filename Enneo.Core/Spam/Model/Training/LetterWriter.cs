using MimeKit;

namespace Enneo.Core.Spam.Model.Training;

/// <summary>
/// Writes mails of our own to train on, from the letters of each language: there is little of what people are sent every
/// day that may be kept and shown. The same seed gives the same mails.
/// </summary>
internal static class LetterWriter
{
    private const string Source = "letters-";

    private static readonly string[] s_goodFiles = ["{month}.pdf", "{n6}.pdf", "{brand}.pdf", "{n4}.docx", "photo{n2}.jpg", "{month}.xlsx"];
    private static readonly string[] s_badFiles = ["{n6}.pdf", "swift_{n4}.html", "PO-{n6}.zip", "invoice{n4}.xlsm", "{n8}.iso", "document{n3}.htm", "{n6}.rar", "payment.pdf"];

    /// <summary>Others send for a company, and strangers for a spammer: the sender alone tells nothing.</summary>
    private static readonly string[] s_anySenders = ["{first} {last} <{lfirst}.{llast}@{orgdomain}>", "{first} {last} <{lfirst}_{llast}@{freemail}>", "{first} {last} <info@{orgdomain}>", "{first} {last} <{lfirst}{llast}@{orgdomain}>", "{brand} <{word}{n2}@{orgdomain}>"];

    /// <summary>Whether a source is ours.</summary>
    public static bool IsOwn(string source) => source.StartsWith(Source, StringComparison.Ordinal);

    /// <param name="copies">How often each letter is written in each language.</param>
    public static IEnumerable<(bool IsSpam, string Source, MimeMessage Message)> Write(int copies, int seed)
    {
        foreach (var book in LetterBook.All)
        {
            var number = 0;
            foreach (var letter in book.Letters)
            {
                number++;
                for (var copy = 0; copy < copies; copy++)
                {
                    LetterWords words = new(book, new Random(HashCode(seed, book.Language, number, copy)));
                    yield return (letter.IsSpam, $"{Source}{(letter.IsSpam ? "spam" : "ham")}-{letter.Name}", Write(letter, book, words));
                }
            }
        }
    }

    private static MimeMessage Write(Letter letter, LetterBook book, LetterWords words)
    {
        MimeMessage message = new();
        var from = words.Chance(.3) ? words.Fill(words.Pick(s_anySenders)) : words.Say(letter.Wordings('f'));
        var bracket = from.LastIndexOf('<');
        var address = from[(bracket + 1)..^1];
        var name = words.Chance(.06) ? "" : from[..bracket].Trim();
        message.From.Add(new MailboxAddress(name, address));
        message.To.Add(new MailboxAddress("", words.Chance(.5) ? "agent@example.org" : $"{words["own"]}@{words["orgdomain"]}"));
        message.Subject = Subject(letter, words);
        if (words.Chance(letter.IsSpam ? .2 : .1))
        {
            message.ReplyTo.Add(new MailboxAddress("", letter.IsSpam && words.Chance(.8) ? words.Fill("{word}{n3}@{freemail}") : address));
        }

        LetterContent content = new(letter, book, words);
        message.Body = WithFiles(letter, words, LetterLayout.Body(content, words));
        return message;
    }

    private static string Subject(Letter letter, LetterWords words)
    {
        var subject = words.Say(letter.Wordings('s'));
        if (!letter.IsSpam)
        {
            return words.Chance(.12) ? $"Re: {subject}" : subject;
        }

        return words.Random.Next(12) switch
        {
            0 => subject.ToUpperInvariant(),
            1 => $"{words["own"]}, {subject}",
            2 => $"{subject} {words.Code(8)}",
            3 => $"\U0001F4E6 {subject} !",
            4 => $"Re: {subject}",
            _ => subject,
        };
    }

    private static MimeEntity WithFiles(Letter letter, LetterWords words, MimeEntity body)
    {
        var share = letter.Has('a') ? .8 : letter.IsSpam ? .03 : letter.Name is "invoice" ? .6 : letter.Name is "business" or "customer" ? .25 : .03;
        if (!words.Chance(share))
        {
            return body;
        }

        var name = words.Say(letter.IsSpam ? s_badFiles : s_goodFiles);
        MimePart file = new(MimeTypes.GetMimeType(name))
        {
            Content = new MimeContent(new MemoryStream([1, 2, 3])),
            ContentDisposition = new ContentDisposition(ContentDisposition.Attachment),
            ContentTransferEncoding = ContentEncoding.Base64,
            FileName = name,
        };
        return new Multipart("mixed") { body, file };
    }

    private static int HashCode(int seed, string language, int letter, int copy) =>
        (((((seed * 31) + language[0]) * 31) + language[1]) * 1_000_003) + (letter * 8_191) + copy;
}
