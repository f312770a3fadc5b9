using Enneo.Core.Messages.Calendar;
using Enneo.Core.Storage;
using MimeKit;
using MimeKit.Tnef;

namespace Enneo.Core.Messages;

/// <summary>
/// Reads body and parts of a mail. The order of the parts is that of the mail, so an index is an
/// address that never changes.
/// </summary>
internal sealed class MessageBody
{
    private const int MaxBodyBytes = 4 * 1024 * 1024;
    private const int MaxCalendarBytes = 512 * 1024;

    private readonly List<Segment> _segments = [];
    private readonly List<MimeEntity> _parts = [];
    private readonly HashSet<MimeEntity> _wrappers = [];
    private int _opened;

    private MessageBody()
    {
    }

    public MailWrapping Wrapping { get; private set; }

    /// <exception cref="FormatException">It is not a mail as the parser knows it.</exception>
    public static (string? Html, string Text, IReadOnlyList<MessagePart> Parts) Read(MailBytes raw)
    {
        using var message = MailLimits.Load(raw);
        return Collect(message).Describe();
    }

    /// <param name="message">Must live as long as what is read of it.</param>
    public static MessageBody Collect(MimeMessage message)
    {
        MessageBody body = new();
        body.Visit(message.Body);
        return body;
    }

    public (string? Html, string Text, IReadOnlyList<MessagePart> Parts) Describe()
    {
        var html = _segments.Exists(segment => segment.Html is not null) ? Html(_segments) : null;
        var shown = MessageParts.ContentIdsIn(html);
        return (html, Text(_segments), [.. _parts.Select((part, index) => MessageParts.Describe(part, index, shown) is var described && _wrappers.Contains(part) ? described with { IsInline = true } : described)]);
    }

    /// <returns>The first event that one of the parts brings, or null.</returns>
    public Invitation? FindInvitation() => _parts
        .Select((part, index) => part is TextPart { Content: not null } text && text.ContentType.IsMimeType("text", "calendar") ? CalendarText.Read(MailCharset.Read(text, MaxCalendarBytes), index) : null)
        .FirstOrDefault(invitation => invitation is not null);

    /// <returns>The decoded part, or null if there is none.</returns>
    /// <exception cref="FormatException">It is not a mail as the parser knows it.</exception>
    public static PartContent? ReadPart(MailBytes raw, int index)
    {
        using var message = MailLimits.Load(raw);
        var parts = Collect(message)._parts;
        return index >= 0 && index < parts.Count ? MessageParts.Content(parts[index], index) : null;
    }

    /// <summary>Whether there is something to open beside the body: not its pictures, its signature or a server's report.</summary>
    public static bool HasAttachments(MimeEntity? entity) => entity switch
    {
        null => false,
        MultipartAlternative alternative => alternative.Any(child => child is Multipart && HasAttachments(child)),
        MultipartRelated related => related.Any(child => child is not MimePart { ContentId.Length: > 0, IsAttachment: false } && HasAttachments(child)),
        Multipart multipart => multipart.Take(MailLimits.MaxParts).Any(HasAttachments),
        TextPart text => text.IsAttachment || !IsBodyType(text)
            || !string.IsNullOrEmpty(text.FileName) && text.ContentDisposition is not null,
        TextRfc822Headers => false,
        MimePart part => part.IsAttachment || !MessageParts.IsMachinery(part),
        _ => true,
    };

    private void Visit(MimeEntity? entity)
    {
        switch (entity)
        {
            case null:
                break;
            case MultipartAlternative alternative:
                VisitAlternative(alternative);
                break;
            case MultipartRelated related:
                VisitRelated(related);
                break;
            case Multipart multipart:
                foreach (var child in multipart)
                {
                    Visit(child);
                }

                break;
            case TextPart text when IsBody(text):
                _segments.Add(Read(text));
                break;
            case MimePart part when OpenedParts.Open(part, _opened) is { } inner:
                VisitOpened(part, inner);
                break;
            default:
                Wrapping = OpenedParts.IsEncrypted(entity) ? MailWrapping.Encrypted : Wrapping;
                AddPart(entity);
                break;
        }
    }

