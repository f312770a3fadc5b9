using System.Security.Cryptography;
using System.Text;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using MimeKit;

namespace Enneo.Tests.Servers;

/// <summary>One mail as it lies on the server.</summary>
public sealed record ServerMail(uint Uid, MessageFlags Flags, IReadOnlySet<string> Keywords, DateTimeOffset? InternalDate, byte[] Source)
{
    /// <summary>Of the raw bytes, upper-case hex.</summary>
    public string Sha256 => Convert.ToHexString(SHA256.HashData(Source));

    public MimeMessage Parse() => MimeMessage.Load(new MemoryStream(Source));
}

/// <summary>Mail in and out of a <see cref="DovecotServer"/>.</summary>
public static class DovecotMail
{
    /// <summary>APPENDs exactly these bytes (bare line feeds become CRLF on the server), making user and folder when missing.</summary>
    /// <returns>The UID.</returns>
    public static async Task<uint> DeliverAsync(
        this DovecotServer dovecot, string user, byte[] source, CancellationToken cancellationToken,
        string folder = "INBOX", MessageFlags flags = MessageFlags.None, DateTimeOffset? internalDate = null)
    {
        dovecot.AddUser(user);
        await using var wire = await ImapWire.OpenAsync(dovecot, cancellationToken);
        await wire.SendAsync(
            dovecot.TokenOf is { } tokenOf
                ? $"AUTHENTICATE XOAUTH2 {Convert.ToBase64String(Encoding.ASCII.GetBytes($"user={user}\u0001auth=Bearer {tokenOf(user)}\u0001\u0001"))}"
                : $"LOGIN {ImapWire.Quote(user)} {ImapWire.Quote(DovecotServer.Password)}",
            cancellationToken);
        return await wire.AppendAsync(folder, source, flags, internalDate, cancellationToken);
    }

    public static Task<uint> DeliverAsync(
        this DovecotServer dovecot, string user, MimeMessage message, CancellationToken cancellationToken,
        string folder = "INBOX", MessageFlags flags = MessageFlags.None, DateTimeOffset? internalDate = null) =>
        dovecot.DeliverAsync(user, message.ToBytes(), cancellationToken, folder, flags, internalDate);

    /// <summary>As mail from outside arrives: into INBOX, by LMTP (RFC 2033).</summary>
    public static Task ArriveAsync(this DovecotServer dovecot, string user, MimeMessage message, CancellationToken cancellationToken)
    {
        dovecot.AddUser(user);
        return LmtpDelivery.DeliverAsync(dovecot.LmtpPort, message.From.Mailboxes.FirstOrDefault()?.Address ?? "", [user], message.ToBytes(), cancellationToken);
    }

    /// <summary>All mail of a folder in order of UID; empty when there is no such folder. Does not set \Seen.</summary>
    public static async Task<IReadOnlyList<ServerMail>> ListAsync(
        this DovecotServer dovecot, string user, CancellationToken cancellationToken, string folder = "INBOX")
    {
        using var client = await dovecot.OpenAsync(user, cancellationToken);
        if (await FindAsync(client, folder, cancellationToken) is not { } opened)
        {
            return [];
        }

        await opened.OpenAsync(FolderAccess.ReadOnly, cancellationToken);
        var summaries = await opened.FetchAsync(0, -1, MessageSummaryItems.UniqueId | MessageSummaryItems.Flags | MessageSummaryItems.InternalDate, cancellationToken);
        var sources = new Dictionary<UniqueId, byte[]>();
        foreach (var batch in summaries.Select(summary => summary.UniqueId).Chunk(500))
        {
            await ((ImapFolder)opened).GetStreamsAsync(batch, async (_, _, uid, stream, token) =>
            {
                var bytes = new MemoryStream();
                await stream.CopyToAsync(bytes, token);
                sources[uid] = bytes.ToArray();
            }, cancellationToken);
        }

        await client.DisconnectAsync(true, cancellationToken);
        return [.. from summary in summaries
                   where sources.GetValueOrDefault(summary.UniqueId) is { Length: > 0 } // expunged meanwhile
                   orderby summary.UniqueId.Id
                   select new ServerMail(summary.UniqueId.Id, summary.Flags ?? MessageFlags.None, summary.Keywords.ToHashSet(), summary.InternalDate, sources[summary.UniqueId])];
    }

    /// <summary>Sets or takes away flags, as another mail program would.</summary>
    public static async Task SetFlagsAsync(
        this DovecotServer dovecot, string user, uint uid, MessageFlags flags, bool set, CancellationToken cancellationToken, string folder = "INBOX")
    {
        using var client = await dovecot.OpenAsync(user, cancellationToken);
        var opened = await client.GetFolderAsync(folder, cancellationToken);
        await opened.OpenAsync(FolderAccess.ReadWrite, cancellationToken);
        await opened.StoreAsync(new UniqueId(uid), new StoreFlagsRequest(set ? StoreAction.Add : StoreAction.Remove, flags) { Silent = true }, cancellationToken);
        await client.DisconnectAsync(true, cancellationToken);
    }

    /// <summary>Removes mail for good.</summary>
    public static async Task ExpungeAsync(
        this DovecotServer dovecot, string user, IEnumerable<uint> uids, CancellationToken cancellationToken, string folder = "INBOX")
    {
        using var client = await dovecot.OpenAsync(user, cancellationToken);
        var opened = await client.GetFolderAsync(folder, cancellationToken);
        await opened.OpenAsync(FolderAccess.ReadWrite, cancellationToken);
        var gone = uids.Select(uid => new UniqueId(uid)).ToList();
        await opened.StoreAsync(gone, new StoreFlagsRequest(StoreAction.Add, MessageFlags.Deleted) { Silent = true }, cancellationToken);
        await opened.ExpungeAsync(gone, cancellationToken);
        await client.DisconnectAsync(true, cancellationToken);
    }

    /// <summary>How many mails a folder holds, without fetching them.</summary>
    public static async Task<int> CountAsync(
        this DovecotServer dovecot, string user, CancellationToken cancellationToken, string folder = "INBOX", bool unseenOnly = false)
    {
        using var client = await dovecot.OpenAsync(user, cancellationToken);
        var found = await FindAsync(client, folder, cancellationToken);
        if (found is null)
        {
            return 0;
        }

        await found.OpenAsync(FolderAccess.ReadOnly, cancellationToken);
        return (await found.SearchAsync(unseenOnly ? SearchQuery.NotSeen : SearchQuery.All, cancellationToken)).Count;
    }

    public static byte[] ToBytes(this MimeMessage message)
    {
        var bytes = new MemoryStream();
        message.WriteTo(FormatOptions.Default, bytes);
        return bytes.ToArray();
    }

    private static async Task<IMailFolder?> FindAsync(ImapClient client, string folder, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetFolderAsync(folder, cancellationToken);
        }
        catch (FolderNotFoundException)
        {
            return null;
        }
    }
}
