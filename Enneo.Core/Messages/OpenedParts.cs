using MimeKit;
using MimeKit.Cryptography;
using MimeKit.Tnef;
using Org.BouncyCastle.Cms;

namespace Enneo.Core.Messages;

/// <summary>How a mail was wrapped when it came (RFC 8551).</summary>
public enum MailWrapping
{
    None,

    /// <summary>Signed as one piece; what is in it is shown, whether the signature is good is not known.</summary>
    SignedWhole,

    /// <summary>Only somebody with its key can read it.</summary>
    Encrypted,
}

/// <summary>
/// Opens parts that hold further parts in a way of their own: Outlook's winmail.dat and signed S/MIME. What cannot be
/// opened stays what it is, an attachment. Their sizes are those of real bytes: what they claim is not believed.
/// </summary>
internal static class OpenedParts
{
    private const long MaxBytes = 64L * 1024 * 1024;
    private const int MaxDepth = 3;

    public static bool IsEncrypted(MimeEntity entity) =>
        entity is ApplicationPkcs7Mime { SecureMimeType: SecureMimeType.EnvelopedData or SecureMimeType.AuthEnvelopedData }
        || entity is MultipartEncrypted;

    /// <returns>What the part holds, or null.</returns>
    public static MimeEntity? Open(MimeEntity entity, int depth)
    {
        if (depth >= MaxDepth)
        {
            return null;
        }

        try
        {
            return entity switch
            {
                TnefPart tnef when SizeOf(tnef) <= MaxBytes => tnef.ConvertToMessage().Body,
                ApplicationPkcs7Mime { SecureMimeType: SecureMimeType.SignedData or SecureMimeType.Unknown } signed when SizeOf(signed) <= MaxBytes => Unwrap(signed),
                _ => null,
            };
        }
        catch (Exception exception) when (MailLimits.IsFault(exception) || exception is CmsException or Org.BouncyCastle.Asn1.Asn1Exception or OverflowException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private static MimeEntity? Unwrap(ApplicationPkcs7Mime part)
    {
        using var wrapped = part.Content!.Open();
        CmsSignedData signed = new(wrapped);
        if (signed.SignedContent is not { } content)
        {
            return null;
        }

        MemoryStream inner = new(); // its parts read from it as long as they live
        content.Write(inner);
        inner.Position = 0;
        return MimeEntity.Load(MailLimits.ParserOptions, inner, persistent: true);
    }

    private static long SizeOf(MimePart part)
    {
        using CountingStream count = new();
        part.Content?.DecodeTo(count);
        return part.Content is null ? long.MaxValue : count.Length;
    }
}
