using MimeKit;

namespace Enneo.Core.Spam.Headers;

/// <summary>Where a mail says that one request takes its reader off the list (RFC 8058).</summary>
/// <param name="IsVouched">The sender's domain stands behind it: its signature covers both fields, or DMARC passes.</param>
internal sealed record OneClickLink(Uri Address, bool IsVouched)
{
    private const string Field = "List-Unsubscribe";
    private const string PostField = "List-Unsubscribe-Post";
    private const string Post = "List-Unsubscribe=One-Click";
    private const int MaxAddress = 2_000;

    /// <param name="server">How the receiving server names itself in its results; null where the topmost ones are taken.</param>
    /// <param name="isAllowed">Whether an address may be asked.</param>
    /// <returns>Null where it does not say so, or says it twice.</returns>
    public static OneClickLink? Of(HeaderList headers, string? server, Func<Uri, bool> isAllowed)
    {
        if (HeaderRules.Values(headers, Field).Take(2).ToList() is not [var links]
            || HeaderRules.Values(headers, PostField).Take(2).ToList() is not [var post]
            || !post.Equals(Post, StringComparison.OrdinalIgnoreCase)
            || Addresses(links).Select(Read).OfType<Uri>().FirstOrDefault(isAllowed) is not { } found)
        {
            return null;
        }

        HeaderExemptions trusting = new() { AuthenticationServer = server };
        return new OneClickLink(found, SignersOfBoth(headers).Append("").Any(domain => DmarcResults.VouchFor(domain, headers, trusting)));
    }

    private static IEnumerable<string> Addresses(string links) => links
        .Split(',', StringSplitOptions.TrimEntries)
        .Where(link => link.StartsWith('<') && link.EndsWith('>'))
        .Select(link => link[1..^1].Trim());

    private static Uri? Read(string address) => address.Length <= MaxAddress && Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri : null;

    /// <returns>The domains whose signatures say that they cover both fields; whether they hold is the receiving server's to say.</returns>
    private static IEnumerable<string> SignersOfBoth(HeaderList headers)
    {
        foreach (var signature in HeaderRules.Values(headers, "DKIM-Signature"))
        {
            var tags = signature.Split(';', StringSplitOptions.TrimEntries)
                .Select(tag => tag.Split('=', 2, StringSplitOptions.TrimEntries))
                .Where(tag => tag.Length == 2)
                .ToLookup(tag => tag[0], tag => tag[1], StringComparer.Ordinal);
            var covered = (tags["h"].FirstOrDefault() ?? "").Split(':', StringSplitOptions.TrimEntries);
            if (tags["d"].FirstOrDefault() is { Length: > 0 } domain
                && covered.Contains(Field, StringComparer.OrdinalIgnoreCase) && covered.Contains(PostField, StringComparer.OrdinalIgnoreCase))
            {
                yield return domain;
            }
        }
    }
}
