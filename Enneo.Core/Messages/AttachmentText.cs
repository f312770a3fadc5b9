namespace Enneo.Core.Messages;

/// <summary>The words of an attachment, in the charset that fits them.</summary>
public static class AttachmentText
{
    /// <param name="maxBytes">What stands behind them is left out.</param>
    public static string Of(PartContent part, int maxBytes) =>
        MailCharset.Decode(part.Bytes.AsSpan(0, Math.Min(part.Bytes.Length, maxBytes)), null, isHtml: false, isCut: part.Bytes.Length > maxBytes);
}
