using MimeKit;

namespace Enneo.Tests.Servers;

/// <summary>What an <see cref="SmtpSink"/> does with the Message-ID of what it accepts.</summary>
public enum IdRewriting
{
    None,

    /// <summary>Its own, named in the answer without its domain.</summary>
    AmazonSes,

    /// <summary>Its own, named in the answer in brackets, as Outlook's servers do.</summary>
    Outlook,

    /// <summary>Its own, named to nobody.</summary>
    Silent,

    /// <summary>Its own, named to nobody, and fields of private use are dropped.</summary>
    SilentAndStrict,
}

internal static class IdRewritings
{
    /// <returns>The mail as it goes on, and what follows 250 in the answer.</returns>
    public static (ReceivedMail Mail, string Words) Apply(this IdRewriting rewriting, ReceivedMail mail)
    {
        var random = Guid.NewGuid().ToString("N");
        const string Outlook = "AM0PR10MB2468.eurprd10.prod.outlook.com";
        var amazon = $"0102019{random[..9]}-{Guid.NewGuid()}-000000";
        return rewriting switch
        {
            IdRewriting.AmazonSes => (With($"{amazon}@eu-west-1.amazonses.com"), $"Ok {amazon}"),
            IdRewriting.Outlook => (With($"AM0PR10MB2468{random}@{Outlook}"), $"2.0.0 OK <AM0PR10MB2468{random}@{Outlook}> [Hostname={Outlook}]"),
            IdRewriting.Silent => (With($"{random}@server.example"), "2.0.0 taken"),
            IdRewriting.SilentAndStrict => (With($"{random}@server.example", keepsAll: false), "2.0.0 taken"),
            _ => (mail, "2.0.0 taken"),
        };

        ReceivedMail With(string id, bool keepsAll = true)
        {
            using var message = mail.Parse();
            message.MessageId = id;
            foreach (var field in keepsAll ? [] : message.Headers.Where(h => h.Field.StartsWith("X-", StringComparison.OrdinalIgnoreCase)).ToList())
            {
                message.Headers.Remove(field);
            }

            var format = FormatOptions.Default.Clone();
            format.NewLineFormat = NewLineFormat.Dos;
            using MemoryStream source = new();
            message.WriteTo(format, source);
            return mail with { Source = source.ToArray() };
        }
    }
}
