using System.Text;
using Enneo.Core.Messages;
using MimeKit;

namespace Enneo.Core.Spam.Model.Features;

/// <summary>
/// Turns a mail into its features: from its content and the fields that its writer fills in, never from what servers
/// or other filters wrote into its header. The work is bounded whatever the mail.
/// </summary>
internal sealed class FeatureExtraction
{
    /// <summary>What is in a weight file is only good for the features it was made from.</summary>
    public const int Version = 2;

    private const int MaxParts = 100;
    private const int MaxDepth = 20;
    private const int MaxPartBytes = 256 * 1024;
    private const int MaxMarkup = 512 * 1024;
    private const int MaxText = 24 * 1024;

    private readonly FeatureCollector _features;
    private readonly StringBuilder _plain = new();
    private readonly StringBuilder _html = new();
    private int _parts;
    private int _files;

    private FeatureExtraction(bool isNamed) => _features = new(isNamed);

    /// <param name="isNamed">Whether the names of the features are kept, to explain a judgement.</param>
    public static MailFeatures Of(MimeMessage message, bool isNamed = false)
    {
        FeatureExtraction extraction = new(isNamed);
        var hosts = extraction.Read(message);
        return extraction._features.ToFeatures() with { Sender = message.From.Mailboxes.FirstOrDefault()?.Address.ToLowerInvariant() ?? "", Hosts = isNamed ? [.. hosts] : [] };
    }

    /// <summary>Of what cannot be read as a mail.</summary>
    public static MailFeatures OfUnreadable()
    {
        FeatureCollector features = new(isNamed: false);
        features.Add(Sign.Unreadable);
        return features.ToFeatures();
    }

    /// <returns>The hosts to which its links lead.</returns>
    private IReadOnlyCollection<string> Read(MimeMessage message)
    {
        Visit(message.Body, 0);
        var recipient = message.To.Mailboxes.FirstOrDefault()?.Address ?? "";
        var reading = HtmlReading.Of(Whole(_html), _features);
        var text = reading.Text.Length > _plain.Length ? reading.Text : _plain;
        var shown = text.ToString(0, Math.Min(text.Length, MaxText));
        AddForm(reading, text.Length);
        TextSigns.Add(shown, _features);

        var sender = SenderFeatures.Add(message, recipient, _features);
        LinkFeatures links = new(_features, sender.Domain, recipient);
        links.Add(reading.Links);
        links.AddBare(_plain.ToString(0, Math.Min(_plain.Length, MaxText)));
        links.Summarise();

        SubjectFeatures.Add(message.Subject ?? "", recipient, _features);
        var folded = FoldedText.Of(shown, MaxText);
        sender.AddMention(folded.Characters);
        WordFeatures.Add(folded, recipient, _features);
        return links.Hosts;
    }

    private void AddForm(HtmlReading reading, int length)
    {
        var form = (_html.Length > 0 ? 1 : 0) | (_plain.Length > 0 ? 2 : 0) | (_files > 0 ? 4 : 0);
        _features.Add(Sign.Form, form);
        _features.Add(Sign.TextLength, Size.Of(length));
        _features.Add(Sign.AttachmentCount, Math.Min(_files, 4));
        if (_html.Length > 0)
        {
            _features.Add(Sign.TextShare, Size.Of(20.0 * reading.Text.Length / _html.Length));
            _features.Add(Sign.ImageCount, Size.Of(reading.Images));
            _features.Add(Sign.HiddenLetters, Size.Of(reading.Hidden / 20.0));
        }
    }

    private void Visit(MimeEntity? entity, int depth)
    {
        if (entity is null || depth > MaxDepth || ++_parts > MaxParts)
        {
            return;
        }

        switch (entity)
        {
            case Multipart multipart:
                foreach (var child in multipart.Take(MaxParts))
                {
                    Visit(child, depth + 1);
                }

                break;
            case TextPart { IsAttachment: false } text:
                AddText(text);
                break;
            default:
                AddFile(entity);
                break;
        }
    }

    private void AddText(TextPart part)
    {
        var target = part.IsHtml ? _html : _plain;
        if (target.Length < MaxMarkup)
        {
            target.Append(MailCharset.Read(part, MaxPartBytes)).Append('\n');
        }

        var isHtml = part.IsHtml ? 1 : 0;
        var encoding = part.Headers[HeaderId.ContentTransferEncoding];
        if (part.ContentTransferEncoding is ContentEncoding.Default && !string.IsNullOrWhiteSpace(encoding))
        {
            _features.Add(Sign.OddTransferEncoding);
        }
        else
        {
            _features.Add(Sign.TransferEncoding, ((int)part.ContentTransferEncoding << 1) | isHtml);
        }

        var charset = (part.ContentType.Charset ?? "").Trim().ToLowerInvariant();
        _features.Add(Sign.Charset, (int)FeatureHash.Of(charset is "us-ascii" or "ascii" ? "" : charset.AsSpan(0, Math.Min(charset.Length, 20))));
    }

    private void AddFile(MimeEntity entity)
    {
        _files++;
        _features.Add(Sign.AttachmentType, (int)FeatureHash.Of(entity.ContentType.MediaType.ToLowerInvariant()));
        var name = MessageParts.GivenName(entity);
        var ending = Path.GetExtension(name).ToLowerInvariant();
        if (ending.Length is > 1 and < 8)
        {
            _features.Add(Sign.AttachmentEnding, (int)FeatureHash.Of(ending), name);
        }
    }

    private static string Whole(StringBuilder text) => text.ToString(0, Math.Min(text.Length, MaxMarkup));
}
