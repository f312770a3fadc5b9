using System.Globalization;
using System.Text.RegularExpressions;

namespace Enneo.Core.Sending;

/// <summary>Pictures within the text of a draft: an address of ours while it is written, a part of the mail when it leaves.</summary>
internal static partial class DraftPictures
{
    private const string Prefix = "/draft/image/";
    private const int MaxBytes = 5_000_000;

    public static string Address(long attachmentId) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{attachmentId}");

    public static bool IsAddress(string? address) => address is not null && WholeAddress().IsMatch(address);

    /// <exception cref="AttachmentTooLargeException">More than a picture may have.</exception>
    public static async Task<byte[]> ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        using MemoryStream bytes = new();
        var buffer = new byte[81_920];
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (bytes.Length + read > MaxBytes)
            {
                throw new AttachmentTooLargeException(MaxBytes);
            }

            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }

    /// <summary>By its bytes, whatever it is called: only kinds that a browser does nothing with but paint.</summary>
    /// <returns>Null if it is none of them.</returns>
    public static string? TypeOf(ReadOnlySpan<byte> bytes) => bytes switch
    {
        _ when bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) => "image/png",
        _ when bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) => "image/jpeg",
        _ when bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8) => "image/gif",
        _ when bytes.Length > 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8) => "image/webp",
        _ => null,
    };

    public static bool Shows(string html, long attachmentId) => html.Contains($"\"{Address(attachmentId)}\"", StringComparison.Ordinal);

    /// <param name="html">Sanitised.</param>
    /// <param name="address">By attachment; null takes the picture out.</param>
    public static string Replace(string html, Func<long, string?> address) => Picture().Replace(html, match =>
        long.TryParse(match.Groups["id"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && address(id) is { } shown
            ? $"{match.Groups["before"].Value}{shown}{match.Groups["after"].Value}"
            : "");

    [GeneratedRegex("^/draft/image/[0-9]{1,18}$", RegexOptions.CultureInvariant)]
    private static partial Regex WholeAddress();

    /// <summary>As <see cref="ComposedHtml"/> leaves them: nothing in them but address and size.</summary>
    [GeneratedRegex("(?<before><img [^>]*?src=\")/draft/image/(?<id>[0-9]{1,18})(?<after>\"[^>]*>)", RegexOptions.CultureInvariant)]
    private static partial Regex Picture();
}

/// <summary>What was to be shown within a text is no PNG, JPEG, GIF or WebP picture.</summary>
public sealed class NotAPictureException : Exception;
