using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Integrations.Connected;
using Enneo.Core.Integrations.Conversations;
using Enneo.Core.Integrations.Facts;
using Enneo.Core.Integrations.Patching;
using Enneo.Core.Integrations.Receiving;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Hooks;

/// <summary>Does what a call says, by what the API for programs does it too: the same rules of mail, spam and access hold.</summary>
public sealed class HookWork(
    IDbContextFactory<EnneoDbContext> dbFactory, Reaches reaches, MailReceiving receiving, TicketCreation creation, TicketPatching patching, MessageStoring storing, TicketTagging tagging, TicketNotices notices)
{
    private const int Unprocessable = 422;

    /// <param name="messageKey">By which a repetition is known; a mail that comes without a name of its own is named so, and comes in once.</param>
    internal async Task<HookAnswer> RunAsync(IncomingHook hook, Actor actor, HookPayload payload, string? messageKey, CancellationToken cancellationToken)
    {
        var input = HookInput.Of(hook);
        var said = HookMapping.Of(input, payload);
        if (!said.IsWanted)
        {
            return HookAnswer.Done(HookOutcome.Ignored);
        }

        if (hook.Action is HookAction.Read)
        {
            return HookAnswer.Done(said[HookFields.ExternalTicket] is { } name && await notices.NoteAsync(hook.Id, name, cancellationToken) ? HookOutcome.Done : HookOutcome.Ignored);
        }

        if (said.Errors.Count > 0)
        {
            return HookAnswer.Refused(Unprocessable, said.Errors);
        }

        var (tagIds, unknown) = await TagsAsync(said.Tags, cancellationToken);
        if (unknown is not null)
        {
            return Refused(HookFields.Tags, string.Format(CultureInfo.CurrentCulture, HookText.NoSuchTag, unknown));
        }

        var reach = (await reaches.FindAsync(actor, cancellationToken)).Within([hook.MailboxId]);
        HookTask task = new(hook, actor, reach, said, payload, messageKey is null ? null : string.Create(CultureInfo.InvariantCulture, $"hook-{hook.Id}-{messageKey}"));
        var answer = hook.Action is HookAction.Upsert ? await UpsertAsync(task, cancellationToken) : await OfTicketAsync(task, cancellationToken);
        if (answer.TicketId is { } ticketId)
        {
            foreach (var tagId in hook.TagIds.Union(tagIds))
            {
                await tagging.GiveAsync([ticketId], tagId, actor, hook.Origin, cancellationToken);
            }
        }

        return answer;
    }

    private async Task<HookAnswer> UpsertAsync(HookTask task, CancellationToken cancellationToken)
    {
        TicketWish wish = new(task.Hook.MailboxId, [])
        {
            ExternalTicketId = task.Said[HookFields.ExternalTicket],
            ExternalMessageId = task.Said[HookFields.ExternalConversation] ?? task.Name,
            Incoming = _ => task.Mail(),
            Patch = (id, isNew) => task.Patch(id) with { Subject = isNew ? null : task.Said[HookFields.Subject] },
        };
        var created = await creation.RunAsync(task.Reach, wish, task.Actor, task.Hook.Origin, cancellationToken);
        return created.Errors.Count > 0 ? HookAnswer.Refused(Unprocessable, created.Errors) : HookAnswer.Done(HookOutcome.Done, created.TicketId, created.MessageId);
    }

    private async Task<HookAnswer> OfTicketAsync(HookTask task, CancellationToken cancellationToken)
    {
        if (await FindTicketAsync(task, cancellationToken) is not { } ticketId)
        {
            return Refused(task.Said[HookFields.Ticket] is null ? HookFields.ExternalTicket : HookFields.Ticket, HookText.NoSuchTicket);
        }

        return task.Hook.Action switch
        {
            HookAction.Store => await StoreAsync(task, ticketId, cancellationToken),
            HookAction.Tag => HookAnswer.Done(HookOutcome.Done, ticketId),
            HookAction.Close => await PatchAsync(task, new TicketPatch(ticketId) { Status = TicketStatus.Closed }, cancellationToken),
            _ => await PatchAsync(task, task.Patch(ticketId) with { Subject = task.Said[HookFields.Subject] }, cancellationToken),
        };
    }

    private async Task<HookAnswer> StoreAsync(HookTask task, long ticketId, CancellationToken cancellationToken)
    {
        MessageWish wish = new(task.Hook.Kind, [], _ => task.Mail()) { ExternalId = task.Said[HookFields.ExternalConversation] ?? task.Name };
        var stored = await storing.RunAsync(task.Reach, ticketId, wish, task.Actor, task.Hook.Origin, cancellationToken);
        return stored.Errors.Count > 0 ? HookAnswer.Refused(Unprocessable, stored.Errors)
            : stored.Taken is { } taken ? HookAnswer.Done(HookOutcome.Done, taken.TicketId, taken.MessageId)
            : Refused(HookFields.Ticket, HookText.NoSuchTicket);
    }

    private async Task<HookAnswer> PatchAsync(HookTask task, TicketPatch patch, CancellationToken cancellationToken)
    {
        var result = await patching.RunAsync([patch], task.Actor, task.Hook.Origin, cancellationToken);
        return result.Errors.Count > 0 ? HookAnswer.Refused(Unprocessable, result.Errors)
            : result.Outcomes is [PatchOutcome.Done] ? HookAnswer.Done(HookOutcome.Done, patch.TicketId)
            : Refused(HookFields.Ticket, HookText.NoSuchTicket);
    }

    /// <summary>By our number, or as its system calls it; one that was merged is the one that is left.</summary>
    private async Task<long?> FindTicketAsync(HookTask task, CancellationToken cancellationToken)
    {
        if (task.Said[HookFields.Ticket] is not { } number)
        {
            return await receiving.FindTicketAsync(task.Reach, task.Actor.UserId!.Value, task.Said[HookFields.ExternalTicket]!, cancellationToken);
        }

        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var asked = long.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture);
        var id = await db.TicketMerges.Where(m => m.TicketId == asked).Select(m => (long?)m.IntoId).SingleOrDefaultAsync(cancellationToken) ?? asked;
        return await task.Reach.Of(db.Tickets).AnyAsync(t => t.Id == id, cancellationToken) ? id : null;
    }

    private async Task<(IReadOnlyList<long> Ids, string? Unknown)> TagsAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        if (names.Count == 0)
        {
            return ([], null);
        }

        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var tags = await db.Tags.Select(t => new { t.Id, t.Name }).ToListAsync(cancellationToken);
        var known = names.Select(name => (Name: name, Tag: tags.FirstOrDefault(tag => tag.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))).ToList();
        return ([.. known.Where(pair => pair.Tag is not null).Select(pair => pair.Tag!.Id)], known.FirstOrDefault(pair => pair.Tag is null).Name);
    }

    private static HookAnswer Refused(string field, string problem) => HookAnswer.Refused(Unprocessable, new Dictionary<string, string[]> { [field] = [problem] });
}

