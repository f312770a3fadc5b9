using System.Globalization;
using System.Text;
using MailKit;

namespace Enneo.Tests.Servers;

/// <summary>What a <see cref="ScriptedImapServer"/> answers when nothing else is said.</summary>
internal static class ScriptedImapAnswers
{
    public static async Task ObeyAsync(ScriptedImapServer server, ScriptedImapSession session, ImapCommand command)
    {
        var answer = command.Name switch
        {
            "CAPABILITY" => await CapabilitiesAsync(server, session),
            "LOGIN" => server.Password is null || command.Arguments.EndsWith($"\"{server.Password}\"", StringComparison.Ordinal) || command.Arguments.EndsWith($" {server.Password}", StringComparison.Ordinal)
                ? "OK signed in"
                : "NO [AUTHENTICATIONFAILED] wrong",
            "NAMESPACE" => await SayAsync(session, "* NAMESPACE ((\"\" \"/\")) NIL NIL"),
            "LIST" or "LSUB" => await ListAsync(server, session, command),
            "STATUS" => await StatusAsync(server, session, command),
            "SELECT" or "EXAMINE" => await SelectAsync(server, session, command),
            "UID SEARCH" => await SearchAsync(session, command),
            "UID FETCH" or "FETCH" => await FetchAsync(server, session, command),
            "UID STORE" => await StoreAsync(session, command),
            "APPEND" => Append(server, command),
            "NOOP" or "CHECK" or "ID" or "SUBSCRIBE" => "OK",
            "CLOSE" or "UNSELECT" => Close(session),
            _ => "BAD unknown command",
        };
        if (session.Over)
        {
            return;
        }

        await session.TellAsync();
        await session.WriteAsync($"{command.Tag} {answer}");
    }

    private static async Task<string> SayAsync(ScriptedImapSession session, string line)
    {
        await session.WriteAsync(line);
        return "OK";
    }

    private static Task<string> CapabilitiesAsync(ScriptedImapServer server, ScriptedImapSession session) => SayAsync(session,
        $"* CAPABILITY {server.Capabilities} AUTH=PLAIN{(server.OfferStartTls && !session.Encrypted ? " STARTTLS" : "")}");

    private static async Task<string> ListAsync(ScriptedImapServer server, ScriptedImapSession session, ImapCommand command)
    {
        var inboxOnly = command.Arguments.Contains("\"INBOX\"", StringComparison.Ordinal) || command.Arguments.EndsWith(" INBOX", StringComparison.Ordinal);
        foreach (var folder in server.Folders.Where(folder => !inboxOnly || folder.Name == "INBOX"))
        {
            await session.WriteAsync($"* {command.Name} ({folder.Attributes}) \"/\" \"{folder.Name}\"");
        }

        return "OK";
    }

    private static async Task<string> StatusAsync(ScriptedImapServer server, ScriptedImapSession session, ImapCommand command)
    {
        if (Named(server, command) is not { } folder)
        {
            return "NO [NONEXISTENT] no such folder";
        }

        return await SayAsync(session, $"* STATUS \"{folder.Name}\" (MESSAGES {folder.Mails.Count} UIDNEXT {folder.UidNext} UIDVALIDITY {folder.UidValidity} UNSEEN {folder.Mails.Count(mail => !mail.Flags.HasFlag(MessageFlags.Seen))})");
    }

    private static async Task<string> SelectAsync(ScriptedImapServer server, ScriptedImapSession session, ImapCommand command)
    {
        session.Selected = Named(server, command);
        if (session.Selected is not { } folder)
        {
            return "NO [NONEXISTENT] no such folder";
        }

        await session.WriteAsync("* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)");
        await session.WriteAsync("* OK [PERMANENTFLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft \\*)] kept");
        await session.WriteAsync($"* OK [UIDVALIDITY {folder.UidValidity}] valid");
        await session.WriteAsync($"* OK [UIDNEXT {folder.UidNext}] next");
        await session.WriteAsync("* 0 RECENT");
        await session.WriteAsync($"* {folder.Mails.Count} EXISTS");
        return command.Name == "SELECT" ? "OK [READ-WRITE] selected" : "OK [READ-ONLY] selected";
    }

    private static string Close(ScriptedImapSession session)
    {
        session.Selected = null;
        return "OK";
    }

    private static ScriptedFolder? Named(ScriptedImapServer server, ImapCommand command) => server.Folders.Find(folder =>
        command.Arguments.StartsWith($"\"{folder.Name}\"", StringComparison.OrdinalIgnoreCase)
        || command.Arguments.Split(' ')[0].Equals(folder.Name, StringComparison.OrdinalIgnoreCase));

    private static Task<string> SearchAsync(ScriptedImapSession session, ImapCommand command)
    {
        var mails = session.Selected?.Mails ?? [];
        var words = command.Arguments.Split(' ');
        var set = Array.Find(words, word => char.IsDigit(word[0]));
        var found = mails.Where(mail => set is null || Contains(set, mail.Uid, mails.Count > 0 ? mails[^1].Uid : 0))
            .Where(mail => !words.Contains("UNSEEN") || !mail.Flags.HasFlag(MessageFlags.Seen))
            .Where(mail => !words.Contains("HEADER") || HasHeader(mail, words[^1].Trim('"')));
        return SayAsync(session, $"* SEARCH {string.Join(' ', found.Select(mail => mail.Uid))}".TrimEnd());
    }

