namespace Enneo.Core.Messages.Quotes;

/// <summary>Subjects by which mailers say that a mail is passed on, in the languages they speak.</summary>
internal static class ForwardSubject
{
    private static readonly string[] s_prefixes = ["fwd:", "fw:", "wg:", "tr:", "rv:", "enc:", "i:", "doorst:", "vb:", "vs:", "vl:", "pd:", "转发:", "転送:", "ilt:", "továbbítás:", "fwd :", "tr :"];

    /// <summary>The newest prefix decides: an answer to what was passed on is an answer.</summary>
    public static bool Is(string subject)
    {
        var words = subject.AsSpan().TrimStart();
        foreach (var prefix in s_prefixes)
        {
            if (words.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
