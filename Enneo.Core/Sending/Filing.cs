using System.Security.Cryptography;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using MailKit;
using MailKit.Net.Imap;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.Sending;

/// <summary>
/// Looks into a mailbox's folder of sent mail: files a copy of what was sent, unless the server did,
/// and finds out whether mail with an unknown end left. Sends nothing.
/// </summary>
internal sealed partial class Filing(
    IDbContextFactory<EnneoDbContext> dbFactory,
    OutgoingSource source,
    MailboxSignIn signIn,
    SentCopySearch search,
    FilingRecords records,
    SentDrafts sentDrafts,
    GraphFiling byGraph,
    TimeProvider clock,
    ILogger<Filing> logger)
{
    public async Task RunAsync(long mailboxId, CancellationToken cancellationToken)
    {
        var (mailbox, due) = await FindDueAsync(mailboxId, cancellationToken);
        if (due.Count == 0 || mailbox is null)
        {
            return;
        }

        try
        {
            await (mailbox.ReceivesByGraph ? byGraph.RunAsync(mailbox, due, cancellationToken) : FileAsync(mailbox, due, cancellationToken));
        }
        catch (Exception exception) when (exception is CryptographicException || MailConnectionException.Covers(exception))
        {
            LogFailed(exception, mailboxId);
            await records.PostponedAsync([.. due.Select(o => o.Id)], cancellationToken); // those that were done are passed over
        }
    }

    private async Task<(Mailbox? Mailbox, List<OutgoingMessage> Due)> FindDueAsync(long mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        return (
            await db.Mailboxes.AsNoTracking().SingleOrDefaultAsync(m => m.Id == mailboxId && m.Enabled && !m.IsShadow, cancellationToken),
            await db.Outbox.AsNoTracking().Where(o => o.MailboxId == mailboxId && o.FilingAt <= now).OrderBy(o => o.FilingAt).ToListAsync(cancellationToken));
    }

    private async Task FileAsync(Mailbox mailbox, List<OutgoingMessage> due, CancellationToken cancellationToken)
    {
        var client = await signIn.ImapAsync(mailbox, cancellationToken);
        try
        {
            var folder = await FindChosenAsync(mailbox.Id, client, cancellationToken)
                ?? await SentFolder.FindAsync(client, cancellationToken)
                ?? await CreateAsync(client, cancellationToken);
            await folder.OpenAsync(FolderAccess.ReadOnly, cancellationToken);
            foreach (var outgoing in due)
            {
                await FileAsync(mailbox, folder, outgoing, cancellationToken);
            }
        }
        finally
        {
            await client.LeaveAsync(cancellationToken);
        }
    }

    private async Task FileAsync(Mailbox mailbox, IMailFolder folder, OutgoingMessage outgoing, CancellationToken cancellationToken)
    {
        // Looked for before each append, since an append without an answer may have succeeded.
        if (await search.FindAsync(folder, outgoing, cancellationToken) is { } ids)
        {
            await records.FoundAsync(outgoing.Id, ids, cancellationToken);
            await sentDrafts.RemoveAsync(outgoing.Id, cancellationToken);
        }
        else if (FilingRecords.IsInDoubt(outgoing) || (SelfFilingServers.Serve(mailbox) && FilingRecords.MayStillAppear(outgoing)))
        {
            await records.NotFoundAsync(outgoing.Id, cancellationToken);
        }
        else
        {
            await AppendAsync(mailbox, folder, outgoing, cancellationToken);
        }
    }

    private async Task AppendAsync(Mailbox mailbox, IMailFolder folder, OutgoingMessage outgoing, CancellationToken cancellationToken)
    {
        using var mail = await source.ReadAsync(outgoing, cancellationToken) is { } bytes ? StoredMail.Load(bytes) : null;
        if (mail is null)
        {
            await records.CannotAsync(outgoing.Id, cancellationToken);
            return;
        }

        try
        {
            await folder.AppendAsync(
                new AppendRequest(mail.Message, MessageFlags.Seen, outgoing.SentAt ?? clock.GetUtcNow()), cancellationToken);
        }
        catch (ImapCommandException exception) when (folder.IsOpen)
        {
            // Such as a full mailbox: that need not hold up the next mail, which may be smaller.
            var refusal = MailConnectionException.From(exception, mailbox.ImapEndpoint);
            LogRefused(mailbox.Id, outgoing.Id, refusal.Problem);
            await records.RefusedAsync(outgoing.Id, refusal.ServerText ?? refusal.Message, cancellationToken);
            return;
        }

        await records.FiledAsync(outgoing.Id, cancellationToken);
    }

    /// <returns>The folder that a person chose for sent mail; null if nobody did, or it is gone.</returns>
    private async Task<IMailFolder?> FindChosenAsync(long mailboxId, ImapClient client, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var name = await db.Folders
            .Where(f => f.MailboxId == mailboxId && f.Role == FolderRole.Sent && f.RoleIsChosen && f.IsListed)
            .Select(f => f.FullName)
            .FirstOrDefaultAsync(cancellationToken);
        try
        {
            return name is null ? null : await client.GetFolderAsync(name, cancellationToken);
        }
        catch (FolderNotFoundException)
        {
            return null;
        }
    }

    private static async Task<IMailFolder> CreateAsync(ImapClient client, CancellationToken cancellationToken) =>
        await client.GetFolder(client.PersonalNamespaces[0]).CreateAsync("Sent", isMessageFolder: true, cancellationToken)
        ?? throw new FolderNotFoundException("Sent");

    [LoggerMessage(LogLevel.Warning, "Mailbox {MailboxId}: the folder of sent mail could not be used; trying again later")]
    private partial void LogFailed(Exception exception, long mailboxId);

    [LoggerMessage(LogLevel.Warning, "Mailbox {MailboxId}: the server does not take the copy of outgoing mail {OutgoingId}: {Problem}")]
    private partial void LogRefused(long mailboxId, long outgoingId, ConnectionProblem problem);
}
