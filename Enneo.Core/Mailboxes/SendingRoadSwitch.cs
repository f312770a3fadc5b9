using Enneo.Core.Activity;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes.Rules;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Mailboxes;

/// <summary>Leads a Microsoft 365 mailbox to Graph once its SMTP server says that SMTP AUTH is switched off, as a tenant may do at any time; unless an admin does not want that.</summary>
internal sealed class SendingRoadSwitch(WriterLane lane, TimeProvider clock)
{
    private const string Origin = "sending";

    /// <param name="refused">How the SMTP server refused the sign-in.</param>
    /// <returns>Whether Graph takes what the mailbox sends from now on.</returns>
    public async Task<bool> TakeAsync(Mailbox mailbox, MailConnectionException refused, CancellationToken cancellationToken) =>
        mailbox is { Method: MailboxMethod.Microsoft365, SendsByGraph: false } && IsSmtpOff(refused) && await lane.RunAsync(
            async (db, token) =>
            {
                if ((await Microsoft365Settings.ReadAsync(db, token)).KeepsRoad
                    || await db.Mailboxes.AsTracking().SingleOrDefaultAsync(m => m.Id == mailbox.Id && m.RemovedAt == null && m.Method == MailboxMethod.Microsoft365 && !m.SendsByGraph, token) is not { } stored)
                {
                    return false;
                }

                var before = MailboxSnapshot.Of(stored);
                stored.SendsByGraph = true;
                await new MailboxRecording(db, Actor.System, Origin, clock).ChangedAsync(stored, before, [], token);
                return true;
            },
            cancellationToken);

    /// <summary>The same number stands for policies that forbid basic authentication, or this very person: the words say which.</summary>
    private static bool IsSmtpOff(MailConnectionException refused) =>
        refused.InnerException is MailConnectionException { ServerText: { } words } && Causes.InAnswer(words)?.Code == Causes.SmtpAuthOff
        && words.Contains("SmtpClientAuthentication is disabled", StringComparison.OrdinalIgnoreCase);
}
