using Enneo.Core.Messages;

namespace Enneo.Core.Sending;

/// <summary>The ids by which an answer names what it answers (RFC 5322, section 3.6.4), without brackets.</summary>
internal static class ReplyReferences
{
    /// <summary>The first message of a thread and the nearest ancestors find it again; what lies between may go.</summary>
    private const int MaxCount = 20;

    /// <summary>RFC 5322, section 2.1.1, less the header's name, brackets and folding.</summary>
    private const int MaxIdLength = 900;

    /// <param name="answered">As parsed from its source.</param>
    public static IReadOnlyList<string> For(ParsedMessage answered)
    {
        IEnumerable<string> ancestors = answered.References.Count > 0 ? answered.References : [answered.InReplyTo];
        List<string> ids = [.. ancestors.Append(answered.InternetMessageId).Where(IsQuotable).Distinct(StringComparer.Ordinal)];
        return ids.Count <= MaxCount ? ids : [ids[0], .. ids[^(MaxCount - 1)..]];
    }

    /// <summary>Whether an id can stand in a header as it is; a damaged one would damage ours.</summary>
    public static bool IsQuotable(string id) =>
        id.Length is > 0 and <= MaxIdLength && id.All(c => c is > ' ' and < (char)127 and not '<' and not '>');
}
