using System.Globalization;
using Enneo.Core.Connections;

namespace Enneo.Core.Mailboxes;

/// <summary>Which mailboxes' IMAP servers asked to be left alone, and for how long.</summary>
public sealed class ServerPauses(KeptPauses pauses, TimeProvider clock)
{
    /// <summary>Does nothing where the server named no time, or is being left alone already.</summary>
    internal async Task NoteAsync(Mailbox mailbox, MailConnectionException refusal, CancellationToken cancellationToken)
    {
        if (refusal.RetryAfter is { } pause && await pauses.FindAsync(NameOf(mailbox), cancellationToken) is null)
        {
            await pauses.NoteAsync(NameOf(mailbox), pause, refusal.Problem, refusal.ServerText, cancellationToken);
        }
    }

    /// <returns>Zero when its server may be asked.</returns>
    internal async Task<TimeSpan> LeftOfAsync(Mailbox mailbox, CancellationToken cancellationToken) =>
        await pauses.FindAsync(NameOf(mailbox), cancellationToken) is { } pause && pause.Until - clock.GetUtcNow() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <exception cref="MailConnectionException">What the server said: it may not be asked yet.</exception>
    internal async Task ThrowIfAskedAsync(Mailbox mailbox, CancellationToken cancellationToken)
    {
        if (await pauses.FindAsync(NameOf(mailbox), cancellationToken) is { } pause)
        {
            throw new MailConnectionException(pause.Problem, mailbox.ImapEndpoint, pause.Words);
        }
    }

    private static string NameOf(Mailbox mailbox) => string.Create(CultureInfo.InvariantCulture, $"imap {mailbox.Id} {mailbox.Imap.Host}");
}
