using System.Globalization;
using System.Text;
using Enneo.Core.Data;
using Enneo.Core.Messages;
using Enneo.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Backup;

/// <summary>
/// Writes the mail of a mailbox, but no notes, as one mbox file, oldest first, in the form that can be read back without loss of a line
/// (mboxrd: lines that begin with any number of "&gt;" and "From " get one "&gt;" more; lines end with LF). RFC 4155 describes the family.
/// </summary>
public sealed class MailboxExport(IDbContextFactory<EnneoDbContext> dbFactory, MessageStore store)
{
    private const int Page = 200;

    /// <summary>Each mail once, however many folders hold it.</summary>
    /// <returns>How many mails were written.</returns>
    /// <exception cref="CorruptSourceException">A stored mail is damaged; what stands before it was written.</exception>
    public async Task<int> WriteAsync(long mailboxId, Stream mbox, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var written = 0;
        (DateTimeOffset At, long Id) last = (DateTimeOffset.MinValue, 0);
        while (await PageAsync(db, mailboxId, last, cancellationToken) is { Count: > 0 } mails)
        {
            foreach (var mail in mails)
            {
                await WriteAsync(mail, mbox, cancellationToken);
                written++;
            }

            last = (mails[^1].ReceivedAt, mails[^1].MessageId);
        }

        await mbox.FlushAsync(cancellationToken);
        return written;
    }

    private static Task<List<ExportedMail>> PageAsync(EnneoDbContext db, long mailboxId, (DateTimeOffset At, long Id) after, CancellationToken cancellationToken) => (
        from message in db.Messages
        join source in db.Sources on message.SourceId equals source.Id
        where message.MailboxId == mailboxId && message.Direction != MessageDirection.Internal && (message.ReceivedAt > after.At || (message.ReceivedAt == after.At && message.Id > after.Id))
        orderby message.ReceivedAt, message.Id
        select new ExportedMail(message.Id, message.ReceivedAt, message.FromAddress, source))
        .AsNoTracking()
        .Take(Page)
        .ToListAsync(cancellationToken);

    private async Task WriteAsync(ExportedMail mail, Stream mbox, CancellationToken cancellationToken)
    {
        var sender = mail.From.Length > 0 && !mail.From.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) ? mail.From : "MAILER-DAEMON";
        var time = mail.ReceivedAt.UtcDateTime.ToString("ddd MMM dd HH:mm:ss yyyy", CultureInfo.InvariantCulture);
        await mbox.WriteAsync(Encoding.UTF8.GetBytes($"From {sender} {time}\n"), cancellationToken);

        using var raw = await store.OpenAsync(mail.Source, cancellationToken);
        await using var stream = raw.Open();
        using BufferedStream lines = new(stream);
        List<byte> line = [];
        for (var read = lines.ReadByte(); read >= 0; read = lines.ReadByte())
        {
            if (read != '\n')
            {
                line.Add((byte)read);
                continue;
            }

            await WriteLineAsync(line, mbox, cancellationToken);
        }

        if (line.Count > 0)
        {
            await WriteLineAsync(line, mbox, cancellationToken);
        }

        await mbox.WriteAsync("\n"u8.ToArray(), cancellationToken);
    }

    private static async Task WriteLineAsync(List<byte> line, Stream mbox, CancellationToken cancellationToken)
    {
        if (line is [.., (byte)'\r'])
        {
            line.RemoveAt(line.Count - 1);
        }

        if (LooksLikeABeginning(line))
        {
            line.Insert(0, (byte)'>');
        }

        line.Add((byte)'\n');
        await mbox.WriteAsync(line.ToArray(), cancellationToken);
        line.Clear();
    }

    private static bool LooksLikeABeginning(List<byte> line)
    {
        var quotes = line.TakeWhile(c => c == '>').Count();
        return line.Count >= quotes + 5 && line.Skip(quotes).Take(5).SequenceEqual("From "u8.ToArray());
    }

    private sealed record ExportedMail(long MessageId, DateTimeOffset ReceivedAt, string From, StoredSource Source);
}
