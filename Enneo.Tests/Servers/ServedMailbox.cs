using Enneo.Core.Connections;
using Enneo.Core.Mailboxes;

namespace Enneo.Tests.Servers;

/// <summary>What a person would enter to connect to a server of the lab.</summary>
public static class ServedMailbox
{
    /// <param name="smtp">Where its answers go; the Dovecot's own submission when null.</param>
    /// <param name="imapPort">Of a <see cref="TcpProxy"/> in front, speaking TLS.</param>
    public static MailboxInput Mailbox(this DovecotServer dovecot, string address, SmtpSink? smtp = null, int? imapPort = null) => Input(
        dovecot.AddUser(address),
        new ServerInput { Port = imapPort ?? dovecot.ImapsPort, Security = ConnectionSecurity.Tls, TrustedCertificate = dovecot.CertificateFingerprint },
        smtp?.Input() ?? new ServerInput { Port = dovecot.SubmissionPort, Security = ConnectionSecurity.StartTls, TrustedCertificate = dovecot.CertificateFingerprint });

    public static MailboxInput Mailbox(this ScriptedImapServer imap, string address, SmtpSink smtp) => Input(
        address,
        new ServerInput
        {
            Port = imap.Port,
            Security = imap.ImplicitTls ? ConnectionSecurity.Tls : imap.OfferStartTls ? ConnectionSecurity.StartTls : ConnectionSecurity.None,
            TrustedCertificate = imap.CertificateFingerprint,
        },
        smtp.Input());

    /// <summary>Both its servers are the silent one.</summary>
    public static MailboxInput Mailbox(this SilentServer silent, string address) => Input(
        address,
        new ServerInput { Port = silent.Port, Security = ConnectionSecurity.None },
        new ServerInput { Port = silent.Port, Security = ConnectionSecurity.None });

    private static ServerInput Input(this SmtpSink sink) => new()
    {
        Port = sink.Port,
        Security = sink.ImplicitTls ? ConnectionSecurity.Tls : sink.OfferStartTls ? ConnectionSecurity.StartTls : ConnectionSecurity.None,
        TrustedCertificate = sink.CertificateFingerprint,
        User = sink.User,
        Password = sink.Password,
    };

    private static MailboxInput Input(string address, ServerInput imap, ServerInput smtp) => new()
    {
        Name = address.Split('@')[0],
        Data = new MailboxData
        {
            Address = address,
            Imap = imap with { Host = DovecotServer.Host, User = address, Password = DovecotServer.Password },
            Smtp = smtp with { Host = DovecotServer.Host, User = smtp.User ?? address, Password = smtp.Password ?? DovecotServer.Password },
            PollSeconds = 60,
        },
    };
}
