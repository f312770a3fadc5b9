using MailKit;
using MailKit.Net.Smtp;
using MimeKit;

namespace Enneo.Core.Connections;

/// <summary>What a server said to one address or mail: <c>250 2.1.5 OK</c>, cleaned.</summary>
public sealed record SmtpAnswer(int Code, string Words)
{
    public bool Accepted => Code is >= 200 and < 300;

    /// <summary>For now only (RFC 5321, section 4.2.1): later it may be accepted.</summary>
    public bool Temporary => Code is >= 400 and < 500;

    public static SmtpAnswer Of(SmtpStatusCode code, string words) => new((int)code, ServerWords.Clean($"{(int)code} {words}"));
}

/// <summary>An SMTP client that goes on when some recipients are refused, and says which.</summary>
public sealed class SubmissionClient : SmtpClient
{
    private readonly Dictionary<string, SmtpAnswer> _answers = new(StringComparer.Ordinal);

    internal SubmissionClient(IProtocolLogger logger)
        : base(logger)
    {
    }

    /// <summary>The server's answer to each recipient of the mail handed over last, by the address that was given.</summary>
    public IReadOnlyDictionary<string, SmtpAnswer> RecipientAnswers => _answers;

    public void ForgetAnswers() => _answers.Clear();

    protected override void OnRecipientAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) =>
        _answers[mailbox.Address] = SmtpAnswer.Of(response.StatusCode, response.Response);

    protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) =>
        _answers[mailbox.Address] = SmtpAnswer.Of(response.StatusCode, response.Response);
}
