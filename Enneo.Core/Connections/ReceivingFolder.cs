using MailKit;
using MailKit.Net.Imap;
using MimeKit;

namespace Enneo.Core.Connections;

/// <summary>An IMAP folder whose user decides where the bytes of fetched messages go. Of a server that is only read it changes nothing.</summary>
/// <param name="isReadOnly">See <see cref="MailEndpoint.IsReadOnly"/>.</param>
public sealed class ReceivingFolder(ImapFolderConstructorArgs args, bool isReadOnly) : ImapFolder(args)
{
    /// <summary>
    /// Makes the stream for as many bytes as the server announces to send now; null leaves it to MailKit, which holds them
    /// in memory. The stream is disposed of after the callback of the fetch.
    /// </summary>
    public Func<int, Stream>? Room { get; set; }

    /// <summary>What is opened by EXAMINE, MailKit lets nobody flag, move or expunge.</summary>
    public override Task<FolderAccess> OpenAsync(FolderAccess access, CancellationToken cancellationToken = default) =>
        base.OpenAsync(access is FolderAccess.ReadWrite ? Writable(access) : access, cancellationToken);

    public override Task<FolderAccess> OpenAsync(
        FolderAccess access, uint uidValidity, ulong highestModSeq, IList<UniqueId> uids, CancellationToken cancellationToken = default) =>
        base.OpenAsync(access is FolderAccess.ReadWrite ? Writable(access) : access, uidValidity, highestModSeq, uids, cancellationToken);

    public override Task<UniqueId?> AppendAsync(FormatOptions options, IAppendRequest request, CancellationToken cancellationToken = default) =>
        base.AppendAsync(Writable(options), request, cancellationToken);

    public override Task<IList<UniqueId>> AppendAsync(FormatOptions options, IList<IAppendRequest> requests, CancellationToken cancellationToken = default) =>
        base.AppendAsync(Writable(options), requests, cancellationToken);

    public override Task<UniqueIdMap> CopyToAsync(IList<UniqueId> uids, IMailFolder destination, CancellationToken cancellationToken = default) =>
        base.CopyToAsync(Writable(uids), destination, cancellationToken);

    public override Task CopyToAsync(IList<int> indexes, IMailFolder destination, CancellationToken cancellationToken = default) =>
        base.CopyToAsync(Writable(indexes), destination, cancellationToken);

    public override Task<IMailFolder?> CreateAsync(string name, bool isMessageFolder, CancellationToken cancellationToken = default) =>
        base.CreateAsync(Writable(name), isMessageFolder, cancellationToken);

    public override Task<IMailFolder?> CreateAsync(string name, IEnumerable<SpecialFolder> specialUses, CancellationToken cancellationToken = default) =>
        base.CreateAsync(Writable(name), specialUses, cancellationToken);

    public override Task RenameAsync(IMailFolder parent, string name, CancellationToken cancellationToken = default) =>
        base.RenameAsync(Writable(parent), name, cancellationToken);

    public override Task DeleteAsync(CancellationToken cancellationToken = default) => base.DeleteAsync(Writable(cancellationToken));

    public override Task SubscribeAsync(CancellationToken cancellationToken = default) => base.SubscribeAsync(Writable(cancellationToken));

    public override Task UnsubscribeAsync(CancellationToken cancellationToken = default) => base.UnsubscribeAsync(Writable(cancellationToken));

    /// <exception cref="InvalidOperationException">The server is only read.</exception>
    private T Writable<T>(T argument) => isReadOnly ? throw new InvalidOperationException("This mail server is only read.") : argument;

    protected override Stream CreateStream(UniqueId? uid, string section, int offset, int length) =>
        Room?.Invoke(length) ?? base.CreateStream(uid, section, offset, length);
}

internal sealed class ReceivingClient(IProtocolLogger protocolLogger, bool isReadOnly) : ImapClient(protocolLogger)
{
    protected override ImapFolder CreateImapFolder(ImapFolderConstructorArgs args) => new ReceivingFolder(args, isReadOnly);
}
