using System.Buffers;

namespace Enneo.Core.Messages;

/// <summary>
/// The one gate for addresses in hostile HTML. Links may lead out; nothing is loaded but the mail's own
/// images, and those by the address that this program serves them at.
/// </summary>
internal sealed class MailUrls(MailView view)
{
    private const int MaxLink = 8192;
    private const int MaxDataImage = 4 * 1024 * 1024;

    /// <summary>Keeps the Content-ID with the address, so that a second pass can tell our address from one that a mail made up.</summary>
    private const string IdMark = "#cid=";

    /// <summary>The same for the address of a picture on another host that this program fetches.</summary>
    private const string SourceMark = "#src=";

    private static readonly SearchValues<char> s_base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    /// <summary>No browser opens an address whose host has one of these (URL Standard, forbidden host code points).</summary>
    private static readonly SearchValues<char> s_notInHosts = SearchValues.Create(" <>^|\"`");

    public int BlockedImages { get; set; }

    /// <returns>The address to keep, or null.</returns>
    public string? Filter(string tag, string url)
    {
        // As browsers do: tabs and line ends within do not count, nor does anything unprintable around.
        var address = string.Concat(url.Where(c => c is not ('\t' or '\r' or '\n'))).Trim([.. Enumerable.Range(0, 33).Select(c => (char)c)]);
        return tag switch
        {
            "a" => Link(address),
            "img" => Image(address),
            _ => null,
        };
    }

    public static bool IsRemote(string address) =>
        address.AsSpan().Trim() is var trimmed
        && (trimmed.StartsWith("//") || trimmed.StartsWith("http:", StringComparison.OrdinalIgnoreCase) || trimmed.StartsWith("https:", StringComparison.OrdinalIgnoreCase));

    private static string? Link(string address) =>
        address.Length <= MaxLink && Array.Exists(MailHtmlRules.LinkPrefixes, prefix => address.Length > prefix.Length && address.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        && !address.Any(char.IsControl)
        && HostOf(address).IndexOfAny(s_notInHosts) < 0
            ? address
            : null;

    /// <summary>With user and port; empty where the scheme has no host.</summary>
    private static ReadOnlySpan<char> HostOf(string address)
    {
        var start = address.IndexOf("://", StringComparison.Ordinal);
        var rest = start < 0 ? "" : address.AsSpan(start + 3).TrimStart('/');
        return rest.IndexOfAny("/\\?#") is >= 0 and var end ? rest[..end] : rest;
    }

    private string? Image(string address)
    {
        var shown = Picture(address);
        BlockedImages += shown is null && IsRemote(address) ? 1 : 0;
        return shown;
    }

    /// <returns>The address at which a picture of the mail or of another host is served, or null.</returns>
    public string? Picture(string address)
    {
        if (address.StartsWith("cid:", StringComparison.OrdinalIgnoreCase))
        {
            return Served(Uri.UnescapeDataString(address[4..]).Trim('<', '>'));
        }

        if (IsDataImage(address))
        {
            return address;
        }

        var mark = address.IndexOf(IdMark, StringComparison.Ordinal);
        if (mark >= 0 && Served(Uri.UnescapeDataString(address[(mark + IdMark.Length)..])) == address)
        {
            return address;
        }

        var source = address.IndexOf(SourceMark, StringComparison.Ordinal);
        if (source >= 0 && Fetched(Uri.UnescapeDataString(address[(source + SourceMark.Length)..])) == address)
        {
            return address;
        }

        return IsRemote(address) ? Fetched(address) : null;
    }

    private string? Fetched(string address) => view.RemoteImage?.Invoke(address) is { } served ? served + SourceMark + Uri.EscapeDataString(address) : null;

    private string? Served(string contentId) => view.InlineImage(contentId) switch
    {
        null => null,
        var data when IsDataImage(data) => data,
        var address => address + IdMark + Uri.EscapeDataString(contentId),
    };

    private static bool IsDataImage(string address) =>
        address.Length <= MaxDataImage
        && Array.Find(MailHtmlRules.DataImages, prefix => address.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) is { } prefix
        && IsBase64(address.AsSpan(prefix.Length));

    /// <summary>As browsers decode it (Infra Standard, forgiving-base64): with or without padding.</summary>
    private static bool IsBase64(ReadOnlySpan<char> data)
    {
        var digits = data.Length % 4 != 0 ? data : data.EndsWith("==") ? data[..^2] : data.EndsWith('=') ? data[..^1] : data;
        return digits.Length % 4 != 1 && digits.IndexOfAnyExcept(s_base64) < 0;
    }
}
