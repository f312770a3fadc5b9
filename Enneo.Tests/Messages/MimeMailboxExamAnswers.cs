using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Messages;

/// <summary>Each mail answered and forwarded, and what leaves read again.</summary>
public sealed partial class MimeMailboxExamTests
{
    /// <summary>Answers the newest mail of each conversation and reads what leaves.</summary>
    private async Task AnswerAllAsync(EnneoApp app, IEnumerable<Listed> listed, Dictionary<long, MimeCase> files, string pickup)
    {
        var person = await ReadAsync(app, db => db.Users.Select(user => user.Id).SingleAsync(Cancel));
        Dictionary<string, MimeCase> answers = [];
        foreach (var message in listed.Select(entry => entry.Message))
        {
            var mime = files[message.Id];
            var draft = (await app.Get<Drafts>().StartReplyAsync(message.Id, DraftMode.ReplyAll, person, Cancel))!;
            if (draft.To.Count + draft.Cc.Count == 0)
            {
                Count("without anybody to answer", 1);
                Judge(mime, !message.FromAddress.Contains('@', StringComparison.Ordinal) || message.FromAddress.Any(c => c > 127 || c < 33 || "()<>[]:;,\\\"".Contains(c, StringComparison.Ordinal)), $"nobody to answer, though it is from {message.FromAddress}");
                await app.Get<Drafts>().DiscardAsync(draft.Id, person, Cancel);
                continue;
            }

            await app.Get<Drafts>().SaveAsync(draft.Id, new DraftSave(draft.Revision + 1, draft.To, draft.Cc, [], draft.Subject, "<p>Thank you</p>"), person, Cancel);
            var sent = await app.Get<Outbox>().SendAsync(draft.Id, person, Cancel);
            Judge(mime, sent.Outgoing is not null, $"the answer to it is refused: {sent.Problem}");
            if (sent.Outgoing is { } outgoing)
            {
                answers.Add(await InternetMessageIdAsync(app, outgoing), mime);
            }
        }

        await LeftAsync(pickup, answers.Count);
        await foreach (var (answer, _) in TakeAsync(pickup))
        {
            Judge(answers[answer.MessageId!], answer.TextBody?.StartsWith("Thank you", StringComparison.Ordinal) is true && answer.From.Mailboxes.Any(), "its answer cannot be read again");
        }

        Count("answered", answers.Count);
    }

    /// <summary>Passes each mail on, as text with its files or whole, and compares what leaves with what came.</summary>
    private async Task ForwardAllAsync(EnneoApp app, IEnumerable<Listed> listed, Dictionary<long, MimeCase> files, string pickup, bool asAttachment)
    {
        var person = await ReadAsync(app, db => db.Users.Select(user => user.Id).SingleAsync(Cancel));
        Dictionary<string, long> forwards = [];
        foreach (var message in listed.Select(entry => entry.Message))
        {
            var draft = (await app.Get<Drafts>().StartForwardAsync(message.Id, asAttachment, person, Cancel))!;
            Judge(files[message.Id], asAttachment || draft.Mode is DraftMode.Forward || message.Unreadable is not null, "can be read and is not forwarded as text");
            DraftSave save = new(draft.Revision + 1, [new MailAddress("", "colleague@elsewhere.example")], [], [], draft.Subject, "<p>Please look</p>");
            await app.Get<Drafts>().SaveAsync(draft.Id, save, person, Cancel);
            var sent = await app.Get<Outbox>().SendAsync(draft.Id, person, Cancel);
            Judge(files[message.Id], sent.Outgoing is not null, $"the forward of it is refused: {sent.Problem}");
            if (sent.Outgoing is { } outgoing)
            {
                forwards.Add(await InternetMessageIdAsync(app, outgoing), message.Id);
            }
        }

        await LeftAsync(pickup, forwards.Count);
        await foreach (var (forward, raw) in TakeAsync(pickup))
        {
            var id = forwards[forward.MessageId!];
            Judge(files[id], forward.TextBody?.StartsWith("Please look", StringComparison.Ordinal) is true && forward.InReplyTo is null, "its forward cannot be read again");
            var missing = await ExpectedAsync(app, id, asAttachment || forward.TextBody?.Contains(SendingText.ForwardHeading, StringComparison.Ordinal) is not true);
            foreach (var part in forward.BodyParts.OfType<MimePart>())
            {
                var bytes = await BytesAsync(part);
                missing.Remove(missing.Find(expected => expected.AsSpan().SequenceEqual(bytes))!);
            }

            missing.RemoveAll(expected => raw.AsSpan().IndexOf(expected) >= 0); // a mail within a mail stands there as it is

            Judge(files[id], missing.Count == 0, $"its forward lacks {missing.Count} of its files");
        }

        Count(asAttachment ? "forwarded whole" : "forwarded as text", forwards.Count);
    }

    /// <returns>What a forward must hold.</returns>
    private static async Task<List<byte[]>> ExpectedAsync(EnneoApp app, long id, bool whole)
    {
        var reader = app.Get<MessageReader>();
        if (whole)
        {
            using var source = await reader.FindSourceAsync(Reach.All, id, Cancel);
            using MemoryStream bytes = new();
            await source!.Open().CopyToAsync(bytes, Cancel);
            return [bytes.ToArray()];
        }

        List<byte[]> files = [];
        foreach (var part in (await reader.FindAsync(Reach.All, id, Cancel))!.Parts.Where(part => !IsOpened(part)))
        {
            files.Add((await reader.FindPartAsync(Reach.All, id, part.Index, Cancel))!.Bytes);
        }

        return files;
    }

    /// <summary>A winmail.dat or signed mail goes on as what it holds.</summary>
    private static bool IsOpened(Enneo.Core.Messages.MessagePart part) => part.IsInline && !part.ContentType.StartsWith("image/", StringComparison.Ordinal);

    private static async Task<byte[]> BytesAsync(MimePart part)
    {
        using MemoryStream bytes = new();
        await part.Content!.DecodeToAsync(bytes, Cancel);
        return bytes.ToArray();
    }

    private static Task<string> InternetMessageIdAsync(EnneoApp app, OutgoingStatus outgoing) =>
        ReadAsync(app, db => db.Messages.Where(m => m.Id == outgoing.MessageId).Select(m => m.InternetMessageId).SingleAsync(Cancel));

    private static async Task LeftAsync(string pickup, int count)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        while (count > 0 && Directory.GetFiles(pickup, "*.eml").Length < count)
        {
            await Task.Delay(200, limit.Token);
        }
    }

    private static async IAsyncEnumerable<(MimeMessage Mail, byte[] Raw)> TakeAsync(string pickup)
    {
        foreach (var file in Directory.GetFiles(pickup, "*.eml"))
        {
            var raw = await File.ReadAllBytesAsync(file, Cancel);
            using (MemoryStream bytes = new(raw))
            using (var mail = await MimeMessage.LoadAsync(bytes, Cancel))
            {
                yield return (mail, raw);
            }

            File.Delete(file);
        }
    }
}
