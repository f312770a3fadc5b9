using System.Security.Cryptography;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.Sending;

/// <summary>Hands the mail of one mailbox that is due to its server. Never runs twice at a time for one mailbox.</summary>
internal sealed partial class Delivery(
    IDbContextFactory<EnneoDbContext> dbFactory,
    OutgoingSource source,
    MailboxSignIn signIn,
    Handover handover,
    GraphHandover graphHandover,
    MicrosoftPace pace,
    SendingRoadSwitch roads,
    OutgoingRecords records,
    PickupFolder pickup,
    SentDrafts sentDrafts,
    TimeProvider clock,
    ILogger<Delivery> logger)
{
    /// <summary>What files itself has filed it by then.</summary>
    private static readonly TimeSpan s_selfFilingTime = TimeSpan.FromSeconds(10);

    public async Task RunAsync(long mailboxId, CancellationToken cancellationToken)
    {
        await records.AbandonedAsync(mailboxId, cancellationToken);
        SubmissionClient? client = null;
        try
        {
            while (await NextDueAsync(mailboxId, cancellationToken) is { } outgoing)
            {
                if (await FindMailboxAsync(mailboxId, cancellationToken) is not { Enabled: true, IsShadow: false } mailbox)
                {
                    return; // as it is now: it may have been changed since the last one
                }

                if (await source.ReadAsync(outgoing, cancellationToken) is not { } bytes)
                {
                    await records.ImpossibleAsync(outgoing.Id, SendingText.SourceUnreadable, cancellationToken); // given back to its author
                    continue;
                }

                if (pickup.IsUsed && !mailbox.IsSentElsewhere)
                {
                    await PutIntoPickupAsync(outgoing, bytes, cancellationToken);
                    continue;
                }

                if (mailbox.IsSentElsewhere || mailbox.Method is MailboxMethod.Api)
                {
                    await records.HandOnAsync(outgoing.Id, cancellationToken); // another system carries it out, and says so
                    continue;
                }

                if (mailbox.Method is MailboxMethod.Microsoft365 && await HoldsUpAsync(mailboxId, cancellationToken))
                {
                    continue; // what is due, and the mailbox, may be other ones by now
                }

                if (mailbox.SendsByGraph)
                {
                    await SettleAsync(mailbox, outgoing, await graphHandover.RunAsync(mailbox, outgoing, bytes, cancellationToken), cancellationToken);
                    continue;
                }

                client ??= await ConnectAsync(mailbox, cancellationToken);
                if (client is null && await IsByGraphAsync(mailboxId, cancellationToken))
                {
                    continue; // it was led to the other road a moment ago
                }

                if (client is null)
                {
                    return; // all that is due waits now
                }

                await SendAsync(client, mailbox, outgoing, bytes, cancellationToken);
                if (!client.IsConnected)
                {
                    client.Dispose();
                    client = null;
                }
            }
        }
        finally
        {
            if (client is not null)
            {
                await client.LeaveAsync(cancellationToken);
            }
        }
    }

    /// <summary>Waits until Microsoft may be handed one more; where that is long, all that is due does.</summary>
    /// <returns>False when it may at once.</returns>
    private async Task<bool> HoldsUpAsync(long mailboxId, CancellationToken cancellationToken)
    {
        if (await pace.TryTakeAsync(mailboxId, cancellationToken) is not { } wait)
        {
            return false;
        }

        await (MicrosoftPace.IsLong(wait) ? records.HoldAsync(mailboxId, wait, cancellationToken) : Task.Delay(wait, clock, cancellationToken));
        return true;
    }

    private async Task SendAsync(SubmissionClient client, Mailbox mailbox, OutgoingMessage outgoing, byte[] bytes, CancellationToken cancellationToken)
    {
        var result = await handover.RunAsync(client, mailbox.SmtpEndpoint, outgoing, Sender.Of(mailbox), bytes, MayGoAgainAsync, cancellationToken);
        await SettleAsync(mailbox, outgoing, result, cancellationToken);

        async Task<bool> MayGoAgainAsync(CancellationToken token) => mailbox.Method is not MailboxMethod.Microsoft365 || await pace.TakeAsync(mailbox.Id, token);
    }

    private async Task SettleAsync(Mailbox mailbox, OutgoingMessage outgoing, HandoverResult result, CancellationToken cancellationToken)
    {
        LogHandedOver(outgoing.Id, result.End);

        // However it ended, that must be known: being stopped is no reason not to write it down.
        await RecordAsync(mailbox, outgoing, mailbox.Method is MailboxMethod.Microsoft365 ? result.AtMicrosoft() : result, CancellationToken.None);
        if (result.RetryAfter is { } pause)
        {
            await pace.PauseAsync(mailbox.Id, pause, CancellationToken.None);
            await records.HoldAsync(mailbox.Id, pause, CancellationToken.None);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private Task RecordAsync(Mailbox mailbox, OutgoingMessage outgoing, HandoverResult result, CancellationToken cancellationToken) => result.End switch
    {
        HandoverEnd.Answered => AnsweredAsync(outgoing.Id, result, FilingTime(mailbox), cancellationToken),
        HandoverEnd.NotTaken => records.NotTakenAsync(outgoing.Id, result.Words, cancellationToken),
        HandoverEnd.Interrupted => records.InterruptedAsync(outgoing.Id, cancellationToken),
        HandoverEnd.Impossible => records.ImpossibleAsync(outgoing.Id, result.Words, cancellationToken),
        HandoverEnd.SignInAgain => records.SignInAgainAsync(mailbox.Id, result.Words ?? "", cancellationToken),
        HandoverEnd.Unknown => records.UncertainAsync(outgoing.Id, result.Words, cancellationToken),
        _ => Task.CompletedTask,
    };

    private async Task AnsweredAsync(long outgoingId, HandoverResult result, DateTimeOffset? filingAt, CancellationToken cancellationToken)
    {
        await records.AnsweredAsync(outgoingId, result, filingAt, cancellationToken);
        await sentDrafts.RemoveAsync(outgoingId, cancellationToken);
    }

    private DateTimeOffset FilingTime(Mailbox mailbox) =>
        SelfFilingServers.Serve(mailbox) ? clock.GetUtcNow() + s_selfFilingTime : clock.GetUtcNow();

    /// <returns>Null when there is no connection; that is then written down for all that is due.</returns>
    private async Task<SubmissionClient?> ConnectAsync(Mailbox mailbox, CancellationToken cancellationToken)
    {
        try
        {
            return await signIn.SmtpAsync(mailbox, cancellationToken);
        }
        catch (MailConnectionException exception) when (exception.Problem is ConnectionProblem.SignInRefused)
        {
            LogNoConnection(exception, mailbox.Id);
            if (!await IsPartlySentAsync(mailbox.Id, cancellationToken) && await roads.TakeAsync(mailbox, exception, cancellationToken))
            {
                LogOtherRoad(mailbox.Id);
                return null;
            }

            await records.SignInAgainAsync(mailbox.Id, FailureWords.Of(exception), cancellationToken);
        }
        catch (MailConnectionException exception)
        {
            LogNoConnection(exception, mailbox.Id);
            var forGood = exception.ServerText is ['5', _, _, ' ' or '-', ..];
            await records.UnreachableAsync(mailbox.Id, forGood ? exception.ServerText! : FailureWords.Of(exception), forGood, cancellationToken);
        }
        catch (CryptographicException exception)
        {
            LogNoConnection(exception, mailbox.Id);
            await records.SignInAgainAsync(mailbox.Id, SendingText.PasswordUnreadable, cancellationToken);
        }

        return null;
    }

    /// <summary>Graph mails to all or to nobody: while some have got a mail that others wait for, nothing leads around its server by itself.</summary>
    private async Task<bool> IsPartlySentAsync(long mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Outbox.AnyAsync(o => o.MailboxId == mailboxId && o.State == DeliveryState.Queued && o.SentAt != null, cancellationToken);
    }

    private async Task PutIntoPickupAsync(OutgoingMessage outgoing, byte[] bytes, CancellationToken cancellationToken)
    {
        if (!await records.BeginAsync(outgoing.Id, new Dictionary<string, SmtpAnswer>(), cancellationToken))
        {
            return;
        }

        try
        {
            await pickup.WriteAsync(outgoing.Id, bytes, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogPickupFailed(exception, outgoing.Id);
            await records.NotTakenAsync(outgoing.Id, SendingText.PickupFailed, CancellationToken.None);
            return;
        }

        SmtpAnswer written = new(250, "250 written to the pickup folder");
        var answers = outgoing.Pending().DistinctBy(r => r.Address).ToDictionary(r => r.Address, _ => written);
        await AnsweredAsync(outgoing.Id, new HandoverResult(HandoverEnd.Answered, answers), filingAt: null, CancellationToken.None);
    }

    private async Task<bool> IsByGraphAsync(long mailboxId, CancellationToken cancellationToken) => await FindMailboxAsync(mailboxId, cancellationToken) is { SendsByGraph: true };

    private async Task<Mailbox?> FindMailboxAsync(long mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Mailboxes.AsNoTracking().SingleOrDefaultAsync(m => m.Id == mailboxId, cancellationToken);
    }

    private async Task<OutgoingMessage?> NextDueAsync(long mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        return await db.Outbox.AsNoTracking()
            .Where(o => o.MailboxId == mailboxId && o.State == DeliveryState.Queued && o.NextAttemptAt <= now)
            .OrderBy(o => o.NextAttemptAt).ThenBy(o => o.Id)
            .FirstOrDefaultAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Outgoing mail {OutgoingId} was handed over: {End}")]
    private partial void LogHandedOver(long outgoingId, HandoverEnd end);

    [LoggerMessage(LogLevel.Warning, "Mailbox {MailboxId}: SMTP AUTH is switched off, so Microsoft Graph takes what it sends from now on")]
    private partial void LogOtherRoad(long mailboxId);

    [LoggerMessage(LogLevel.Warning, "Mailbox {MailboxId}: no connection for sending")]
    private partial void LogNoConnection(Exception exception, long mailboxId);

    [LoggerMessage(LogLevel.Error, "Outgoing mail {OutgoingId} could not be written to the pickup folder")]
    private partial void LogPickupFailed(Exception exception, long outgoingId);
}
