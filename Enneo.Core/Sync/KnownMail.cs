using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using MailKit;
using MailKit.Net.Imap;
using MailFolder = Enneo.Core.Mailboxes.MailFolder;

namespace Enneo.Core.Sync;

/// <summary>At Microsoft 365, a folder of IMAP that may have been read by Graph before: finds what is here already.</summary>
public sealed class KnownMail(Recognition recognition, FlagSync flags)
{
    private const int Batch = 1000;

    /// <param name="missing">Numbers that the ledger does not have.</param>
    /// <returns>Those that have to be fetched, in the same order.</returns>
    internal async Task<IReadOnlyList<uint>> ExceptAsync(
        Mailbox mailbox, MailFolder folder, ImapFolder remote, IReadOnlyList<uint> missing, CancellationToken cancellationToken)
    {
        if (mailbox.Method is not MailboxMethod.Microsoft365 || folder.HistoryComplete || missing.Count == 0 || !await recognition.KnowsGraphAsync(mailbox.Id, cancellationToken))
        {
            return missing;
        }

        HashSet<uint> known = [];
        foreach (var chunk in missing.Chunk(Batch))
        {
            FetchRequest request = new(MessageSummaryItems.UniqueId | MessageSummaryItems.Flags | MessageSummaryItems.InternalDate | MessageSummaryItems.Envelope);
            var summaries = (await remote.FetchAsync([.. chunk.Select(uid => new UniqueId(uid))], request, cancellationToken))
                .Where(summary => summary.InternalDate is not null && summary.Flags is not null)
                .DistinctBy(summary => summary.UniqueId.Id).ToDictionary(summary => summary.UniqueId.Id);
            var found = await recognition.ByMessageIdAsync(
                folder, [.. summaries.Values.Select(s => new ListedMail(s.UniqueId.Id, MessageIds.In(s.Envelope?.MessageId).FirstOrDefault() ?? "", s.InternalDate!.Value))], cancellationToken);
            await flags.ApplyAsync(
                folder, found.ToDictionary(uid => uid, uid => FlagSync.FlagsOf(summaries[uid].Flags!.Value)), cancellationToken);
            known.UnionWith(found);
        }

        return [.. missing.Where(uid => !known.Contains(uid))];
    }
}
