using System.Globalization;
using Enneo.Core.Connections;
using MailKit;
using MailKit.Net.Imap;
using MimeKit;

namespace Enneo.Core.Mailboxes.Trials;

/// <summary>Test Email Receipt: looks at INBOX by EXAMINE (RFC 9051, section 6.3.3), which cannot change anything.</summary>
internal sealed class ReceiptTrial(ImapConnector connector, ServerSettings server, CredentialSource credentials) : IAsyncDisposable
{
    private readonly ServerStages<ImapClient> _server = new(connector.OpenAsync, connector.SignInAsync, server, credentials);
    private IMailFolder? _inbox;

    public IReadOnlyList<TestStage> Stages =>
    [
        .. _server.All,
        new(MailboxText.PurposeInbox, OpenInboxAsync),
        new(MailboxText.PurposeNewest, ReadNewestAsync),
    ];

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task<StageDone> OpenInboxAsync(CancellationToken cancellationToken) => _server.AskAsync(async () =>
    {
        _inbox = _server.Client.Inbox ?? throw new FolderNotFoundException("INBOX");
        await _inbox.OpenAsync(FolderAccess.ReadOnly, cancellationToken);
        return new StageDone(Format(MailboxText.InboxOpened, _inbox.Count));
    });

    private Task<StageDone> ReadNewestAsync(CancellationToken cancellationToken) => _server.AskAsync(async () =>
    {
        if (_inbox is not { Count: > 0 and var count } inbox)
        {
            return new StageDone(MailboxText.InboxEmpty);
        }

        FetchRequest newest = new(MessageSummaryItems.InternalDate, [HeaderId.Date, HeaderId.From, HeaderId.Subject]);
        var found = await inbox.FetchAsync(count - 1, count - 1, newest, cancellationToken);
        return new StageDone(found is [{ InternalDate: { } received }, ..]
            ? Format(MailboxText.NewestRead, received.ToUniversalTime())
            : MailboxText.NewestGone);
    });

    private static string Format(string text, object value) => string.Format(CultureInfo.CurrentCulture, text, value);
}
