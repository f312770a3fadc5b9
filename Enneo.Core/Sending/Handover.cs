using System.Globalization;
using Enneo.Core.Connections;
using Enneo.Core.Messages;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;
using MailKit;
using MailKit.Net.Smtp;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Enneo.Core.Sending;

/// <summary>
/// Hands one mail to a server. The outbox says "sending" on disk before the end of the content
/// can leave, so that whatever happens from there on is never taken for "not sent"; until then the mail
/// can be taken back.
/// </summary>
internal sealed class Handover(OutgoingRecords records, IOptions<SendingOptions> options)
{
    private const double Megabyte = 1_000_000;

    private static readonly MailboxAddress s_nobody = new("", "");

    /// <summary>For the server's answer to a mail whose end may have left when the program is told to stop; afterwards nobody knows.</summary>
    private static readonly TimeSpan s_lastMoment = TimeSpan.FromSeconds(3);

    /// <summary>What is answered by itself names no sender in its envelope (RFC 3834, section 3.3), unless the server insists on one.</summary>
    /// <param name="mayGoAgainAsync">Waits until the server may be handed it a second time; false where that is not soon.</param>
    public Task<HandoverResult> RunAsync(
        SubmissionClient client, MailEndpoint endpoint, OutgoingMessage outgoing, MailAddress sender, byte[] source, Func<CancellationToken, Task<bool>> mayGoAgainAsync, CancellationToken cancellationToken) =>
        RunAsync(client, endpoint, outgoing, sender, source, withoutSender: outgoing.IsAutomatic, mayGoAgainAsync, cancellationToken);

    private async Task<HandoverResult> RunAsync(
        SubmissionClient client, MailEndpoint endpoint, OutgoingMessage outgoing, MailAddress sender, byte[] source, bool withoutSender, Func<CancellationToken, Task<bool>> mayGoAgainAsync, CancellationToken cancellationToken)
    {
        if (client.Capabilities.HasFlag(SmtpCapabilities.Size) && client.MaxSize > 0 && source.Length > client.MaxSize)
        {
            return HandoverResult.Without(HandoverEnd.Impossible, string.Format(
                CultureInfo.CurrentCulture, SendingText.TooBigForServer, endpoint.Host, source.Length / Megabyte, client.MaxSize / Megabyte));
        }

        var recipients = outgoing.Pending();
        var endMayHaveLeft = false;
        var timeout = client.Timeout;
        client.ForgetAnswers();
        using var mail = StoredMail.Load(source, token => BeginAsync(client, outgoing.Id, token), () =>
        {
            endMayHaveLeft = true;
            client.Timeout = (int)options.Value.FinalAnswerTimeout.TotalMilliseconds;
        });
        if (mail is null)
        {
            return HandoverResult.Without(HandoverEnd.Impossible, SendingText.SourceUnreadable);
        }

        using CancellationTokenSource stop = new();
        using var stopping = cancellationToken.Register(() => stop.CancelAfter(endMayHaveLeft ? s_lastMoment : TimeSpan.Zero));
        try
        {
            var answer = await client.SendAsync(FormatOptions.Default, mail.Message, withoutSender ? s_nobody : EnvelopeOf(sender), recipients.Select(EnvelopeOf), stop.Token);
            return Answered(client, recipients, SmtpAnswer.Of(SmtpStatusCode.Ok, answer)) with
            {
                GivenIds = GivenMessageIds.In(answer, recipients.Append(sender).Select(person => person.Address)),
            };
        }
        catch (TakenBackException)
        {
            return HandoverResult.Without(HandoverEnd.TakenBack);
        }
        catch (SmtpCommandException exception) when (withoutSender && WantsSender(exception) && client.IsConnected)
        {
            if (endMayHaveLeft)
            {
                await records.InterruptedAsync(outgoing.Id, CancellationToken.None); // it was refused as a whole: nobody has got it
                client.Timeout = timeout;
            }

            return await mayGoAgainAsync(cancellationToken)
                ? await RunAsync(client, endpoint, outgoing, sender, source, withoutSender: false, mayGoAgainAsync, cancellationToken)
                : HandoverResult.Without(HandoverEnd.NotTaken, Microsoft365Text.Paused);
        }
        catch (SmtpCommandException exception)
        {
            if (exception.ErrorCode is SmtpErrorCode.SenderNotAccepted)
            {
                client.ForgetAnswers(); // recipients that were sent along with MAIL were refused for want of one
            }

            return Answered(client, recipients, SmtpAnswer.Of(exception.StatusCode, exception.Message));
        }
        catch (ServiceNotAuthenticatedException exception)
        {
            return HandoverResult.Without(HandoverEnd.SignInAgain, ServerWords.Clean(exception.Message));
        }
        catch (NotSupportedException)
        {
            return HandoverResult.Without(HandoverEnd.Impossible, string.Format(CultureInfo.CurrentCulture, SendingText.AddressesNotSupported, endpoint.Host));
        }
        catch (Exception exception) when (exception is OperationCanceledException || MailConnectionException.Covers(exception))
        {
            return endMayHaveLeft ? HandoverResult.Without(HandoverEnd.Unknown, SendingText.EndUnknown)
                : cancellationToken.IsCancellationRequested ? HandoverResult.Without(HandoverEnd.Interrupted)
                : HandoverResult.Without(HandoverEnd.NotTaken, FailureWords.Of(MailConnectionException.From(exception, endpoint)));
        }
        finally
        {
            if (client.IsConnected)
            {
                client.Timeout = timeout;
            }
        }
    }

    /// <summary>Some servers say at once that they want a sender; Exchange takes the mail first and then says that nobody may send as that one. A refusal for good, in so many words, and nothing less.</summary>
    private static bool WantsSender(SmtpCommandException refusal) => refusal.ErrorCode is SmtpErrorCode.SenderNotAccepted
        || (refusal.ErrorCode is SmtpErrorCode.MessageNotAccepted && (int)refusal.StatusCode >= 500 && Causes.IsOfSender($"{(int)refusal.StatusCode} {refusal.Message}"));

    private static MailboxAddress EnvelopeOf(MailAddress address) => new("", address.Address);

    /// <summary>The answer to the mail as a whole is the answer to all whom the server had not refused one by one.</summary>
    private static HandoverResult Answered(SubmissionClient client, IReadOnlyList<MailAddress> recipients, SmtpAnswer whole) => new(
        HandoverEnd.Answered,
        recipients.DistinctBy(recipient => recipient.Address).ToDictionary(
            recipient => recipient.Address,
            recipient => client.RecipientAnswers.GetValueOrDefault(recipient.Address) is { Accepted: false } refusal ? refusal : whole));

    private async Task BeginAsync(SubmissionClient client, long outgoingId, CancellationToken cancellationToken)
    {
        if (!await records.BeginAsync(outgoingId, client.RecipientAnswers, cancellationToken))
        {
            throw new TakenBackException();
        }
    }

    /// <summary>Ends the connection before any of the content is written; the server then has nothing.</summary>
    private sealed class TakenBackException : Exception;
}
