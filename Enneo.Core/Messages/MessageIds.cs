using MimeKit.Utils;

namespace Enneo.Core.Messages;

/// <summary>Message-IDs as mailers write them: in brackets, without them, separated by spaces, commas or nothing.</summary>
internal static class MessageIds
{
    private const int MaxScanned = 64 * 1024;

    /// <returns>Without brackets, in order, each once.</returns>
    public static IEnumerable<string> In(string? header)
    {
        if (string.IsNullOrWhiteSpace(header))
        {
            return [];
        }

        // The newest stand last; they are the ones that matter when there are too many.
        var scanned = header.Length > MaxScanned ? header[^MaxScanned..] : header;
        var ids = MimeUtils.EnumerateReferences(scanned).ToList();
        return (ids.Count > 0 ? ids : Words(scanned))
            .Select(id => HeaderText.Clean(id, HeaderText.MaxSubject).Trim('<', '>', ' '))
            .Where(id => id.Length > 0)
            .Distinct(StringComparer.Ordinal);
    }

    /// <summary>What is no id by the rules: in brackets but without a domain, bare, or the only word there is.</summary>
    private static IEnumerable<string> Words(string header)
    {
        var bracketed = header.Split('<').Skip(1).Where(word => word.Contains('>', StringComparison.Ordinal)).Select(word => word[..word.IndexOf('>', StringComparison.Ordinal)].Trim()).ToList();
        if (bracketed.Count > 0)
        {
            return bracketed;
        }

        var words = header.Split([' ', ',', ';', '\t', '\r', '\n', '<', '>'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 1 ? words : words.Where(word => word.Contains('@', StringComparison.Ordinal));
    }
}
