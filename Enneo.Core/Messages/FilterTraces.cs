using System.Collections.Frozen;
using MimeKit;

namespace Enneo.Core.Messages;

/// <summary>Whether other filters and platforms for mass mail left a word in a mail's header, which rules then judge by.</summary>
internal static class FilterTraces
{
    private const int MaxFields = 500;

    private static readonly FrozenSet<string> s_fields = new[]
    {
        "X-Spam-Flag", "X-Spam-Status", "X-Forefront-Antispam-Report", "X-MS-Exchange-Organization-SCL", "Feedback-ID", "Authentication-Results",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <returns>The whole header, since such words count only beside others; null in most mail.</returns>
    public static HeaderList? In(HeaderList headers) => headers.Take(MaxFields).Any(header => s_fields.Contains(header.Field.Trim())) ? headers : null;
}