    private static bool HasHeader(ScriptedMail mail, string value) =>
        Encoding.Latin1.GetString(mail.Source).Split("\r\n\r\n")[0].Contains(value, StringComparison.Ordinal);

    private static bool Contains(string set, uint number, uint last) => set.Split(',').Any(range =>
    {
        var ends = range.Split(':').Select(end => end == "*" ? last : uint.Parse(end, CultureInfo.InvariantCulture)).Order().ToArray();
        return number >= ends[0] && number <= ends[^1];
    });

    private static async Task<string> FetchAsync(ScriptedImapServer server, ScriptedImapSession session, ImapCommand command)
    {
        var mails = session.Selected?.Mails ?? [];
        var set = command.Arguments.Split(' ')[0];
        var items = command.Arguments[(set.Length + 1)..].ToUpperInvariant();
        for (var i = 0; i < mails.Count; i++)
        {
            var mail = mails[i];
            var wanted = command.Name == "FETCH" ? Contains(set, (uint)i + 1, (uint)mails.Count) : Contains(set, mail.Uid, mails[^1].Uid);
            if (wanted && !await WriteMailAsync(server, session, i + 1, mail, items))
            {
                return "";
            }
        }

        return "OK fetched";
    }

    private static async Task<bool> WriteMailAsync(ScriptedImapServer server, ScriptedImapSession session, int number, ScriptedMail mail, string items)
    {
        var head = new StringBuilder($"* {number} FETCH (UID {mail.Uid} FLAGS ({Flags(mail.Flags)})");
        head.Append(CultureInfo.InvariantCulture, $" RFC822.SIZE {server.ToldSize ?? mail.Source.Length} INTERNALDATE \"{mail.InternalDate.UtcDateTime:dd-MMM-yyyy HH:mm:ss} +0000\"");
        if (Section(items, mail) is not var (name, content))
        {
            await session.WriteAsync($"{head})");
            return true;
        }

        await session.WriteAsync(Encoding.UTF8.GetBytes($"{head} {name} {{{content.Length}}}\r\n"));
        if (server.CutLiteralAfter is { } length && length < content.Length)
        {
            server.CutLiteralAfter = null;
            await session.WriteAsync(content.AsMemory(0, length));
            session.HangUp();
            return false;
        }

        await session.WriteAsync(content);
        await session.WriteAsync(")");
        return true;
    }

    private static (string Name, byte[] Content)? Section(string items, ScriptedMail mail)
    {
        if (items.Contains("[]", StringComparison.Ordinal))
        {
            return ("BODY[]", mail.Source);
        }

        var header = items.IndexOf("[HEADER", StringComparison.Ordinal);
        if (header < 0)
        {
            return null;
        }

        var end = mail.Source.AsSpan().IndexOf("\r\n\r\n"u8);
        return ($"BODY{items[header..(items.IndexOf(']', header) + 1)]}", end < 0 ? mail.Source : mail.Source[..(end + 4)]);
    }

    private static string Flags(MessageFlags flags) => string.Join(' ', new[] { MessageFlags.Seen, MessageFlags.Answered, MessageFlags.Flagged, MessageFlags.Deleted, MessageFlags.Draft }
        .Where(flag => flags.HasFlag(flag)).Select(flag => $"\\{flag}"));

    private static async Task<string> StoreAsync(ScriptedImapSession session, ImapCommand command)
    {
        var mails = session.Selected?.Mails ?? [];
        var set = command.Arguments.Split(' ')[0];
        for (var i = 0; i < mails.Count; i++)
        {
            var mail = mails[i];
            if (!Contains(set, mail.Uid, mails[^1].Uid))
            {
                continue;
            }

            var given = Enum.GetValues<MessageFlags>().Where(flag => command.Arguments.Contains($"\\{flag}", StringComparison.OrdinalIgnoreCase))
                .Aggregate(MessageFlags.None, (all, flag) => all | flag);
            mail.Flags = command.Arguments.Contains("-FLAGS", StringComparison.OrdinalIgnoreCase) ? mail.Flags & ~given : mail.Flags | given;
            if (!command.Arguments.Contains(".SILENT", StringComparison.OrdinalIgnoreCase))
            {
                await session.WriteAsync($"* {i + 1} FETCH (UID {mail.Uid} FLAGS ({Flags(mail.Flags)}))");
            }
        }

        return "OK stored";
    }

    private static string Append(ScriptedImapServer server, ImapCommand command)
    {
        if (Named(server, command) is not { } folder || command.Literal is null)
        {
            return "NO [TRYCREATE] no such folder";
        }

        var flags = command.Arguments.Contains("\\Seen", StringComparison.OrdinalIgnoreCase) ? MessageFlags.Seen : MessageFlags.None;
        var mail = folder.Add(command.Literal, TimeProvider.System.GetUtcNow(), flags);
        return $"OK [APPENDUID {folder.UidValidity} {mail.Uid}] kept";
    }
}
