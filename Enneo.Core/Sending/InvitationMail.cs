using System.Globalization;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Identity.Invitations;
using Enneo.Core.Mailboxes;
using Microsoft.EntityFrameworkCore;
using MimeKit;
using MimeKit.Utils;

namespace Enneo.Core.Sending;

/// <summary>What became of the mail that takes a link to the person it is for.</summary>
/// <param name="From">The mailbox that sent it; null when none did.</param>
/// <param name="Problem">Why not, in words.</param>
public sealed record InvitationMailResult(string? From, string? Problem = null);

/// <summary>
/// Sends a link from the default mailbox, at once and only once: if it fails, whoever invites passes the link on. Links
/// that make admins are never sent: some servers keep a copy where everybody who sees the mailbox could take it.
/// </summary>
public sealed class InvitationMail(IDbContextFactory<EnneoDbContext> dbFactory, SmtpConnector connector, MailboxCredentials credentials, TimeProvider clock)
{
    /// <param name="address">Of the page that the link leads to.</param>
    public async Task<InvitationMailResult> SendAsync(InvitationLink link, Uri address, CancellationToken cancellationToken)
    {
        if (link.Role == Roles.Admin)
        {
            return new(null, SendingText.InvitationOfAdmin);
        }

        if (await FindMailboxAsync(cancellationToken) is not { } mailbox)
        {
            return new(null, SendingText.InvitationWithoutMailbox);
        }

        var endpoint = mailbox.SmtpEndpoint;
        try
        {
            using var mail = Compose(mailbox, link, address);
            var client = await connector.ConnectAsync(endpoint, credentials.For(mailbox.Smtp), cancellationToken);
            try
            {
                await client.SendAsync(mail, cancellationToken);
                return client.RecipientAnswers.Values.FirstOrDefault(answer => !answer.Accepted) is { } refusal ? new(null, refusal.Words) : new(mailbox.Address);
            }
            finally
            {
                await client.LeaveAsync(cancellationToken);
            }
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return new(null, SendingText.InvitationWithoutPassword);
        }
        catch (Exception exception) when (MailConnectionException.Covers(exception))
        {
            return new(null, FailureWords.Of(MailConnectionException.From(exception, endpoint)));
        }
    }

    private async Task<Mailbox?> FindMailboxAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await WritingMailboxes.Of(db, Reach.All)
            .Where(m => m.Enabled && !m.IsShadow && m.RemovedAt == null && m.Method == MailboxMethod.Imap)
            .OrderByDescending(m => m.IsDefault).ThenBy(m => m.Id)
            .FirstOrDefaultAsync(cancellationToken);
    }

    private MimeMessage Compose(Mailbox mailbox, InvitationLink link, Uri address)
    {
        var sender = Sender.Of(mailbox);
        var until = link.ExpiresAt.ToString("d MMMM yyyy", CultureInfo.CurrentCulture);
        MimeMessage mail = new()
        {
            From = { new MailboxAddress(OneLine.Of(sender.Name, 200), sender.Address) },
            To = { new MailboxAddress(OneLine.Of(link.DisplayName, 200), link.Email) },
            Subject = SendingText.InvitationSubject,
            Date = clock.GetUtcNow(),
            MessageId = MimeUtils.GenerateMessageId(mailbox.Address[(mailbox.Address.LastIndexOf('@') + 1)..]),
            Body = new TextPart("plain") { Text = string.Format(CultureInfo.CurrentCulture, SendingText.InvitationBody, OneLine.Of(link.DisplayName, 200), address, until) },
        };
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated"); // RFC 3834, section 5: nobody shall answer by machine
        return mail;
    }
}
