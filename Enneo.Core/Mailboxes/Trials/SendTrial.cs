using System.Globalization;
using Enneo.Core.Connections;
using MailKit.Net.Smtp;
using MimeKit;

namespace Enneo.Core.Mailboxes.Trials;

/// <summary>Send test email: one short mail, which says what it is to people and to auto-responders.</summary>
internal sealed class SendTrial(SmtpConnector connector, ServerSettings server, CredentialSource credentials, MimeMessage mail, string recipient)
    : IAsyncDisposable
{
    private readonly ServerStages<SmtpClient> _server = new(connector.OpenAsync, connector.SignInAsync, server, credentials);

    public IReadOnlyList<TestStage> Stages => [.. _server.All, new(MailboxText.PurposeSend, SendAsync)];

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task<StageDone> SendAsync(CancellationToken cancellationToken) => _server.AskAsync(async () =>
    {
        var answer = await _server.Client.SendAsync(mail, cancellationToken);
        return new StageDone(string.Format(CultureInfo.CurrentCulture, MailboxText.Sent, recipient), ServerWords.CleanOrNull(answer));
    });
}
