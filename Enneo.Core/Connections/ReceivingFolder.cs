using MailKit;
using MailKit.Net.Imap;

namespace Enneo.Core.Connections;

/// <summary>An IMAP folder whose user decides where the bytes of fetched messages go.</summary>
public sealed class ReceivingFolder(ImapFolderConstructorArgs args) : ImapFolder(args)
{
    /// <summary>
    /// Makes the stream for as many bytes as the server announces to send now; null leaves it to MailKit, which holds them
    /// in memory. The stream is disposed of after the callback of the fetch.
    /// </summary>
    public Func<int, Stream>? Room { get; set; }

    protected override Stream CreateStream(UniqueId? uid, string section, int offset, int length) =>
        Room?.Invoke(length) ?? base.CreateStream(uid, section, offset, length);
}

internal sealed class ReceivingClient(IProtocolLogger protocolLogger) : ImapClient(protocolLogger)
{
    protected override ImapFolder CreateImapFolder(ImapFolderConstructorArgs args) => new ReceivingFolder(args);
}
