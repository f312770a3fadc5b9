using System.Globalization;
using Enneo.Core.Connections;

namespace Enneo.Core.Mailboxes.Rules;

/// <summary>What is accepted but does nothing, or deserves a second look.</summary>
internal static class MailboxNotes
{
    public static IReadOnlyList<string> For(Mailbox mailbox, MailboxInput input)
    {
        List<string> notes = [];
        foreach (var server in new[] { mailbox.Imap, mailbox.Smtp }.Where(s => s is { Host.Length: > 0, Security: ConnectionSecurity.None }))
        {
            notes.Add(Format(MailboxText.NoteNotEncrypted, server.Host));
        }

        if (input.Data.Spam is { } spam && SpamWishes.Parse(spam)?.Unknown is { Count: > 0 } unknown)
        {
            notes.Add(Format(MailboxText.NoteSpam, string.Join(", ", unknown.Keys.Select(key => ServerWords.Clean($"spam.{key}")))));
        }

        return notes;
    }

    private static string Format(string text, string what) => string.Format(CultureInfo.CurrentCulture, text, what);
}
