using System.Text;
using MimeKit;

namespace Enneo.Core.Messages;

/// <summary>
/// What of a mail can be searched beside its headers: its text, what its writer wrote before what
/// they quoted, and the names of its files. Reads no more than it keeps.
/// </summary>
internal sealed class MailWords
{
    public const int MaxText = 64 * 1024;
    public const int MaxQuoted = 16 * 1024;
    private const int MaxFiles = 200;
    private const int MaxBytes = 8 * MaxText; // of which much may be quoted, or markup

    /// <summary>A plain alternative shorter than this often says only where to see the real one.</summary>
    private const int SaysEnough = 200;

    /// <summary>Longer runs of letters without a space are addresses with tracking in them, keys, encoded data.</summary>
    private const int MaxWord = 100;

    private readonly StringBuilder _text = new();
    private readonly StringBuilder _quoted = new();
    private readonly List<string> _files = [];
    private bool _hasBody;
    private bool _filesOnly;

    private MailWords()
    {
    }

    public static (string Text, IReadOnlyList<string> FileNames) Of(MimeMessage message)
    {
        MailWords words = new();
        words.Visit(message.Body);
        return (words.Text(), words._files);
    }

    private string Text()
    {
        if (_quoted.Length > 0)
        {
            AddSpace(_text);
            _text.Append(_quoted, 0, Math.Min(_quoted.Length, Math.Max(0, MaxText - _text.Length)));
        }

        return _text.ToString();
    }

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
                VisitAll(related.Where(child => child is Multipart or TextPart or not MimePart { ContentId.Length: > 0, IsAttachment: false }));
                break;
            case Multipart multipart:
                VisitAll(multipart.Take(MailLimits.MaxParts));
                break;
            case TextPart text when IsBody(text):
                _hasBody = true;
                if (!_filesOnly)
                {
                    AddText(text);
                }

                break;
            default:
                AddFile(entity);
                break;
        }
    }

    private void VisitAll(IEnumerable<MimeEntity> entities)
    {
        foreach (var entity in entities)
        {
            Visit(entity);
        }
    }

    /// <summary>The plain text is the cheapest to read and, unless it is a stub, all that is said.</summary>
    private void VisitAlternative(MultipartAlternative alternative)
    {
        var before = _text.Length + _quoted.Length;
        VisitAll(alternative.Where(child => child is TextPart { IsPlain: true }));
        var filesOnly = _filesOnly;
        _filesOnly |= _text.Length + _quoted.Length - before >= SaysEnough;
        VisitAll(alternative.Where(child => child is Multipart or TextPart { IsHtml: true } or TextPart { IsEnriched: true }));
        _filesOnly = filesOnly;
    }

    private bool IsBody(TextPart text) =>
        !text.IsAttachment && (text.IsPlain || text.IsHtml || text.IsEnriched)
        && (string.IsNullOrEmpty(text.FileName) || (!_hasBody && text.ContentDisposition?.FileName is null));

    private void AddFile(MimeEntity entity)
    {
        var isMachinery = entity is MimePart part && MessageParts.IsMachinery(part);
        if (!isMachinery && _files.Count < MaxFiles && MessageParts.GivenName(entity) is { Length: > 0 } name)
        {
            _files.Add(name);
        }
    }

    private void AddText(TextPart part)
    {
        if (_text.Length >= MaxText)
        {
            return;
        }

        var text = part.IsHtml
            ? HtmlText.Of(MailCharset.Read(part, MaxBytes), MaxText + MaxQuoted)
            : MailCharset.Read(part, MaxBytes);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.TrimStart() is ['>', ..])
            {
                AddWords(_quoted, line.TrimStart(" >"), MaxQuoted);
            }
            else
            {
                AddWords(_text, line, MaxText);
            }
        }
    }

    /// <summary>White space folded, without what no one reads.</summary>
    private static void AddWords(StringBuilder text, ReadOnlySpan<char> line, int maxLength)
    {
        foreach (var range in line.SplitAny(' ', '\t', '\u00A0'))
        {
            var word = line[range];
            if (word.Length > MaxWord && Ascii.IsValid(word))
            {
                word = word[..MaxWord];
            }

            if (word.Length > maxLength - text.Length - 1)
            {
                return;
            }

            AddWord(text, word);
        }
    }

    private static void AddWord(StringBuilder text, ReadOnlySpan<char> word)
    {
        if (word.IsEmpty)
        {
            return;
        }

        AddSpace(text);
        if (word.IndexOfAnyInRange('\0', '\u001F') < 0)
        {
            text.Append(word);
            return;
        }

        foreach (var c in word)
        {
            if (!char.IsControl(c))
            {
                text.Append(c);
            }
        }
    }

    private static void AddSpace(StringBuilder text)
    {
        if (text.Length > 0 && text[^1] != ' ')
        {
            text.Append(' ');
        }
    }
}
