using System.Globalization;
using Enneo.Core.Microsoft365;

namespace Enneo.Core.Mailboxes.Trials;

/// <summary>Test Email Receipt where Microsoft Graph is asked what is received: looks at the inbox, and changes nothing.</summary>
internal sealed class GraphReceiptTrial(GraphReading graph, Func<CancellationToken, Task<long>> accountAsync, string address)
{
    private GraphMailbox? _mailbox;
    private DateTimeOffset? _newest;

    public IReadOnlyList<TestStage> Stages =>
    [
        new(MailboxText.PurposeSignIn, SignInAsync),
        new(MailboxText.PurposeInbox, OpenInboxAsync),
        new(MailboxText.PurposeNewest, ReadNewestAsync, Timed: false),
    ];

    private async Task<StageDone> SignInAsync(CancellationToken cancellationToken)
    {
        _mailbox = await graph.OpenAsync(await accountAsync(cancellationToken), address, isReadOnly: true, cancellationToken);
        return new StageDone(Format(MailboxText.SignedIn, $"{address} (Microsoft Graph)"));
    }

    private async Task<StageDone> OpenInboxAsync(CancellationToken cancellationToken)
    {
        (var total, _newest) = await _mailbox!.InboxAsync(cancellationToken);
        return new StageDone(Format(MailboxText.InboxOpened, total));
    }

    private Task<StageDone> ReadNewestAsync(CancellationToken cancellationToken) => Task.FromResult(
        new StageDone(_newest is { } received ? Format(MailboxText.NewestRead, received) : MailboxText.InboxEmpty));

    private static string Format(string text, object value) => string.Format(CultureInfo.CurrentCulture, text, value);
}
