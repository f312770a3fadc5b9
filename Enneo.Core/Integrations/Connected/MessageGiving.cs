using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Sending;

namespace Enneo.Core.Integrations.Connected;

/// <param name="Any">Something was given.</param>
/// <param name="Again">When a mail can no longer be taken back, and is to be looked at again.</param>
internal sealed record GivingEnd(bool Any, DateTimeOffset? Again);

/// <summary>Gives messages to the other system that only we have.</summary>
internal sealed class MessageGiving(Reaches reaches, TicketReading reading, MessageReader reader, TicketLinks links, SyncedMessages records, OpeningAttempts attempts, Outbox outbox, MailHtml mailHtml)
{
    public async Task<GivingEnd> RunAsync(
        ActingIntegration acting, IOtherSystem system, OtherCalls calls, OurTicket ours, string externalId, StuckMessages stuck, CancellationToken cancellationToken)
    {
        await ReportAsync(acting, ours, cancellationToken);
        var any = false;
        var there = ours.Messages.Where(message => message.ExternalIds.Count > 0).ToList();
        foreach (var message in ours.Messages.Where(message => message.ExternalIds.Count == 0 && IsReady(acting, system, message)))
        {
            var name = acting.Integration.NameOfMessage(message.Row.Id);
            if (stuck.Contains(name))
            {
                continue;
            }

            var twins = MessageIdOf(message) is { } messageId ? there.FindAll(known => MessageIdOf(known) == messageId) : [];
            if (twins.Exists(twin => MailCopies.Are(MailCopy.Of(twin.Row), MailCopy.Of(message.Row))))
            {
                continue; // a mail that came twice, as copies that differ, is one mail there
            }

            there.Add(message);
            var begun = system.KnowsNames ? null : await attempts.BeginAsync(acting, name, cancellationToken);
            if (begun is { } at && attempts.SeenFrom(at) is { } later)
            {
                return new GivingEnd(any, later); // what comes after it does not overtake it
            }

            if (begun is not null)
            {
                await attempts.RenewAsync(acting, name, cancellationToken);
            }

            try
            {
                var given = await GivenAsync(acting, ours, message, cancellationToken);
                given = twins.Count == 0 ? given : given with { InternetMessageId = null }; // else it would be taken for the other one
                any |= await AddAsync(acting, system, calls, externalId, message, given, mayBeThere: begun is not null, cancellationToken);
            }
            catch (OtherSystemException refused) when (refused.IsOfMessage || refused.IsUncertain)
            {
                stuck.AddOurs(name, message.Row, refused.Message);
            }
        }

        foreach (var message in ours.Messages.Where(message => message.ExternalIds.Count == 0 && IsInDoubt(acting, system, message)))
        {
            stuck.AddOurs(acting.Integration.NameOfMessage(message.Row.Id), message.Row, ConnectedText.EndUnknown);
        }

        return new GivingEnd(any, AgainOf(acting, ours));
    }

    /// <param name="mayBeThere">It was given before, and nobody knows how that ended; it was looked for, and not found.</param>
    /// <returns>Whether it is there now.</returns>
    private async Task<bool> AddAsync(
        ActingIntegration acting, IOtherSystem system, OtherCalls calls, string externalId, OurMessage message, GivenMessage given, bool mayBeThere, CancellationToken cancellationToken)
    {
        var id = await TryAsync(
            acting, given.Name, message, isOpening: false,
            () => mayBeThere && given.IsToBeMailed ? throw OtherSystemException.Uncertain() : system.AddAsync(calls, externalId, given, cancellationToken), cancellationToken);
        if (id is not null)
        {
            await links.LinkMessageAsync(acting, message.Row.Id, id, records.Given(acting, externalId, id, message.Row, given), cancellationToken);
        }

        return id is not null;
    }

    /// <summary>Opens a ticket there: with what the customer wrote first, or with our mail to them where the other system mails it.</summary>
    /// <returns>What it is called there, null where there is nothing to open it with yet; and when to look again.</returns>
    public async Task<(string? TicketId, DateTimeOffset? Again)> OpenAsync(ActingIntegration acting, IOtherSystem system, OtherCalls calls, OurTicket ours, CancellationToken cancellationToken)
    {
        var first = ours.Messages.FirstOrDefault(message => message is { Row.Direction: not MessageDirection.Internal, ExternalIds.Count: 0 });
        if (first?.Row.Direction is MessageDirection.Out && !IsCarriedThere(acting, first))
        {
            first = ours.Messages.FirstOrDefault(message => message is { Row.Direction: MessageDirection.In, ExternalIds.Count: 0 });
        }

        return first is null || !IsReady(acting, system, first) ? (null, AgainOf(acting, ours)) : await OpenAsync(acting, system, calls, ours, first, cancellationToken);
    }

