using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Core.Storage;
using MimeKit;

namespace Enneo.Core.Notes;

/// <summary>
/// Gives a note the form of a mail to nobody: so it is stored, shown and searched as mail is, with pictures and files.
/// </summary>
internal sealed class NoteComposing(MessageReader reader, Requesters requesters, MessageStore store, MessageParser parser, MailHtml mailHtml, DraftUploads uploads, TimeProvider clock)
{
    private const string Domain = "note.invalid"; // RFC 6761: no mail ever has such an id

    private static readonly FormatOptions s_format = CreateFormat();

    private readonly BodyComposer _body = new(reader, requesters, mailHtml, uploads);

    /// <param name="authorId">Null for a program.</param>
    /// <exception cref="FileNotFoundException">An attached file is gone.</exception>
    public async Task<PreparedNote> ComposeAsync(
        DraftToSend written, IReadOnlyList<NoteFile> files, long ticketId, long? authorId, MailAddress from, CancellationToken cancellationToken)
    {
        using MimeMessage note = new();
        note.From.Add(new MailboxAddress(from.Name, from.Address));
        note.Subject = written.Draft.Subject;
        note.Date = clock.GetUtcNow();
        note.MessageId = $"{Guid.NewGuid():N}@{Domain}";
        note.Body = WithFiles(await _body.ComposeAsync(written, cancellationToken), files);
        return await StoreAsync(note, ticketId, written.Mailbox.Id, authorId, from, Snippets.OfText(mailHtml.ToText(written.Draft.Html)), cancellationToken);
    }

    /// <summary>The same note with another text, or with more files or fewer.</summary>
    /// <exception cref="CorruptSourceException">What was stored is damaged.</exception>
    public async Task<PreparedNote> ComposeAnewAsync(Message note, StoredSource source, NoteEdit edit, CancellationToken cancellationToken)
    {
        using var raw = await store.OpenAsync(source, cancellationToken);
        await using var stream = raw.Open();
        using var changed = await MimeMessage.LoadAsync(stream, cancellationToken);
        var text = edit.Html is { } html ? mailHtml.ToText(html).TrimEnd() : null;
        foreach (var part in changed.BodyParts.OfType<TextPart>().Where(part => text is not null && !part.IsAttachment))
        {
            part.SetText(System.Text.Encoding.UTF8, part.IsHtml ? $"<html><body>{edit.Html}</body></html>\n" : text + "\n");
        }

        TakeOut(changed.Body, edit.Removed);
        changed.Body = WithFiles(changed.Body ?? new TextPart("plain"), edit.Added);
        return await StoreAsync(
            changed, note.TicketId, note.MailboxId, note.AuthorId, new MailAddress(note.FromName, note.FromAddress), text is null ? note.Snippet : Snippets.OfText(text), cancellationToken);
    }

    /// <summary>A note as it was stored once.</summary>
    /// <exception cref="CorruptSourceException">What was stored is damaged.</exception>
    public async Task<PreparedNote> ReadAsync(RemovedNote removed, CancellationToken cancellationToken)
    {
        var note = removed.Message;
        var bytes = await store.ReadAsync(removed.Source, cancellationToken);
        return new PreparedNote(
            note.TicketId, note.MailboxId, note.AuthorId, new MailAddress(note.FromName, note.FromAddress), note.Subject, note.Snippet, removed.Source.WithId(0), parser.Parse(bytes))
        {
            At = note.ReceivedAt,
            FormerId = note.Id,
        };
    }

    private static FormatOptions CreateFormat()
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        format.EnsureNewLine = true;
        return format;
    }

    private static MimeEntity WithFiles(MimeEntity body, IReadOnlyList<NoteFile> files)
    {
        if (files.Count == 0)
        {
            return body;
        }

        var mixed = body as Multipart is { ContentType.MediaSubtype: "mixed" } already ? already : new Multipart("mixed") { body };
        foreach (var file in files)
        {
            mixed.Add(MailParts.File(AttachmentName.Clean(file.Name), file.ContentType, file.Bytes));
        }

        return mixed;
    }

    private static void TakeOut(MimeEntity? body, IReadOnlyList<RemovedFile> files)
    {
        foreach (var part in body is Multipart all && files.Count > 0 ? all.OfType<MimePart>().Where(part => part.IsAttachment).ToList() : [])
        {
            if (files.Any(file => file.Name == MessageParts.GivenName(part)) && MessageParts.Measure(part).Sha256 is var sha256
                && files.Any(file => file.Name == MessageParts.GivenName(part) && file.Sha256.Equals(sha256, StringComparison.OrdinalIgnoreCase)))
            {
                ((Multipart)body!).Remove(part);
            }
        }
    }

    private async Task<PreparedNote> StoreAsync(
        MimeMessage note, long ticketId, long mailboxId, long? authorId, MailAddress from, string snippet, CancellationToken cancellationToken)
    {
        note.Prepare(EncodingConstraint.SevenBit);
        using MemoryStream bytes = new();
        await note.WriteToAsync(s_format, bytes, cancellationToken);
        var source = (await store.AppendAsync([bytes.ToArray()], cancellationToken))[0];
        return new PreparedNote(ticketId, mailboxId, authorId, from, note.Subject ?? "", snippet, source, parser.Parse(bytes.ToArray()));
    }
}
