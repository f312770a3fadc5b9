using System.Globalization;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Integrations.Conversations;
using Enneo.Core.Integrations.Receiving;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Integrations.Connected;

/// <summary>Brings messages over that only the other system has.</summary>
internal sealed class MessageTaking(
    IDbContextFactory<EnneoDbContext> dbFactory, Reaches reaches, TicketLinks links, TicketCreation creation, MessageStoring storing, MessageReplying replying, MailHtml mailHtml, IOptions<SendingOptions> options)
{
    /// <returns>Whether any came.</returns>
    public async Task<bool> RunAsync(ActingIntegration acting, OtherCalls calls, OurTicket ours, OtherTicket theirs, StuckMessages stuck, CancellationToken cancellationToken)
    {
        var known = await KnownAsync(acting, theirs, cancellationToken);
        var any = false;
        foreach (var message in theirs.Messages.Where(message => !message.IsDeleted && !known.Contains(message.Id) && !stuck.Contains(message.Id)))
        {
            if (acting.Integration.MessageOf(message.OurName) is { } id)
            {
                if (!ours.Messages.Any(mine => mine.Row.Id == id))
                {
                    continue; // it was ours, and is gone here, or in another ticket: it does not come back as theirs
                }

                await links.LinkMessageAsync(acting, id, message.Id, agreed: null, cancellationToken);
            }
            else if (!acting.Integration.Named(message.OurName) && acting.Takes(SyncedField.Conversations))
            {
                if (!await TryTakeAsync(acting, calls, ours, theirs.Id, message, stuck, cancellationToken))
                {
                    continue;
                }
            }
            else
            {
                continue;
            }

            any = true;
        }

        return any;
    }

    /// <returns>Whether it came; else it is noted why not.</returns>
    private async Task<bool> TryTakeAsync(
        ActingIntegration acting, OtherCalls calls, OurTicket ours, string theirTicketId, OtherMessage message, StuckMessages stuck, CancellationToken cancellationToken)
    {
        try
        {
            var left = await TakeAsync(acting, calls, ours.Id, Apart(ours, message), cancellationToken);
            await links.TookAsync(acting, theirTicketId, message, left, cancellationToken);
            return true;
        }
        catch (OtherSystemException refused) when (refused.IsOfMessage)
        {
            stuck.AddTheirs(message, refused.Message);
            return false;
        }
    }

    /// <returns>Without its Message-ID, where ours that has the same is another mail, and known there as such.</returns>
    private OtherMessage Apart(OurTicket ours, OtherMessage message)
    {
        var same = ours.Messages.Where(mine => message.InternetMessageId is { Length: > 0 } id && mine.Row.Direction is not MessageDirection.Internal && mine.Row.InternetMessageId == id).ToList();
        MailCopy their = new(message.From.Address, same.Count == 0 ? "" : MessageWords.PlainOf(mailHtml, message.Text, message.IsHtml), message.Subject, SentAt: null);
        return same.Count == 0 || same.Exists(mine => mine.ExternalIds.Count == 0 || MailCopies.Are(MailCopy.Of(mine.Row), their))
            ? message
            : message with { InternetMessageId = null };
    }

    /// <summary>Opens a ticket here for one of theirs, with the first of its messages whose files can be had. Notes alone open none.</summary>
    /// <returns>Null where there is nothing to open it with.</returns>
    /// <exception cref="OtherSystemException">It cannot be opened here.</exception>
    public async Task<long?> OpenAsync(ActingIntegration acting, OtherCalls calls, OtherTicket theirs, CancellationToken cancellationToken)
    {
        OtherSystemException? stuck = null;
        foreach (var message in theirs.Messages.Where(message => acting.Takes(SyncedField.Conversations) && message is { Kind: not OtherMessageKind.Note, IsDeleted: false }))
        {
            try
            {
                return await OpenAsync(acting, theirs, message, await FilesAsync(calls, message, cancellationToken), cancellationToken);
            }
            catch (OtherSystemException refused) when (refused.IsOfMessage)
            {
                stuck ??= refused;
            }
        }

        return stuck is null ? null : throw stuck;
    }

    private async Task<long?> OpenAsync(ActingIntegration acting, OtherTicket theirs, OtherMessage first, IReadOnlyList<WantedFile> files, CancellationToken cancellationToken)
    {
        var reach = await reaches.FindAsync(acting.Actor, cancellationToken);
        TicketWish wish = new(acting.Integration.MailboxId, files)
        {
            ExternalTicketId = theirs.Id,
            ExternalMessageId = first.Id,
            Incoming = fetched => MailOf(first, fetched) with
            {
                Subject = theirs.Subject,
                IsSent = first.Kind is OtherMessageKind.Out,
                To = first is { Kind: OtherMessageKind.Out, To.Count: 0 } && theirs.Customer is { } customer ? [customer] : first.To,
            },
            Patch = (id, _) => new(id),
        };
        var created = await creation.RunAsync(reach, wish, acting.Actor, acting.Origin, cancellationToken);
        if (created.Errors.Count > 0)
        {
            throw new OtherSystemException(422, WordsOf(created.Errors), null);
        }

        if (LeftOf(first) is { } left)
        {
            await links.TookAsync(acting, theirs.Id, first, left, cancellationToken);
        }

        return created.TicketId;
    }

    /// <returns>What of it did not come, in words; null where all did.</returns>
    private async Task<string?> TakeAsync(ActingIntegration acting, OtherCalls calls, long ticketId, OtherMessage message, CancellationToken cancellationToken)
    {
        var reach = await reaches.FindAsync(acting.Actor, cancellationToken);
        var files = await FilesAsync(calls, message, cancellationToken);
        if (IsToBeMailedHere(acting, message))
        {
            await MailAsync(reach, acting, ticketId, message, files, cancellationToken);
            return LeftOf(message);
        }

        var kind = message.Kind switch { OtherMessageKind.In => StoredKind.In, OtherMessageKind.Out => StoredKind.Out, _ => StoredKind.Note };
        MessageWish wish = new(kind, files, fetched => MailOf(message, fetched)) { ExternalId = message.Id };
        var stored = await storing.RunAsync(reach, ticketId, wish, acting.Actor, acting.Origin, cancellationToken);
        if (stored.Errors.Count > 0)
        {
            throw new OtherSystemException(422, WordsOf(stored.Errors), null);
        }

        StopIf(stored.Taken is null);
        return stored.Taken!.IsNew ? LeftOf(message) : null;
    }

    /// <summary>To whom it is addressed there, but never to the mailbox itself; to whoever wrote, where it does not say.</summary>
    private async Task MailAsync(Reach reach, ActingIntegration acting, long ticketId, OtherMessage message, IReadOnlyList<WantedFile> files, CancellationToken cancellationToken)
    {
        var own = await OwnAddressesAsync(acting, cancellationToken);
        var (to, cc) = (message.To.Where(IsElsewhere).ToList(), message.Cc.Where(IsElsewhere).ToList());
        ProgramMail mail = new(message.IsHtml ? message.Text : mailHtml.FromText(message.Text))
        {
            To = to.Count == 0 ? null : to,
            Cc = cc.Count == 0 ? null : cc,
            Files = [.. files.Select(file => new ProgramFile(file.Name!, file.ContentType!, file.Bytes!))],
        };
        var sent = await replying.RunAsync(reach, ticketId, mail, message.Id, acting.Actor, cancellationToken);
        if (sent.Problem is { } problem)
        {
            throw new OtherSystemException(422, problem, null);
        }

        StopIf(sent.IsMissing);

        bool IsElsewhere(MailAddress person) => !own.Contains(person.Address.ToLowerInvariant());
    }

    /// <exception cref="OtherSystemException">The ticket was merged or deleted in this moment: it is tried again, and nothing is taken for done.</exception>
    private static void StopIf(bool isMissing)
    {
        if (isMissing)
        {
            throw new OtherSystemException(503, IntegrationText.ChangedMeanwhile, null);
        }
    }

    private async Task<IReadOnlySet<string>> OwnAddressesAsync(ActingIntegration acting, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return (await db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == acting.Integration.MailboxId, cancellationToken)).OwnAddresses.ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Mail goes out from one side only: what the other one has mailed, or was written before we knew each other, is kept here and no more.</summary>
    private static bool IsToBeMailedHere(ActingIntegration acting, OtherMessage message) =>
        acting.Integration is { Owner: SendingOwner.Here, MailsPublicComments: false } && message is { Kind: OtherMessageKind.Out, WasMailed: false } && message.At > acting.Integration.CreatedAt;

    private async Task<HashSet<string>> KnownAsync(ActingIntegration acting, OtherTicket theirs, CancellationToken cancellationToken)
    {
        var ids = theirs.Messages.Select(message => message.Id).ToList();
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var known = await db.Set<ExternalMessage>().Where(e => e.OwnerId == acting.OwnerId && ids.Contains(e.ExternalId)).Select(e => e.ExternalId).ToHashSetAsync(cancellationToken);
        known.UnionWith(await db.Set<TakenMessage>().Where(t => t.IntegrationId == acting.Integration.Id && ids.Contains(t.ExternalId)).Select(t => t.ExternalId).ToListAsync(cancellationToken));
        return known;
    }

    /// <returns>As many as a message takes.</returns>
    /// <exception cref="FilesRefusedException">One cannot be had, or all are too large together: then none is fetched where their sizes are told.</exception>
    private async Task<IReadOnlyList<WantedFile>> FilesAsync(OtherCalls calls, OtherMessage message, CancellationToken cancellationToken)
    {
        List<WantedFile> files = [];
        var taken = message.Files.Take(AttachmentFetching.MaxFiles).ToList();
        CheckSize(taken.Sum(file => file.Size ?? 0));
        var size = 0L;
        foreach (var file in taken)
        {
            var bytes = await FileAsync(calls, file, cancellationToken);
            CheckSize(size += bytes.Length);
            files.Add(new WantedFile(file.Name, null, null, file.ContentType) { Bytes = bytes });
        }

        return files;
    }

    private static async Task<byte[]> FileAsync(OtherCalls calls, OtherFile file, CancellationToken cancellationToken)
    {
        try
        {
            return await calls.FileAsync(file.Address, cancellationToken);
        }
        catch (OtherSystemException refused) when (refused.IsFileRefusal)
        {
            throw new FilesRefusedException(string.Format(CultureInfo.CurrentCulture, ConnectedText.FileNotTaken, file.Name, refused.Message));
        }
    }

    private void CheckSize(long size)
    {
        if (size > options.Value.MaxAttachmentBytes)
        {
            throw new FilesRefusedException(new AttachmentTooLargeException(options.Value.MaxAttachmentBytes).Message);
        }
    }

    /// <returns>Which files of a mail did not come, in words; null where all did. What a note has more follows it.</returns>
    private static string? LeftOf(OtherMessage message) => message is { Kind: not OtherMessageKind.Note, Files.Count: > AttachmentFetching.MaxFiles }
        ? string.Format(CultureInfo.CurrentCulture, ConnectedText.FilesLeft, message.From.Address, AttachmentFetching.MaxFiles, string.Join(", ", message.Files.Skip(AttachmentFetching.MaxFiles).Select(file => file.Name)))
        : null;

    private static NewMail MailOf(OtherMessage message, IReadOnlyList<ProgramFile> files) => new()
    {
        From = MailSyntax.IsAddress(message.From.Address) ? message.From : null,
        To = message.To,
        Cc = message.Cc,
        Text = message.Text,
        IsHtml = message.IsHtml,
        At = message.At,
        InternetMessageId = message.Kind is OtherMessageKind.Note || !MailSyntax.IsMessageId(message.InternetMessageId) ? null : MailSyntax.Bare(message.InternetMessageId),
        Files = files,
    };

    private static string WordsOf(IReadOnlyDictionary<string, string[]> errors) => string.Join(' ', errors.Select(error => $"{error.Key}: {string.Join(' ', error.Value)}"));
}

/// <summary>A message cannot come with its files.</summary>
internal sealed class FilesRefusedException(string words) : OtherSystemException(422, words, null);