    private async Task<(string? TicketId, DateTimeOffset? Again)> OpenAsync(
        ActingIntegration acting, IOtherSystem system, OtherCalls calls, OurTicket ours, OurMessage first, CancellationToken cancellationToken)
    {
        var name = acting.Integration.NameOfTicket(ours.Id);
        var begun = system.KnowsNames ? null : await attempts.BeginAsync(acting, name, cancellationToken);
        if (begun is { } at && attempts.SeenFrom(at) is { } later)
        {
            return (null, later);
        }

        var given = await GivenAsync(acting, ours, first, cancellationToken);
        (string TicketId, string? MessageId) opened = ("", null);
        try
        {
            if (await TryAsync(acting, name, first, isOpening: true, async () => (opened = await system.OpenAsync(calls, name, given, begun, cancellationToken)).TicketId, cancellationToken) is null)
            {
                return (null, AgainOf(acting, ours));
            }
        }
        catch (OtherSystemException exception) when (exception.IsUncertain)
        {
            return (null, null); // its author has been asked
        }

        var (ticketId, messageId) = opened;
        await links.LinkAsync(acting, ours.Id, ticketId, cancellationToken);
        if (messageId is not null)
        {
            await links.LinkMessageAsync(acting, first.Row.Id, messageId, records.Given(acting, ticketId, messageId, first.Row, given), cancellationToken);
        }

        await attempts.EndAsync(acting, name, cancellationToken);
        return (ticketId, null);
    }

    /// <returns>When a ticket that cannot be opened there yet can; null for not before something happens.</returns>
    private static DateTimeOffset? AgainOf(ActingIntegration acting, OurTicket ours) => acting.Integration.Owner is SendingOwner.There
        ? ours.Messages.Where(message => message is { Delivery: DeliveryState.Queued, ExternalIds.Count: 0 }).Min(message => message.LeavesAt)
        : null;

    /// <summary>Mail that the other system is to send is given once it cannot be taken back; mail of ours, once it has left.</summary>
    private static bool IsReady(ActingIntegration acting, IOtherSystem system, OurMessage message) => acting.Gives(SyncedField.Conversations) && message.Delivery switch
    {
        null or DeliveryState.Sent => true,
        DeliveryState.Sending => acting.Integration.Owner is SendingOwner.There,
        DeliveryState.Uncertain => acting.Integration.Owner is SendingOwner.There && !IsInDoubt(acting, system, message),
        _ => false,
    };

    /// <summary>It may have been mailed there, and a system that knows no names of ours would mail it twice: a person says first how it ended.</summary>
    private static bool IsInDoubt(ActingIntegration acting, IOtherSystem system, OurMessage message) =>
        message.Delivery is DeliveryState.Uncertain && acting.Integration.Owner is SendingOwner.There && !system.KnowsNames;

    private static bool IsCarriedThere(ActingIntegration acting, OurMessage message) =>
        acting.Integration.Owner is SendingOwner.There && message.Delivery is DeliveryState.Queued or DeliveryState.Sending or DeliveryState.Uncertain;

    /// <summary>What the other system has taken is on its way; also where we did not get to note it the first time.</summary>
    private async Task ReportAsync(ActingIntegration acting, OurTicket ours, CancellationToken cancellationToken)
    {
        foreach (var message in ours.Messages.Where(message => message.ExternalIds.Count > 0 && IsCarriedThere(acting, message)))
        {
            await outbox.ReportAsync(message.Row.Id, isSent: true, null, acting.Actor, acting.Origin, cancellationToken);
        }
    }

    /// <param name="name">Of the attempt.</param>
    /// <returns>Null where the other system does not send it, which its author is told.</returns>
    private async Task<string?> TryAsync(ActingIntegration acting, string name, OurMessage message, bool isOpening, Func<Task<string>> add, CancellationToken cancellationToken)
    {
        try
        {
            return await add();
        }
        catch (OtherSystemException refused) when (refused.IsOfMessage && IsCarriedThere(acting, message))
        {
            await attempts.EndAsync(acting, name, cancellationToken);
            await outbox.ReportAsync(message.Row.Id, isSent: false, refused.Message, acting.Actor, acting.Origin, cancellationToken);
            return null;
        }
        catch (OtherSystemException exception)
        {
            if (exception.IsUncertain)
            {
                await outbox.DoubtAsync(message.Row.Id, exception.Message, acting.Actor, acting.Origin, cancellationToken);
            }

            if (exception.IsUncertain || exception.IsNotDone)
            {
                await attempts.EndAsync(acting, name, cancellationToken);
            }
            else if (!isOpening)
            {
                await attempts.RenewAsync(acting, name, cancellationToken); // it may be written only now
            }

            throw;
        }
    }

