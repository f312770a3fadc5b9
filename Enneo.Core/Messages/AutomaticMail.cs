using MimeKit;

namespace Enneo.Core.Messages;

/// <summary>Tells mail that programs wrote from mail that people wrote, by what their headers admit.</summary>
internal static class AutomaticMail
{
    private const int MaxDepth = 4;
    private const int MaxTextBytes = 16 * 1024;

    private static readonly string[] s_daemons = ["mailer-daemon", "mail-daemon", "mailerdaemon", "mdaemon"];

    /// <summary>Names that people write from too; with them the words must say so as well.</summary>
    private static readonly string[] s_postmasters =
        ["postmaster", "post_master", "mail delivery s", "mail deliver s", "mail delivery subsystem", "system administrator", "mailer daemon"];

    private static readonly string[] s_robots = ["no-reply@", "noreply@", "no_reply@", "donotreply@", "do-not-reply@"];

    private static readonly string[] s_bounceSubjects =
    [
        "undeliver", "delivery status", "delivery failure", "delivery failed", "delivery has failed", "failed delivery", "failure delivery",
        "could not be delivered", "not delivered", "cannot be delivered", "returned mail", "returned to sender", "returning message to sender",
        "returning to sender", "failure notice", "mail system error", "non-delivery", "non remis", "message delayed", "delayed mail",
        "unzustellbar", "nicht zugestellt", "nicht zustellbar", "zustellung fehlgeschlagen", "no se puede entregar", "non recapitabile",
        "niet bestelbaar", "error sending your mail", "mail delivery",
    ];

    private static readonly string[] s_bounceWords =
    [
        "could not be delivered", "could not deliver", "was not delivered", "wasn't delivered", "undeliverable", "delivery failed", "delivery to the following",
        "did not reach the following", "unable to deliver", "permanent error", "fatal error", "unknown user", "user unknown", "returned to you",
        "konnte nicht zugestellt werden", "unzustellbar", "transcript of session", "no such user", "invalid user address", "mailbox is full",
    ];

    private static readonly string[] s_autoReplySubjects =
    [
        "out of office", "out of the office", "automatic reply", "auto reply", "auto-reply", "autoreply", "auto response", "autoresponse",
        "vacation", "on holiday", "away until", "away from", "abwesenheit", "abwesend", "nicht im büro", "automatische antwort", "urlaub",
        "réponse automatique", "absence du bureau", "respuesta automática", "fuera de la oficina", "risposta automatica", "fuori ufficio",
        "automatisch antwoord", "afwezig", "resposta automática", "autosvar", "automatisk svar", "odpowiedź automatyczna",
    ];

    public static AutomaticKind Classify(MimeMessage message)
    {
        if (IsBounce(message))
        {
            return AutomaticKind.Bounce;
        }

        if (IsAutoReply(message))
        {
            return AutomaticKind.AutoReply;
        }

        var headers = message.Headers;
        var isBulk = headers.Contains(HeaderId.ListId) || headers.Contains(HeaderId.ListUnsubscribe) || headers.Contains(HeaderId.ListPost)
            || Is(headers, "Precedence", "bulk", "list", "junk");
        return isBulk ? AutomaticKind.Bulk : AutomaticKind.None;
    }

    /// <summary>RFC 3464 and RFC 5965 reports, and the notices of servers that follow neither.</summary>
    private static bool IsBounce(MimeMessage message)
    {
        if (HasReport(message.Body, 0) || message.Headers.Contains("X-Failed-Recipients"))
        {
            return true;
        }

        var from = message.Headers[HeaderId.From] ?? "";
        var path = message.Headers[HeaderId.ReturnPath]?.Trim() ?? "";
        if (Has(from, s_daemons))
        {
            return true;
        }

        var isSystem = path is "<>" or "" && Has(from, s_postmasters) || path is "<>" || Has(path, s_daemons) || Has(path, s_postmasters);
        return ((isSystem || Has(from, s_postmasters)) && Has(message.Subject ?? "", s_bounceSubjects))
            || ((isSystem || (Has(from, s_robots) && ReturnsMail(message))) && SaysNotDelivered(message));
    }

    private static bool ReturnsMail(MimeMessage message) =>
        message.Body is Multipart multipart && multipart.Take(MaxDepth).Any(child => child is MimeKit.MessagePart || child.ContentType.IsMimeType("text", "rfc822-headers"));

    private static bool HasReport(MimeEntity? entity, int depth) => entity switch
    {
        Multipart multipart when depth < MaxDepth => multipart.Take(MailLimits.MaxParts).Any(child => HasReport(child, depth + 1)),
        null => false,
        _ => entity.ContentType.IsMimeType("message", "delivery-status")
            || entity.ContentType.IsMimeType("message", "global-delivery-status")
            || entity.ContentType.IsMimeType("message", "feedback-report"),
    };

    private static bool SaysNotDelivered(MimeMessage message) =>
        message.BodyParts.Take(MaxDepth).OfType<TextPart>().FirstOrDefault() is { } text && Has(MailCharset.Read(text, MaxTextBytes), s_bounceWords);

    /// <summary>RFC 3834, section 5, and what came before it; a subject alone proves nothing.</summary>
    private static bool IsAutoReply(MimeMessage message)
    {
        var headers = message.Headers;
        var submitted = headers["Auto-Submitted"]?.Split(';', '(')[0].Trim() ?? "";
        if (submitted.Length > 0 && !submitted.Equals("no", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        var suppresses = headers["X-Auto-Response-Suppress"] is { Length: > 0 };
        var supported = suppresses || Is(headers, "Precedence", "bulk", "junk", "auto_reply") || headers[HeaderId.ReturnPath]?.Trim() is "<>";
        return headers.Contains("X-Autoreply")
            || headers.Contains("X-Autorespond")
            || headers.Contains("X-Auto-Reply-From")
            || headers.Contains("X-Mail-Autoreply")
            || Is(headers, "X-Apple-Action", "VACATION")
            || Is(headers, "Precedence", "auto_reply")
            || Is(headers, "X-Precedence", "auto_reply")
            || message.Body is MultipartReport { ReportType: "disposition-notification" }
            || (supported && Has(message.Subject ?? "", s_autoReplySubjects))
            || (suppresses && headers.Contains(HeaderId.InReplyTo));
    }

    private static bool Has(string text, string[] words) => Array.Exists(words, word => text.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static bool Is(HeaderList headers, string name, params ReadOnlySpan<string> values)
    {
        var given = headers[name]?.Trim();
        foreach (var value in values)
        {
            if (value.Equals(given, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
