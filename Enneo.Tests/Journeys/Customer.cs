using System.Security.Cryptography;
using Enneo.Tests.Servers;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Enneo.Tests.Journeys;

/// <summary>Somebody outside with a mailbox and a mail client of their own.</summary>
internal sealed class Customer(DovecotServer dovecot, EximServer exim, string address)
{
    public string Address => dovecot.AddUser(address);

    /// <summary>Sends by their own account, as any mail client does.</summary>
    /// <returns>As it was sent, with its Message-ID.</returns>
    public async Task<MimeMessage> WriteAsync(string recipient, string subject, MimeEntity body, CancellationToken cancellationToken, MimeMessage? answered = null)
    {
        MimeMessage message = new([new MailboxAddress("Jonas Müller", Address)], [MailboxAddress.Parse(recipient)], subject, body);
        if (answered is not null)
        {
            message.InReplyTo = answered.MessageId;
            message.References.AddRange(answered.References);
            message.References.Add(answered.MessageId!);
        }

        using SmtpClient client = new()
        {
            CheckCertificateRevocation = false,
            ServerCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString(HashAlgorithmName.SHA256) == dovecot.CertificateFingerprint,
        };
        await client.ConnectAsync(DovecotServer.Host, exim.Port, SecureSocketOptions.StartTls, cancellationToken);
        await client.AuthenticateAsync(Address, DovecotServer.Password, cancellationToken);
        await client.SendAsync(message, cancellationToken);
        await client.DisconnectAsync(true, cancellationToken);
        return message;
    }

    /// <summary>Everything in their INBOX, once something is there.</summary>
    public async Task<IReadOnlyList<MimeMessage>> ReceiveAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<MimeMessage> mails = [];
        await EnneoStore.UntilAsync(async () => (mails = await InboxAsync(cancellationToken)).Count > 0, TimeSpan.FromSeconds(30), cancellationToken);
        return mails;
    }

    public async Task<IReadOnlyList<MimeMessage>> InboxAsync(CancellationToken cancellationToken) =>
        [.. (await dovecot.ListAsync(Address, cancellationToken)).Select(mail => mail.Parse())];
}
