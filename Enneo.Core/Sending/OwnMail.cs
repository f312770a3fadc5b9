using System.Security.Cryptography;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;
using Microsoft.EntityFrameworkCore;
using MimeKit;
using MimeKit.Utils;

namespace Enneo.Core.Sending;

/// <summary>What became of a mail that the installation wrote itself.</summary>
/// <param name="From">The mailbox that sent it; null when none did.</param>
/// <param name="Problem">Why not, in words.</param>
/// <param name="MayHaveLeft">Nobody knows: no answer came.</param>
public sealed record OwnMailResult(string? From, string? Problem = null, bool MayHaveLeft = false);

/// <summary>Sends what the installation writes itself, such as invitations and reports: from the default mailbox, at once and only once.</summary>
public sealed class OwnMail(IDbContextFactory<EnneoDbContext> dbFactory, MailboxSignIn signIn, GraphSending graph, AccountTokens tokens, TimeProvider clock)
{
    /// <param name="text">Plain.</param>
    public async Task<OwnMailResult> SendAsync(MailAddress to, string subject, string text, CancellationToken cancellationToken)
    {
        if (await FindMailboxAsync(cancellationToken) is not { } mailbox)
        {
            return new(null, SendingText.InvitationWithoutMailbox);
        }

        var endpoint = mailbox.SmtpEndpoint;
        try
        {
            using var mail = Compose(mailbox, to, subject, text);
            if (mailbox.SendsByGraph)
            {
                return await SendByGraphAsync(mailbox, mail, cancellationToken);
            }

            var client = await signIn.SmtpAsync(mailbox, cancellationToken);
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
        catch (CryptographicException)
        {
            return new(null, SendingText.InvitationWithoutPassword);
        }
        catch (Exception exception) when (MailConnectionException.Covers(exception))
        {
            return new(null, FailureWords.Of(MailConnectionException.From(exception, endpoint)));
        }
    }

    private async Task<OwnMailResult> SendByGraphAsync(Mailbox mailbox, MimeMessage mail, CancellationToken cancellationToken)
    {
        using MemoryStream bytes = new();
        await mail.WriteToAsync(bytes, cancellationToken);
        var answer = await graph.SendAsync(await tokens.AccountOfAsync(mailbox.Id, cancellationToken), mailbox.Address, bytes.ToArray(), _ => Task.FromResult(true), cancellationToken);
        return answer.End is GraphEnd.Accepted ? new(mailbox.Address) : new(null, answer.Words, answer.End is GraphEnd.Unknown);
    }

    private async Task<Mailbox?> FindMailboxAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await WritingMailboxes.Of(db, Reach.All)
            .Where(m => m.Enabled && !m.IsShadow && m.RemovedAt == null && m.Method != MailboxMethod.Api)
            .OrderBy(m => db.MailboxFailures.Any(f => f.MailboxId == m.Id && f.EndedAt == null)) // one that works, if there is one
            .ThenByDescending(m => m.IsDefault).ThenBy(m => m.Id)
            .FirstOrDefaultAsync(cancellationToken);
    }

    private MimeMessage Compose(Mailbox mailbox, MailAddress to, string subject, string text)
    {
        var sender = Sender.Of(mailbox);
        MimeMessage mail = new()
        {
            From = { new MailboxAddress(OneLine.Of(sender.Name, 200), sender.Address) },
            To = { new MailboxAddress(OneLine.Of(to.Name, 200), to.Address) },
            Subject = OneLine.Of(subject, 200),
            Date = clock.GetUtcNow(),
            MessageId = MimeUtils.GenerateMessageId(mailbox.Address[(mailbox.Address.LastIndexOf('@') + 1)..]),
            Body = new TextPart("plain") { Text = text },
        };
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated"); // RFC 3834, section 5: nobody shall answer by machine
        return mail;
    }
}
