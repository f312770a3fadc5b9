using System.Collections.Concurrent;
using Enneo.Core.Connections;
using Enneo.Core.Mailboxes;
using MailKit;
using MailKit.Net.Imap;

namespace Enneo.Core.Sync;

/// <summary>
/// Keeps one signed-in connection per mailbox warm between runs: signing in costs several round
/// trips, and news must be on the screen at once.
/// </summary>
public sealed class ImapSessions(MailboxSignIn signIn) : IAsyncDisposable
{
    /// <summary>They offer QRESYNC and report as gone what is there.</summary>
    private static readonly string[] s_faulty = [".mail.me.com", ".icloud.com"];

    private readonly ConcurrentDictionary<long, WarmClient> _warm = new();

    /// <summary>The connection belongs to the caller until disposed. The INBOX may still be open on it.</summary>
    public async Task<ImapSession> RentAsync(Mailbox mailbox, CancellationToken cancellationToken)
    {
        await signIn.Pauses.ThrowIfAskedAsync(mailbox, cancellationToken); // a connection that is open asks as well
        if (_warm.TryRemove(mailbox.Id, out var warm))
        {
            if (warm.MailboxVersion == mailbox.Version && await IsAliveAsync(warm.Client, cancellationToken))
            {
                return new(this, mailbox, warm.Client);
            }

            warm.Client.Dispose();
        }

        var client = await signIn.ImapAsync(mailbox, cancellationToken);
        await EnableQuickResyncAsync(client, mailbox.Imap.Host, cancellationToken);
        return new(this, mailbox, client);
    }

    /// <summary>Drops the connection of a mailbox that is no longer used.</summary>
    public void Forget(long mailboxId)
    {
        if (_warm.TryRemove(mailboxId, out var warm))
        {
            warm.Client.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_warm.Values.Select(warm => warm.Client.LeaveAsync(CancellationToken.None)));
        _warm.Clear();
    }

    internal void Return(Mailbox mailbox, ImapClient client)
    {
        if (!client.IsConnected || !client.IsAuthenticated || !_warm.TryAdd(mailbox.Id, new(client, mailbox.Version)))
        {
            client.Dispose();
        }
    }

    /// <summary>Makes the server tell what has gone since the last look (RFC 7162), before a folder is opened. Without, that is found by comparing.</summary>
    private static async Task EnableQuickResyncAsync(ImapClient client, string host, CancellationToken cancellationToken)
    {
        if (!client.Capabilities.HasFlag(ImapCapabilities.QuickResync) || s_faulty.Any(domain => host.EndsWith(domain, StringComparison.OrdinalIgnoreCase)))
        {
            return;
        }

        try
        {
            await client.EnableQuickResyncAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is CommandException or NotSupportedException)
        {
            // It offers more than it does.
        }
    }

    private static async Task<bool> IsAliveAsync(ImapClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.NoOpAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is IOException or ProtocolException or CommandException or ServiceNotConnectedException)
        {
            return false; // it died while resting: the caller gets a new one
        }
    }

    private sealed record WarmClient(ImapClient Client, uint MailboxVersion);
}

/// <summary>A rented connection.</summary>
public sealed class ImapSession(ImapSessions owner, Mailbox mailbox, ImapClient client) : IDisposable
{
    public ImapClient Client { get; } = client;

    public void Dispose() => owner.Return(mailbox, Client);
}
