using System.Globalization;
using System.Text.Json;
using Enneo.Core.Connections;

namespace Enneo.Core.Mailboxes.Rules;

/// <summary>What is accepted but does nothing yet, or deserves a second look.</summary>
internal static class MailboxNotes
{
    public static IReadOnlyList<string> For(Mailbox mailbox, MailboxInput input)
    {
        List<string> notes = [];
        foreach (var server in new[] { mailbox.Imap, mailbox.Smtp }.Where(s => s.Security is ConnectionSecurity.None))
        {
            notes.Add(Format(MailboxText.NoteNotEncrypted, server.Host));
        }

        if (input.Data.Spam is { ValueKind: JsonValueKind.Object } spam && spam.EnumerateObject().Any())
        {
            notes.Add(Format(MailboxText.NoteSpam, string.Join(", ", spam.EnumerateObject().Select(key => ServerWords.Clean($"spam.{key.Name}")))));
        }

        return notes;
    }

    private static string Format(string text, string what) => string.Format(CultureInfo.CurrentCulture, text, what);
}
