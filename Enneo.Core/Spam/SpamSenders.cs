using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes.Rules;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>
/// The senders whom people trust or block. An entry of one mailbox is made by whoever may see it; one of all mailboxes
/// by whoever may see all.
/// </summary>
public sealed class SpamSenders(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, TimeProvider clock)
{
    private const int Longest = 254; // RFC 5321, section 4.5.3.1.3, less the brackets

    /// <returns>Entries of all mailboxes first, then in order of the alphabet.</returns>
    public async Task<IReadOnlyList<SpamSender>> ListAsync(Reach reach, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var entries = await db.SpamSenders.AsNoTracking().OrderBy(s => s.MailboxId != null).ThenBy(s => s.Sender).ToListAsync(cancellationToken);
        return [.. entries.Where(entry => entry.MailboxId is { } mailboxId ? reach.Covers(mailboxId) : reach.IsAll)];
    }

    /// <returns>Whether exactly this sender is trusted in one mailbox; null where nothing is said.</returns>
    public async Task<bool?> FindAsync(Reach reach, string sender, long mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var normal = Normal(sender);
        return reach.Covers(mailboxId)
            ? await db.SpamSenders.Where(s => s.Sender == normal && s.MailboxId == mailboxId).Select(s => (bool?)s.IsTrusted).SingleOrDefaultAsync(cancellationToken)
            : null;
    }

    /// <returns>The domains of all our mailboxes, in lower case.</returns>
    public async Task<IReadOnlySet<string>> OwnDomainsAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await OwnSenders.DomainsAsync(db, cancellationToken);
    }

    /// <returns>Why a sender cannot be trusted or blocked; null where it can.</returns>
    public async Task<SenderProblem?> FindProblemAsync(string sender, bool isTrusted, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await FindProblemAsync(db, Normal(sender), isTrusted, cancellationToken);
    }

    /// <param name="sender">An address, or a domain with all that is below it.</param>
    /// <returns>Whether it is one, in reach, and no <see cref="SenderProblem"/>.</returns>
    public Task<bool> SetAsync(string sender, long? mailboxId, bool isTrusted, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var normal = Normal(sender);
        return lane.RunAsync(
            async (db, token) =>
            {
                if (await FindProblemAsync(db, normal, isTrusted, token) is not null || !await ReachesAsync(db, mailboxId, actor, token))
                {
                    return false;
                }

                var entry = await db.SpamSenders.SingleOrDefaultAsync(s => s.Sender == normal && s.MailboxId == mailboxId, token);
                if (entry?.IsTrusted == isTrusted)
                {
                    return true;
                }

                var before = entry?.IsTrusted;
                if (entry is null)
                {
                    db.SpamSenders.Add(new SpamSender { Sender = normal, MailboxId = mailboxId, IsTrusted = isTrusted, CreatedAt = clock.GetUtcNow(), CreatedBy = actor.UserId });
                }
                else
                {
                    entry.IsTrusted = isTrusted;
                }

                await RecordAsync(db, normal, mailboxId, before, isTrusted, actor, origin, token);
                return true;
            },
            cancellationToken);
    }

    /// <returns>Whether there was such an entry in reach.</returns>
    public Task<bool> RemoveAsync(long id, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            if (await db.SpamSenders.SingleOrDefaultAsync(s => s.Id == id, token) is not { } entry || !await ReachesAsync(db, entry.MailboxId, actor, token))
            {
                return false;
            }

            db.SpamSenders.Remove(entry);
            await RecordAsync(db, entry.Sender, entry.MailboxId, entry.IsTrusted, null, actor, origin, token);
            return true;
        },
        cancellationToken);

    /// <param name="sender">An address, or a domain with all that is below it.</param>
    /// <returns>The tickets of a sender that lie in spam and that nobody has decided about, in one mailbox; without those that only bear its name (DMARC): they stay hidden, whoever is trusted.</returns>
    public async Task<IReadOnlyList<long>> HiddenOfAsync(Reach reach, string sender, long mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var tickets = reach.Of(db.Tickets).Where(t => t.MailboxId == mailboxId && t.Place == TicketPlace.Junk && t.SpamStatus != SpamStatus.ManualSpam);
        var domain = sender.Replace("_", "\\_", StringComparison.Ordinal);
        var written = sender.Contains('@', StringComparison.Ordinal)
            ? db.Messages.Where(m => EF.Functions.Collate(m.FromAddress, "NOCASE") == sender)
            : db.Messages.Where(m => EF.Functions.Like(m.FromAddress, "%@" + domain, "\\") || EF.Functions.Like(m.FromAddress, "%." + domain, "\\"));
        return await tickets
            .Where(t => written.Any(m => m.TicketId == t.Id && !db.SpamVerdicts.Any(v => v.MessageId == m.Id && v.Rule == HeaderRule.Dmarc && v.IsSpam == true)))
            .OrderBy(t => t.Id)
            .Select(t => t.Id)
            .ToListAsync(cancellationToken);
    }

    private static string Normal(string sender) => sender.Trim().TrimStart('@').ToLowerInvariant();

    private static async Task<SenderProblem?> FindProblemAsync(EnneoDbContext db, string sender, bool isTrusted, CancellationToken cancellationToken) =>
        !IsSender(sender) ? SenderProblem.NotASender
        : isTrusted ? null
        : await OwnSenders.IsOwnAsync(db, sender, cancellationToken) ? SenderProblem.Own
        : !sender.Contains('@', StringComparison.Ordinal) && SenderDomain.IsShared(sender) ? SenderProblem.SharedDomain
        : null;

    private static bool IsSender(string sender)
    {
        var domain = SenderAddress.DomainOf(sender);
        return sender.Length <= Longest && domain.Contains('.', StringComparison.Ordinal) && !sender.StartsWith('@')
            && sender.Count(letter => letter == '@') <= 1 && !sender.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter))
            && HostSyntax.IsName(domain);
    }

    private static async Task<bool> ReachesAsync(EnneoDbContext db, long? mailboxId, Actor actor, CancellationToken cancellationToken)
    {
        var reach = await Reaches.OfAsync(db, actor, cancellationToken);
        return mailboxId is { } id ? reach.Covers(id) && await db.Mailboxes.AnyAsync(m => m.Id == id, cancellationToken) : reach.IsAll;
    }

    private async Task RecordAsync(EnneoDbContext db, string sender, long? mailboxId, bool? before, bool? after, Actor actor, string origin, CancellationToken cancellationToken)
    {
        db.Activity.Add(ActivityEntry.Of(
            ActivityKind.SpamSenderChanged, actor, origin, clock, mailboxId, changes: [("sender", before is null ? null : sender, after is null ? null : sender), ("trusted", before, after)]));
        await db.SaveChangesAsync(cancellationToken);
    }
}