    /// <summary>What Outlook packed is the mail's text only where there is no other; what was signed always is.</summary>
    private void VisitOpened(MimePart wrapped, MimeEntity inner)
    {
        _opened++;
        AddPart(wrapped);
        _wrappers.Add(wrapped);
        if (wrapped is TnefPart && _segments.Count > 0)
        {
            foreach (var part in Leaves(inner).Where(part => part is not TextPart { FileName: null or "" }))
            {
                AddPart(part);
            }
        }
        else
        {
            Wrapping = wrapped is TnefPart ? Wrapping : MailWrapping.SignedWhole;
            Visit(inner);
        }

        _opened--;
    }

    private static IEnumerable<MimeEntity> Leaves(MimeEntity entity) => entity is Multipart multipart ? multipart.SelectMany(Leaves) : [entity];

    /// <summary>The richest alternative is the body, the plain one its text (RFC 2046, section 5.1.4).</summary>
    private void VisitAlternative(MultipartAlternative alternative)
    {
        List<List<Segment>> offers = [];
        foreach (var child in alternative)
        {
            if (child is TextPart { IsAttachment: false } text && (text.ContentType.IsMimeType("text", "x-amp-html") || text.ContentType.IsMimeType("text", "watch-html")))
            {
                continue; // the same once more, for other programs
            }

            var before = _segments.Count;
            Visit(child);
            offers.Add(_segments[before..]);
            _segments.RemoveRange(before, _segments.Count - before);
        }

        var rich = offers.FindLast(offer => offer.Exists(segment => segment.Html is not null));
        var plain = offers.Find(offer => offer.Exists(segment => segment.Text.Length > 0) && offer.TrueForAll(segment => segment.Html is null));
        if (rich is not null && plain is not null)
        {
            _segments.Add(new(Html(rich), Text(plain)));
        }
        else
        {
            _segments.AddRange(rich ?? plain ?? []);
        }
    }

    /// <summary>The root is the body; what belongs to it is listed, whatever its type (RFC 2387).</summary>
    private void VisitRelated(MultipartRelated related)
    {
        var root = related.Root is TextPart or Multipart
            ? related.Root
            : related.FirstOrDefault(child => child is TextPart { IsHtml: true } or Multipart) ?? related.Root;
        foreach (var child in related)
        {
            if (child == root || child is Multipart)
            {
                Visit(child);
            }
            else
            {
                AddPart(child);
            }
        }
    }

    private void AddPart(MimeEntity entity)
    {
        if (_parts.Count < MailLimits.MaxParts)
        {
            _parts.Add(entity);
        }
    }

    /// <summary>Some mailers name even the body: the first text is the body unless it says that it is an attachment.</summary>
    private bool IsBody(TextPart text) =>
        !text.IsAttachment && IsBodyType(text)
        && (string.IsNullOrEmpty(text.FileName) || (_segments.Count == 0 && text.ContentDisposition?.FileName is null));

    private static bool IsBodyType(TextPart text) => text.IsPlain || text.IsHtml || text.IsEnriched;

    private static Segment Read(TextPart part)
    {
        var text = MailCharset.Read(part, MaxBodyBytes, out var isCut);
        var plain = part.IsHtml ? HtmlText.Of(text, MaxBodyBytes) : text;
        return new(part.IsHtml && !isCut ? text : null, isCut ? $"{plain}\n\n{MessageText.Shortened}" : plain);
    }

    private static string Html(List<Segment> segments) => string.Concat(segments.Select(segment => segment.Html ?? MailText.ToHtml(segment.Text)));

    private static string Text(List<Segment> segments) => string.Join("\n\n", segments.Select(segment => segment.Text).Where(text => text.Length > 0));

    /// <param name="Text">The plain text, or the text of the HTML.</param>
    private readonly record struct Segment(string? Html, string Text);
}
