using System.Globalization;
using Enneo.Core.Connections;
using Enneo.Core.Microsoft365;
using MimeKit;

namespace Enneo.Core.Mailboxes.Trials;

/// <summary>Send test email where Microsoft Graph takes what is sent.</summary>
/// <param name="restAsync">Told when Graph wants nothing of the mailbox for so long.</param>
internal sealed class GraphTrial(
    GraphSending graph, Func<CancellationToken, Task<long>> accountAsync, string address, MimeMessage mail, string recipient, Func<TimeSpan, CancellationToken, Task> restAsync)
{
    public IReadOnlyList<TestStage> Stages => [new(MailboxText.PurposeSend, SendAsync)];

    private async Task<StageDone> SendAsync(CancellationToken cancellationToken)
    {
        using MemoryStream bytes = new();
        await mail.WriteToAsync(bytes, cancellationToken);
        var answer = await graph.SendAsync(await accountAsync(cancellationToken), address, bytes.ToArray(), _ => Task.FromResult(true), cancellationToken);
        if (answer.RetryAfter is { } pause)
        {
            await restAsync(pause, cancellationToken);
        }

        return answer.End is GraphEnd.Accepted
            ? new StageDone(string.Format(CultureInfo.CurrentCulture, MailboxText.Sent, recipient), $"{answer.Words} (Microsoft Graph)")
            : throw MailConnectionException.BeforeSigningIn(ConnectionProblem.CommandRefused, answer.Words);
    }
}