/// <summary>A call that is to be done.</summary>
/// <param name="Name">Of the mail that it brings, where its sender names none.</param>
internal sealed record HookTask(IncomingHook Hook, Actor Actor, Reach Reach, HookMapping Said, HookPayload Payload, string? Name)
{
    public NewMail Mail() => new()
    {
        From = Said.From(),
        Subject = Said[HookFields.Subject] ?? "",
        Text = Said[HookFields.Body] ?? "",
        IsHtml = Said[HookFields.Body] is { } body && MailSyntax.IsHtml(body),
        InternetMessageId = Said[HookFields.InternetMessageId],
        At = Said.At(HookFields.CreatedAt),
        RawData = Payload.Text.Length <= MessageFacts.MaxRawData ? Payload.Text : null,
    };

    public TicketPatch Patch(long ticketId) => new(ticketId)
    {
        Status = Said[HookFields.Status] is { } status ? TicketWords.Statuses[status] : null,
        Priority = Said[HookFields.Priority] is { } priority ? TicketWords.Priorities[priority] : null,
        DueBy = Said.At(HookFields.DueBy) is { } due ? new Given<DateTimeOffset?>(true, due) : default,
        ContractId = Said[HookFields.Contract] is { } contract ? new Given<string?>(true, contract) : default,
    };
}
