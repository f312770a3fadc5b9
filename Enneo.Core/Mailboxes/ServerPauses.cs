using System.Collections.Concurrent;
using Enneo.Core.Connections;

namespace Enneo.Core.Mailboxes;

/// <summary>Remembers, while the program runs, which mailboxes' servers asked to be left alone, and for how long.</summary>
public sealed class ServerPauses(TimeProvider clock)
{
    private readonly ConcurrentDictionary<(long MailboxId, string Host), (DateTimeOffset Until, MailConnectionException Refusal)> _pauses = new();

    /// <summary>Does nothing where the server named no time, or is being left alone already.</summary>
    public void Note(Mailbox mailbox, MailConnectionException refusal)
    {
        if (refusal.RetryAfter is { } pause && LeftOf(mailbox) == TimeSpan.Zero)
        {
            _pauses[KeyOf(mailbox)] = (clock.GetUtcNow() + pause, refusal);
        }
    }

    /// <returns>Zero when its server may be asked.</returns>
    public TimeSpan LeftOf(Mailbox mailbox) => _pauses.TryGetValue(KeyOf(mailbox), out var pause) && pause.Until - clock.GetUtcNow() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <exception cref="MailConnectionException">What the server said: it may not be asked yet.</exception>
    public void ThrowIfAsked(Mailbox mailbox)
    {
        if (LeftOf(mailbox) > TimeSpan.Zero)
        {
            var refusal = _pauses[KeyOf(mailbox)].Refusal;
            throw new MailConnectionException(refusal.Problem, mailbox.ImapEndpoint, refusal.ServerText);
        }
    }

    private static (long MailboxId, string Host) KeyOf(Mailbox mailbox) => (mailbox.Id, mailbox.Imap.Host);
}
