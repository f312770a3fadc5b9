using Enneo.Core.Messages;

namespace Enneo.Core.Integrations.Connected;

/// <summary>What tells a mail from another one with the same Message-ID.</summary>
/// <param name="Words">The beginning of them, or all.</param>
/// <param name="Subject">Empty where it is not known.</param>
/// <param name="SentAt">What its sender says; null where it is not known.</param>
internal sealed record MailCopy(string From, string Words, string Subject, DateTimeOffset? SentAt)
{
    public static MailCopy Of(Message message) => new(message.FromAddress, message.Snippet, message.Subject, message.SentAt);
}

/// <summary>
/// Mails with the same Message-ID: copies of one, which relays and lists change, or different ones of a program that gives all
/// of them the same. Copies are one mail for the other system; what says something else is another one.
/// </summary>
internal static class MailCopies
{
    /// <summary>Characters that are compared: what a list adds stands at the end.</summary>
    private const int Beginning = 120;

    public static bool Are(MailCopy one, MailCopy other) =>
        string.Equals(one.From, other.From, StringComparison.OrdinalIgnoreCase)
        && (one.SentAt is not { } at || other.SentAt is not { } otherAt || at == otherAt)
        && AreSubjects(one.Subject, other.Subject)
        && AreWords(Fold(one.Words), Fold(other.Words));

    private static bool AreWords(string one, string other) =>
        one.Length == 0 || other.Length == 0 ? one.Length == other.Length : one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal);

    /// <summary>A list puts its name before it, or within brackets after "Re:".</summary>
    private static bool AreSubjects(string one, string other)
    {
        (one, other) = (Joined(one), Joined(other));
        return one.Length == 0 || other.Length == 0 || one.EndsWith(other, StringComparison.OrdinalIgnoreCase) || other.EndsWith(one, StringComparison.OrdinalIgnoreCase)
            || string.Equals(Unlisted(one), other, StringComparison.OrdinalIgnoreCase) || string.Equals(one, Unlisted(other), StringComparison.OrdinalIgnoreCase);
    }

    private static string Unlisted(string subject) =>
        subject.IndexOf('[', StringComparison.Ordinal) is var start and >= 0 && subject.IndexOf(']', start) is var end and > 0 ? Joined(subject.Remove(start, end + 1 - start)) : subject;

    private static string Fold(string words)
    {
        var folded = Joined(words).TrimEnd('…');
        return folded.Length > Beginning ? folded[..Beginning] : folded;
    }

    private static string Joined(string words) => string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