    /// <returns>What a message says, as it is given to be kept.</returns>
    public async Task<(string Text, bool IsHtml)> TextOfAsync(ActingIntegration acting, Message row, CancellationToken cancellationToken) =>
        GivenText.Of(await reading.FindMessageAsync(await reaches.FindAsync(acting.Actor, cancellationToken), row.TicketId, row.Id, acting.OwnerId, (_, _, _) => "", cancellationToken), isToBeMailed: false);

    /// <returns>Its words alone.</returns>
    public async Task<string> PlainAsync(ActingIntegration acting, Message row, CancellationToken cancellationToken)
    {
        var (text, isHtml) = await TextOfAsync(acting, row, cancellationToken);
        return MessageWords.PlainOf(mailHtml, text, isHtml);
    }

    /// <returns>By what the files of a message are known again, pictures within its text among them.</returns>
    public async Task<IReadOnlyList<FileMark>> MarksAsync(ActingIntegration acting, Message row, CancellationToken cancellationToken)
    {
        var reach = await reaches.FindAsync(acting.Actor, cancellationToken);
        var read = await reading.FindMessageAsync(reach, row.TicketId, row.Id, acting.OwnerId, (_, _, _) => "", cancellationToken);
        return [.. (read?.Parts ?? []).Select(FileMark.Of)];
    }

    /// <returns>The files of a message, pictures within its text among them.</returns>
    public async Task<IReadOnlyList<GivenFile>> FilesAsync(ActingIntegration acting, Message row, CancellationToken cancellationToken)
    {
        var reach = await reaches.FindAsync(acting.Actor, cancellationToken);
        return await FilesAsync(reach, await reading.FindMessageAsync(reach, row.TicketId, row.Id, acting.OwnerId, (_, _, _) => "", cancellationToken), cancellationToken);
    }

    private async Task<IReadOnlyList<GivenFile>> FilesAsync(Reach reach, ConversationMessage? read, CancellationToken cancellationToken)
    {
        List<GivenFile> files = [];
        foreach (var part in read?.Parts ?? [])
        {
            if (await reader.FindPartAsync(reach, read!.Id, part.Index, cancellationToken) is { } content)
            {
                files.Add(new GivenFile(content.Name, content.ContentType, content.Bytes));
            }
        }

        return files;
    }

    private async Task<GivenMessage> GivenAsync(ActingIntegration acting, OurTicket ours, OurMessage message, CancellationToken cancellationToken)
    {
        var row = message.Row;
        var reach = await reaches.FindAsync(acting.Actor, cancellationToken);
        var read = await reading.FindMessageAsync(reach, row.TicketId, row.Id, acting.OwnerId, (_, _, _) => "", cancellationToken);
        var files = await FilesAsync(reach, read, cancellationToken);
        var isToBeMailed = message.ExternalIds.Count == 0 && IsCarriedThere(acting, message);
        var (text, isHtml) = GivenText.Of(read, isToBeMailed);
        return new GivenMessage(acting.Integration.NameOfMessage(row.Id), KindOf(row.Direction))
        {
            IsToBeMailed = isToBeMailed,
            IsHidden = row.Direction is MessageDirection.Out && !isToBeMailed && acting.Integration.MailsPublicComments,
            From = new MailAddress(row.FromName, row.FromAddress),
            To = row.To,
            Cc = row.Cc,
            Bcc = row.Bcc,
            Subject = row.Subject.Length > 0 ? row.Subject : ours.Subject,
            Text = text.Length > 0 ? text : " ",
            IsHtml = isHtml,
            At = row.ReceivedAt,
            InternetMessageId = MessageIdOf(message),
            Files = files,
        };
    }

    /// <returns>Null for notes, and for mail that has none.</returns>
    private static string? MessageIdOf(OurMessage message) =>
        message.Row is { Direction: not MessageDirection.Internal, InternetMessageId: { Length: > 0 } messageId } ? messageId : null;

    private static OtherMessageKind KindOf(MessageDirection direction) => direction switch
    {
        MessageDirection.In => OtherMessageKind.In,
        MessageDirection.Out => OtherMessageKind.Out,
        _ => OtherMessageKind.Note,
    };
}
