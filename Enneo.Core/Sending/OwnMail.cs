using System.Collections.Concurrent;
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
public sealed class OwnMail(
    IDbContextFactory<EnneoDbContext> dbFactory, MailboxSignIn signIn, GraphSending graph, AccountTokens tokens, MicrosoftPace pace, TimeProvider clock) : IDisposable
{
    /// <summary>One at a time of each mailbox: Microsoft takes three connections of one at once, of which sending answers has one.</summary>
    private readonly ConcurrentDictionary<long, SemaphoreSlim> _turns = new();

    public void Dispose()
    {
        foreach (var turn in _turns.Values)
        {
            turn.Dispose();
        }
    }

    /// <param name="text">Plain.</param>
    public async Task<OwnMailResult> SendAsync(MailAddress to, string subject, string text, CancellationToken cancellationToken)
    {
        while (await ChooseAsync(cancellationToken) is { } chosen)
        {
            var turn = _turns.GetOrAdd(chosen.Id, _ => new SemaphoreSlim(1, 1));
            await turn.WaitAsync(cancellationToken);
            try
            {
                if (chosen.Method is MailboxMethod.Microsoft365 && !await pace.TakeAsync(chosen.Id, cancellationToken))
                {
                    return new(null, Microsoft365Text.Paused);
                }

                if (await FindAsync(chosen, cancellationToken) is { } mailbox)
                {
                    return await SendAsync(mailbox, to, subject, text, cancellationToken);
                }
            }
            finally
            {
                turn.Release();
            }
        }

        return new(null, SendingText.InvitationWithoutMailbox);
    }

    private async Task<OwnMailResult> SendAsync(Mailbox mailbox, MailAddress to, string subject, string text, CancellationToken cancellationToken)
    {
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
        if (answer.RetryAfter is { } pause)
        {
            await pace.PauseAsync(mailbox.Id, pause, cancellationToken);
        }

        return answer.End is GraphEnd.Accepted ? new(mailbox.Address) : new(null, answer.Words, answer.End is GraphEnd.Unknown);
    }

    /// <returns>The mailbox as it is now that its turn came, which may be minutes later; null when it may not send any more, or does so in another way.</returns>
    private async Task<Mailbox?> FindAsync(Mailbox chosen, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await Usable(db).SingleOrDefaultAsync(m => m.Id == chosen.Id && m.Method == chosen.Method, cancellationToken);
    }

    private static IQueryable<Mailbox> Usable(EnneoDbContext db) =>
        WritingMailboxes.Of(db, Reach.All).Where(m => m.Enabled && !m.IsShadow && m.RemovedAt == null && m.Method != MailboxMethod.Api);

    private async Task<Mailbox?> ChooseAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await Usable(db)
            .OrderBy(m => db.MailboxFailures.Any(f => f.MailboxId == m.Id && f.EndedAt == null) || db.MicrosoftPlaces.Any(p => p.MailboxId == m.Id && p.IsPause && p.Until > now)) // one that works, if there is one
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
