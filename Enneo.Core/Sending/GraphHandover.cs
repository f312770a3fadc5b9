using System.Text;
using Enneo.Core.Connections;
using Enneo.Core.Mailboxes;
using Enneo.Core.Mailboxes.Rules;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Enneo.Core.Sending;

/// <summary>Hands one mail to Microsoft Graph, as <see cref="Handover"/> does to a server: it says "sending" on disk before it can have left.</summary>
internal sealed class GraphHandover(GraphSending graph, AccountTokens tokens, OutgoingRecords records, IOptions<SendingOptions> options)
{
    private static readonly Dictionary<string, SmtpAnswer> s_none = [];

    public async Task<HandoverResult> RunAsync(Mailbox mailbox, OutgoingMessage outgoing, byte[] source, CancellationToken cancellationToken)
    {
        if (WithAllRecipients(source, outgoing) is not { } mime)
        {
            return HandoverResult.Without(HandoverEnd.Impossible, SendingText.GraphWouldRepeat);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.Value.FinalAnswerTimeout);
        try
        {
            var accountId = await tokens.AccountOfAsync(mailbox.Id, patience.Token);
            var answer = await graph.SendAsync(accountId, mailbox.Address, mime, token => records.BeginAsync(outgoing.Id, s_none, token), patience.Token, isPatient: true);
            return answer.End switch
            {
                GraphEnd.Accepted => Answered(outgoing, new SmtpAnswer(250, $"{answer.Words} (Microsoft Graph)")),
                GraphEnd.Refused => Answered(outgoing, new SmtpAnswer(550, answer.Words)),
                GraphEnd.Later => HandoverResult.Without(HandoverEnd.NotTaken, answer.Words) with { RetryAfter = answer.RetryAfter },
                GraphEnd.SignInAgain => HandoverResult.Without(HandoverEnd.SignInAgain, answer.Words),
                GraphEnd.TakenBack => HandoverResult.Without(HandoverEnd.TakenBack),
                _ => HandoverResult.Without(HandoverEnd.Unknown, answer.Words),
            };
        }
        catch (MailConnectionException exception)
        {
            return HandoverResult.Without(
                exception.Problem is ConnectionProblem.SignInRefused ? HandoverEnd.SignInAgain : HandoverEnd.NotTaken, FailureWords.Of(exception));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return HandoverResult.Without(HandoverEnd.Interrupted);
        }
        catch (OperationCanceledException)
        {
            return HandoverResult.Without(HandoverEnd.NotTaken, Microsoft365Text.GraphUnreachable); // it took too long, and nothing had left
        }
    }

    private static HandoverResult Answered(OutgoingMessage outgoing, SmtpAnswer answer) =>
        new(HandoverEnd.Answered, outgoing.Pending().DistinctBy(r => r.Address).ToDictionary(r => r.Address, _ => answer));

    /// <summary>Graph knows no envelope: who stands in neither To nor Cc is named in a Bcc, which it takes away.</summary>
    /// <returns>Null when somebody who stands in To or Cc was answered before, by a server: Graph would send to them again.</returns>
    private static byte[]? WithAllRecipients(byte[] source, OutgoingMessage outgoing)
    {
        using MemoryStream lines = new(source, writable: false);
        using var mail = MimeMessage.Load(lines);
        var named = mail.To.Mailboxes.Concat(mail.Cc.Mailboxes).Select(mailbox => InAscii(mailbox.Address)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var pending = outgoing.Pending().Select(recipient => InAscii(recipient.Address)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (outgoing.Answers != "{}" && !named.IsSubsetOf(pending))
        {
            return null;
        }

        string[] hidden = [.. pending.Where(address => !named.Contains(address))];
        return hidden.Length == 0 ? source : [.. Encoding.ASCII.GetBytes($"Bcc: {string.Join(",\r\n ", hidden)}\r\n"), .. source];
    }

    /// <summary>The domain; before the @ there is nothing else.</summary>
    private static string InAscii(string address) =>
        address.LastIndexOf('@') is var at and > 0 ? $"{address[..at]}@{HostSyntax.Normalize(address[(at + 1)..])}" : address;
}
