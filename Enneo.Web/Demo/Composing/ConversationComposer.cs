using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Enneo.Core.Mailboxes;
using MimeKit;

namespace Enneo.Web.Demo.Composing;

/// <summary>A mail of the conversation that is already written, for the ones that answer it.</summary>
/// <param name="Text">What it says, quote included.</param>
/// <param name="Html">The same as an answer repeats it.</param>
internal sealed record ComposedMail(MimeMessage Message, string Text, string Html, DateTimeOffset SentAt, bool FromUs);

/// <summary>Makes the mails of one conversation: senders, dates, ids, quotes.</summary>
internal sealed class ConversationComposer(ScriptedConversation conversation, TimeProvider clock)
{
    private static readonly FormatOptions s_format = new() { NewLineFormat = NewLineFormat.Dos };

    private readonly DemoMailbox _mailbox = DemoMailboxes.Get(conversation.Mailbox);
    private readonly List<ComposedMail> _earlier = [];

    public IReadOnlyList<DemoMail> Compose() => [.. conversation.Mails.Select(Compose)];

    private DemoMail Compose(ScriptedMail script)
    {
        var staff = DemoMailboxes.FindStaff(script.From, _mailbox);
        var from = staff ?? MailboxAddress.Parse(script.From);
        var answered = script.Has("alone") ? null : _earlier.LastOrDefault();
        var kind = Kind(script);
        var sentAt = ScriptedTime.Resolve(script.When, clock);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{conversation.Name}/{_earlier.Count}"));

        MimeMessage message = new() { Date = sentAt, Subject = Subject(script, answered) };
        message.MessageId = $"{Convert.ToHexStringLower(hash.AsSpan(0, 9))}.{_earlier.Count + 1}@{from.Domain}";
        message.From.Add(from);
        Address(message, script, staff is not null);
        if (answered is not null)
        {
            Answer(message, answered.Message);
        }

        var receivedAt = staff is null ? sentAt.AddSeconds(2 + (hash[10] % 40)) : sentAt;
        Headers(message, script, kind, receivedAt, staff is null, hash[11]);
        MailBody body = new(script, conversation.Language, staff is not null, clock);
        message.Body = body.Compose(message, answered, kind);
        message.Prepare(EncodingConstraint.SevenBit);
        _earlier.Add(new ComposedMail(message, body.Text, body.Html, sentAt, staff is not null));

        using MemoryStream raw = new();
        message.WriteTo(s_format, raw);
        return new DemoMail(
            conversation.Name, _mailbox.Name, staff is null ? FolderRole.Inbox : FolderRole.Sent, kind, raw.ToArray(), receivedAt, !script.Has("unread"));
    }

    private static DemoMailKind Kind(ScriptedMail script) =>
        script.Find("kind") is { } name ? Enum.Parse<DemoMailKind>(name) : DemoMailKind.Person;

    private string Subject(ScriptedMail script, ComposedMail? answered) =>
        script.Find("subject") ?? (answered is null ? conversation.Subject : Prefix(script) + conversation.Subject);

    private string Prefix(ScriptedMail script) => conversation.Language == "de" && script.Has("office") ? "AW: " : "Re: ";

    private void Address(MimeMessage message, ScriptedMail script, bool fromUs)
    {
        var to = script.Find("to");
        if (to is not null)
        {
            message.To.AddRange(InternetAddressList.Parse(to));
        }
        else if (fromUs && _earlier.LastOrDefault(mail => !mail.FromUs)?.Message is { } last)
        {
            message.To.AddRange(last.ReplyTo.Count > 0 ? last.ReplyTo : last.From);
        }
        else
        {
            message.To.Add(new MailboxAddress(script.Has("named") ? _mailbox.SenderName : "", _mailbox.Address));
        }

        if (script.Find("cc") is { } cc)
        {
            message.Cc.AddRange(InternetAddressList.Parse(cc));
        }

        if (script.Find("reply-to") is { } replyTo)
        {
            message.ReplyTo.AddRange(InternetAddressList.Parse(replyTo));
        }
    }

    private static void Answer(MimeMessage message, MimeMessage answered)
    {
        message.InReplyTo = answered.MessageId;
        foreach (var id in answered.References)
        {
            message.References.Add(id);
        }

        message.References.Add(answered.MessageId!);
    }

    private void Headers(MimeMessage message, ScriptedMail script, DemoMailKind kind, DateTimeOffset receivedAt, bool inbound, byte chance)
    {
        foreach (var header in script.All("header"))
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            message.Headers.Add(header[..colon], header[(colon + 1)..].Trim());
        }

        foreach (var (name, value) in KindHeaders(kind, ((MailboxAddress)message.From[0]).Domain, chance))
        {
            message.Headers.Add(name, value);
        }

        if (inbound)
        {
            var domain = ((MailboxAddress)message.From[0]).Domain;
            var stamp = receivedAt.ToString("ddd, dd MMM yyyy HH:mm:ss ", CultureInfo.InvariantCulture)
                + receivedAt.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal);
            message.Headers.Insert(0, "Received", $"from mx.{domain} (mx.{domain} [192.0.2.{chance}]) by mail.{DemoMailboxes.Domain} with ESMTPS; {stamp}");
            message.Headers.Insert(0, HeaderId.AuthenticationResults, $"mail.{DemoMailboxes.Domain}; {Findings(kind, domain)}");
            message.Headers.Insert(0, "Return-Path", kind is DemoMailKind.Bounce or DemoMailKind.AutoReply ? "<>" : $"<{((MailboxAddress)message.From[0]).Address}>");
        }
    }

    /// <summary>What the mail server in front of the demo found out about the sender.</summary>
    private static string Findings(DemoMailKind kind, string domain) => kind switch
    {
        DemoMailKind.Spam => $"spf=softfail smtp.mailfrom={domain}; dkim=none; dmarc=fail header.from={domain}",
        DemoMailKind.Digest => "spf=none; dkim=none; dmarc=none",
        _ => $"spf=pass smtp.mailfrom={domain}; dkim=pass header.d={domain}; dmarc=pass header.from={domain}",
    };

    private static IEnumerable<(string Name, string Value)> KindHeaders(DemoMailKind kind, string domain, byte chance) => kind switch
    {
        DemoMailKind.Newsletter => [("List-Unsubscribe", $"<https://news.{domain}/unsubscribe?r={chance}>"), ("List-Id", $"<news.{domain}>"), ("Precedence", "bulk")],
        DemoMailKind.Digest => [("List-Id", $"<list.{domain}>"), ("List-Post", $"<mailto:list@{domain}>"), ("Precedence", "list")],
        DemoMailKind.AutoReply => [("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")],
        DemoMailKind.Bounce => [("Auto-Submitted", "auto-replied")],
        DemoMailKind.Notification => [("Auto-Submitted", "auto-generated")],
        DemoMailKind.Spam => [("X-Spam-Flag", "YES"), ("X-Spam-Score", $"{6 + (chance % 14)}.{chance % 10}")],
        _ => [],
    };
}
