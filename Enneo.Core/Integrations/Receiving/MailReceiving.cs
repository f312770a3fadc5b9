using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Storage;
using Enneo.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Receiving;

/// <summary>
/// Takes mail in that another system brings, the way fetched mail goes. A mail that the mailbox has already is that one, however
/// it came. What comes new needs a mailbox without a mail server: elsewhere the server decides what there is.
/// </summary>
public sealed class MailReceiving(IDbContextFactory<EnneoDbContext> dbFactory, MailBringing bringing, KnownMails known, AttachmentFetching fetching, TimeProvider clock)
{
    private readonly Func<EnneoDbContext, long, CancellationToken, Task<Mailbox?>> _mailbox = EF.CompileAsyncQuery(
        (EnneoDbContext db, long mailboxId, CancellationToken cancellationToken) => db.Mailboxes.AsNoTracking().SingleOrDefault(m => m.Id == mailboxId && m.RemovedAt == null));

    /// <returns>The ticket that the actor's system calls so; null if there is none within reach.</returns>
    public async Task<long?> FindTicketAsync(Reach reach, long ownerId, string externalId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await ExternalIds.FindTicketAsync(db, ownerId, externalId, cancellationToken) is { } id
            && await reach.Of(db.Tickets).AnyAsync(t => t.Id == id, cancellationToken) ? id : null;
    }

    /// <summary>Whether it names another Message-ID than its source has.</summary>
    internal async Task<bool> IsContradictoryAsync(NewMail mail, CancellationToken cancellationToken) => mail is { Source: { } source, InternetMessageId: { } named }
        && (await bringing.ReadAsync(source, cancellationToken)).InternetMessageId is { Length: > 0 } own && own != named;

    /// <summary>Looks whether it can be taken in, and if it is new gets its files and keeps its bytes. Nothing names them yet.</summary>
    internal async Task<ReadyMail> PrepareAsync(
        Reach reach, long mailboxId, NewMail mail, IReadOnlyList<WantedFile> wanted, string? externalMessageId, Actor actor, CancellationToken cancellationToken)
    {
        if (mail is { Source: { } said, Parsed: null } && reach.Covers(mailboxId))
        {
            mail = mail with { Parsed = await bringing.ReadAsync(said, cancellationToken) };
        }

        var (mailbox, isKnown) = await LookAsync(reach, mailboxId, mail, externalMessageId, actor, cancellationToken);
        if (mailbox is null)
        {
            return ReadyMail.Refused("subchannelId", IntegrationText.NoSuchMailbox);
        }

        if (isKnown)
        {
            return new ReadyMail(mailbox, null) { Mail = mail };
        }

        if (Refusal(mailbox, mail) is var (field, problem))
        {
            return ReadyMail.Refused(field, problem);
        }

        var files = await fetching.RunAsync(wanted, cancellationToken); // of a mail that is here they may be gone
        if (files.Errors.Count > 0)
        {
            return ReadyMail.Refused(files.Errors);
        }

        mail = mail with { Files = files.Files };
        var at = mail.At ?? clock.GetUtcNow();
        var (source, parsed) = await bringing.KeepAsync(mail.Source ?? NewMailComposing.Compose(mail, mailbox.Address, at), mail.Parsed, cancellationToken);
        return new ReadyMail(mailbox, new KeptMail(source, parsed, at)) { Mail = mail };
    }

    /// <summary>Its context is given back before files are fetched and bytes are kept, for which others wait as long.</summary>
    /// <returns>The mailbox, null where there is none; and whether it has the mail.</returns>
    private async Task<(Mailbox? Mailbox, bool IsKnown)> LookAsync(
        Reach reach, long mailboxId, NewMail mail, string? externalMessageId, Actor actor, CancellationToken cancellationToken)
    {
        if (!reach.Covers(mailboxId))
        {
            return (null, false);
        }

        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var mailbox = await _mailbox(db, mailboxId, cancellationToken);
        return (mailbox, mailbox is not null && await known.FindAsync(db, mailboxId, mail, actor, externalMessageId, cancellationToken) is not null);
    }

    private static (string Field, string Problem)? Refusal(Mailbox mailbox, NewMail mail) =>
        mailbox.Method is not MailboxMethod.Api ? ("subchannelId", IntegrationText.MailboxHasServer)
        : !mailbox.Enabled ? ("subchannelId", IntegrationText.MailboxPaused)
        : mail is { Source: null, From: null } ? ("from", IntegrationText.FromMissing)
        : null;
}

/// <summary>A mail that can be taken in; where it came as its source, with what was read of that.</summary>
/// <param name="Mailbox">Null only where it was refused.</param>
/// <param name="Kept">Null for one that the mailbox has already.</param>
internal sealed record ReadyMail(Mailbox? Mailbox, KeptMail? Kept)
{
    /// <summary>Why it cannot, by what of the request was wrong; empty where it can.</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; private init; } = new Dictionary<string, string[]>();

    /// <summary>Null only where it was refused.</summary>
    public NewMail? Mail { get; init; }

    public static ReadyMail Refused(string field, string problem) => Refused(new Dictionary<string, string[]> { [field] = [problem] });

    public static ReadyMail Refused(IReadOnlyDictionary<string, string[]> errors) => new(null, null) { Errors = errors };
}

/// <summary>A mail whose bytes are safe, and that is in no ticket yet.</summary>
internal sealed record KeptMail(StoredSource Source, ParsedMessage Parsed, DateTimeOffset At);
