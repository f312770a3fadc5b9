using Enneo.Core.Activity;
using Enneo.Core.Analysis;
using Enneo.Core.Automations;
using Enneo.Core.Contacts;
using Enneo.Core.Hours;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Messages.Images;
using Enneo.Core.Microsoft365;
using Enneo.Core.Microsoft365.Checks;
using Enneo.Core.OAuth;
using Enneo.Core.Search;
using Enneo.Core.Search.Language;
using Enneo.Core.Sending;
using Enneo.Core.Processing;
using Enneo.Core.Spam;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Sync;
using Enneo.Core.Tags;
using Enneo.Core.Tags.Detection;
using Enneo.Core.Templates;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Access;

/// <summary>A case for every method of Core that a screen or an endpoint can call.</summary>
internal static partial class AccessCases
{
    private const string Origin = "test";

    /// <summary>Only pages of admins call these; that is tested too.</summary>
    public static readonly IReadOnlyList<Type> OfAdmins =
        [typeof(MailboxEditing), typeof(FolderEditing), typeof(MailboxRemoval), typeof(MailboxReports), typeof(ConnectionTest), typeof(ServerProposals), typeof(InvitationMail), typeof(GoingLive), typeof(AuditQueries),
            typeof(SpamSettingsEditing), typeof(SpamTrial), typeof(SpamModelStates), typeof(SpamLearning), typeof(MailboxSpamEditing), typeof(HiddenShares), typeof(MassMailTrial),
            typeof(TagEditing), typeof(TagModels), typeof(ConditionTrial), typeof(AutomationEditing), typeof(AutomationQueries), typeof(TemplateEditing), typeof(AiSettingsEditing), typeof(BusinessHoursEditing),
            typeof(AccountConnecting), typeof(ApplicationConnecting), typeof(AccountQueries), typeof(Microsoft365SettingsEditing), typeof(RegistrationCheck), typeof(SecretWarnings), typeof(ProviderEditing), typeof(ProviderQueries), typeof(SendingRoadCheck), typeof(ReceivingRoadCheck), typeof(MailboxOutages), .. OfWebhooks];

    public static readonly IReadOnlyList<AccessCase> All =
    [
        // What is read of all there is.
        List<TicketQueries>("ListAsync", (q, who) => q.ListAsync(who.Reach, new(null), null, 50, Cancel)),
        List<TicketQueries>("ListNewerAsync", (q, who) => q.ListNewerAsync(who.Reach, new(null), new(DateTimeOffset.UnixEpoch, 0), 50, Cancel)),
        List<TicketQueries>("IdsAsync", (q, who) => q.IdsAsync(who.Reach, new(null), Cancel)),
        List<TicketQueries>("CountsAsync", (q, who) => q.CountsAsync(who.Reach, who.Id, Cancel)),
        List<MailboxQueries>("ListAsync", (q, who) => q.ListAsync(who.Reach, Cancel)),
        List<MailboxQueries>("FoldersAsync", (q, who) => q.FoldersAsync(who.Reach, Cancel)),
        List<ContactQueries>("CompleteAsync", (q, who) => q.CompleteAsync(who.Reach, "customer", 50, Cancel)),
        List<SearchQueries>("FindAsync", (q, who) => q.FindAsync(who.Reach, new(QueryReader.Read("subject", DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc)), Cancel)),
        List<SearchSuggestions>("PeopleAsync", (q, who) => q.PeopleAsync(who.Reach, "customer", SearchField.From, Cancel)),
        new ListCase("SpamSenders.ListAsync", async (house, who) =>
        {
            foreach (var it in new[] { house.Of(TwoMailboxes.Granted, who), house.Of(TwoMailboxes.Withheld, who) })
            {
                await house.Get<SpamSenders>().SetAsync($"{it.Word}.example", it.MailboxId, true, Actor.System, Origin, Cancel);
            }

            return await house.Get<SpamSenders>().ListAsync(who.Reach, Cancel);
        }),
        new ListCase("DmarcExceptions.ListAsync", async (house, who) =>
        {
            foreach (var it in new[] { house.Of(TwoMailboxes.Granted, who), house.Of(TwoMailboxes.Withheld, who) })
            {
                await house.Get<DmarcExceptions>().AddAsync(it.TicketId, new DmarcPin($"{it.Word}.example", "lists.example"), Actor.System, Origin, Cancel);
            }

            return await house.Get<DmarcExceptions>().ListAsync(who.Reach, Cancel);
        }),
        new ListCase("MassMail.SendersAsync", async (house, who) =>
        {
            await NewsletterAsync(house, house.Of(TwoMailboxes.Granted, who));
            await NewsletterAsync(house, house.Of(TwoMailboxes.Withheld, who));
            return await house.Get<MassMail>().SendersAsync(who.Reach, null, Cancel);
        }),
        List<Drafts>("ListAsync", (d, who) => d.ListAsync(who.Id, Cancel)),

        // What is read of one thing.
        One<TicketQueries>("FindAsync", (q, who, it) => q.FindAsync(who.Reach, [it.TicketId], Cancel)),
        One<TicketQueries>("FindByWordsAsync", (q, who, it) => q.FindByWordsAsync(who.Reach, it.MailboxId, "", 50, Cancel)),
        One<TicketQueries>("FindThreadAsync", (q, who, it) => q.FindThreadAsync(who.Reach, it.TicketId, Cancel)),
        One<TicketQueries>("FindTicketIdAsync", (q, who, it) => q.FindTicketIdAsync(who.Reach, it.MessageId, Cancel)),
        new OneCase("TicketQueries.FindSurvivorAsync", async (house, who, it) =>
        {
            await house.Get<TicketRegrouping>().MergeAsync([it.TicketId, it.OtherTicketId], Actor.System, Origin, Cancel);
            return await house.Get<TicketQueries>().FindSurvivorAsync(who.Reach, it.OtherTicketId, Cancel);
        }),
        new OneCase("SpamQueries.OfTicketAsync", async (house, who, it) =>
        {
            await JudgedAsync(house, it);
            return await house.Get<SpamQueries>().OfTicketAsync(who.Reach, it.TicketId, Cancel);
        }),
        new OneCase("ProcessingQueries.OfTicketAsync", async (house, who, it) =>
        {
            await ProcessedAsync(house, it);
            return await house.Get<ProcessingQueries>().OfTicketAsync(who.Reach, it.TicketId, Cancel);
        }),
        new OneCase("SpamSenders.HiddenOfAsync", async (house, who, it) =>
        {
            await WriteAsync(house, it, (db, token) => db.Tickets.Where(t => t.Id == it.TicketId)
                .ExecuteUpdateAsync(set => set.SetProperty(t => t.SpamStatus, SpamStatus.AutoSpam).SetProperty(t => t.Place, TicketPlace.Junk), token));
            return await house.Get<SpamSenders>().HiddenOfAsync(who.Reach, it.Customer, it.MailboxId, Cancel);
        }),
        new OneCase("DmarcExceptions.FindOfferAsync", async (house, who, it) =>
            await house.Get<DmarcExceptions>().FindOfferAsync(who.Reach, await NewsletterAsync(house, it, HeaderRule.Dmarc), Cancel)),
        new OneCase("Unsubscribing.FindOfferAsync", async (house, who, it) =>
            await house.Get<Unsubscribing>().FindOfferAsync(who.Reach, await NewsletterAsync(house, it), Cancel)),
        One<ActivityQueries>("HistoryAsync", (q, who, it) => q.HistoryAsync(who.Reach, [it.TicketId], Cancel)),
        One<MailboxQueries>("FolderDetailsAsync", (q, who, it) => q.FolderDetailsAsync(who.Reach, it.MailboxId, Cancel)),
        One<MailboxQueries>("FindByAddressAsync", (q, who, it) => q.FindByAddressAsync(who.Reach, $"{it.Word}@example.com", Cancel)),
        One<ContactQueries>("FindAsync", (q, who, it) => q.FindAsync(who.Reach, it.Customer, Cancel)),
        One<PersonTickets>("ListAsync", (q, who, it) => q.ListAsync(who.Reach, it.Customer, 50, Cancel)),
        new OneCase("AnalysisQueries.OfTicketAsync", async (house, who, it) => (await house.Get<AnalysisQueries>().OfTicketAsync(who.Reach, it.TicketId, Cancel))?.MessageId),
        One<MessageReader>("FindAsync", (r, who, it) => r.FindAsync(who.Reach, it.MessageId, Cancel)),
        new OneCase("MessageReader.FindPartAsync", async (house, who, it) => (await house.Get<MessageReader>().FindPartAsync(who.Reach, it.MessageId, it.PartIndex, Cancel))?.Bytes),
        One<MessageReader>("FindHeadersAsync", (r, who, it) => r.FindHeadersAsync(who.Reach, it.MessageId, Cancel)),
        new OneCase("MessageReader.FindSourceAsync", async (house, who, it) =>
        {
            using var source = await house.Get<MessageReader>().FindSourceAsync(who.Reach, it.MessageId, Cancel);
            return source?.Length;
        }),
        One<Requesters>("FindAsync", (r, who, it) => r.FindAsync(who.Reach, it.TicketId, Cancel)),
        new OneCase("Outbox.ForTicketAsync", async (house, who, it) =>
        {
            var ticket = await house.ReadAsync(db => Task.FromResult(db.Outbox.Where(o => o.Id == it.OutgoingId).Select(o => o.TicketId).SingleOrDefault()));
            return await house.Get<Outbox>().ForTicketAsync(who.Reach, ticket, Cancel);
        }),
        One<Drafts>("FindForTicketAsync", (d, who, it) => d.FindForTicketAsync(it.TicketId, who.Id, Cancel)),
        One<Drafts>("FindAsync", (d, who, it) => d.FindAsync(it.DraftId, who.Id, Cancel)),
        new OneCase("Drafts.FindPictureAsync", async (house, who, it) => (await house.Get<Drafts>().FindPictureAsync(it.PictureId, who.Id, Cancel))?.Bytes),
        new ListCase("Drafts.SendersAsync", async (house, who) =>
        {
            var draft = await house.Get<Drafts>().StartNewAsync(house.Of(TwoMailboxes.Granted, who).MailboxId, [], who.Id, Cancel);
            return await house.Get<Drafts>().SendersAsync(draft!, who.Id, Cancel);
        }),

        // What is changed.
        One<TicketEditing>("SetStatusAsync", (e, who, it) => e.SetStatusAsync([it.TicketId], TicketStatus.Pending, who.Actor, Origin, Cancel)),
        One<TicketEditing>("AssignAsync", (e, who, it) => e.AssignAsync([it.TicketId], who.Id, who.Actor, Origin, Cancel)),
        One<TicketEditing>("SetPriorityAsync", (e, who, it) => e.SetPriorityAsync([it.TicketId], TicketPriority.High, who.Actor, Origin, Cancel)),
        One<TicketEditing>("SetDueAsync", (e, who, it) => e.SetDueAsync([it.TicketId], null, DateTimeOffset.UnixEpoch, who.Actor, Origin, Cancel)),
        One<TicketEditing>("SnoozeAsync", (e, who, it) => e.SnoozeAsync([it.TicketId], DateTimeOffset.MaxValue.AddYears(-1), who.Actor, Origin, Cancel)),
        new OneCase("TicketEditing.UndoAsync", async (house, who, it) =>
        {
            var done = await house.Get<TicketEditing>().SetStatusAsync([it.TicketId], TicketStatus.Closed, Actor.System, Origin, Cancel);
            return await house.Get<TicketEditing>().UndoAsync(done, who.Actor, Origin, Cancel);
        }),
        One<SpamDecisions>("MarkAsync", (d, who, it) => d.MarkAsync([it.TicketId], true, who.Actor, Origin, Cancel)),
        new OneCase("SpamDecisions.UndoAsync", async (house, who, it) =>
        {
            var done = await house.Get<SpamDecisions>().MarkAsync([it.TicketId], true, Actor.System, Origin, Cancel);
            return await house.Get<SpamDecisions>().UndoAsync(done, who.Actor, Origin, Cancel);
        }),
        One<SpamSenders>("SetAsync", (s, who, it) => s.SetAsync($"{it.Word}.example", it.MailboxId, true, who.Actor, Origin, Cancel)),
        new OneCase("SpamSenders.RemoveAsync", async (house, who, it) =>
        {
            await house.Get<SpamSenders>().SetAsync($"{it.Word}.example", it.MailboxId, true, Actor.System, Origin, Cancel);
            var entry = (await house.Get<SpamSenders>().ListAsync(Reach.All, Cancel)).FirstOrDefault(entry => entry.MailboxId == it.MailboxId);
            return await house.Get<SpamSenders>().RemoveAsync(entry?.Id ?? it.MailboxId, who.Actor, Origin, Cancel);
        }),
        One<DmarcExceptions>("AddAsync", (e, who, it) => e.AddAsync(it.TicketId, new DmarcPin($"{it.Word}.example", "lists.example"), who.Actor, Origin, Cancel)),
        new OneCase("DmarcExceptions.RemoveAsync", async (house, who, it) =>
        {
            var id = await house.Get<DmarcExceptions>().AddAsync(it.TicketId, new DmarcPin($"{it.Word}.example", "lists.example"), Actor.System, Origin, Cancel);
            return await house.Get<DmarcExceptions>().RemoveAsync(id ?? it.MailboxId, who.Actor, Origin, Cancel);
        }),
        new OneCase("Unsubscribing.RunAsync", async (house, who, it) =>
            await house.Get<Unsubscribing>().RunAsync(await NewsletterAsync(house, it), who.Actor, Origin, Cancel)),
        new OneCase("ProcessingRetry.RunAsync", async (house, who, it) =>
        {
            await ProcessedAsync(house, it);
            return await house.Get<ProcessingRetry>().RunAsync(it.TicketId, who.Actor, Origin, Cancel);
        }),
        One<TicketFiling>("MoveAsync", (f, who, it) => f.MoveAsync([it.TicketId], FolderRole.Archive, who.Actor, Origin, Cancel)),
        One<TicketFiling>("StarAsync", (f, who, it) => f.StarAsync([it.TicketId], true, who.Actor, Origin, Cancel)),
        One<TicketFiling>("MarkAsync", (f, who, it) => f.MarkAsync([it.TicketId], true, who.Actor, Origin, Cancel)),
        One<TicketFiling>("FlagAsync", (f, who, it) => Nothing(f.FlagAsync([it.MessageId], true, who.Actor, Origin, Cancel))),
        One<TicketFiling>("MarkMessagesAsync", (f, who, it) => Nothing(f.MarkMessagesAsync([it.MessageId], true, who.Actor, Origin, Cancel))),
        new OneCase("TicketFiling.UndoMoveAsync", async (house, who, it) =>
        {
            var done = await house.Get<TicketFiling>().MoveAsync([it.TicketId], FolderRole.Archive, Actor.System, Origin, Cancel);
            return await Nothing(house.Get<TicketFiling>().UndoMoveAsync(done, who.Actor, Origin, Cancel));
        }),
        One<Archiving>("RunAsync", (a, who, it) => a.RunAsync([it.TicketId], who.Actor, Origin, Cancel)),
        new OneCase("Archiving.UndoAsync", async (house, who, it) =>
        {
            var done = await house.Get<Archiving>().RunAsync([it.TicketId], Actor.System, Origin, Cancel);
            return await Nothing(house.Get<Archiving>().UndoAsync(done, who.Actor, Origin, Cancel));
        }),
        One<ReadState>("MarkAsync", (r, who, it) => Nothing(r.MarkAsync([it.MessageId], true, who.Actor, Origin, Cancel))),
        One<TicketRegrouping>("MergeAsync", (r, who, it) => r.MergeAsync([it.TicketId, it.OtherTicketId], who.Actor, Origin, Cancel)),
        One<TicketRegrouping>("SplitAsync", (r, who, it) => r.SplitAsync(it.LaterMessageId, false, who.Actor, Origin, Cancel)),
        One<TicketRegrouping>("MoveAsync", (r, who, it) => r.MoveAsync(it.LaterMessageId, it.OtherTicketId, who.Actor, Origin, Cancel)),
        new OneCase("TicketRegrouping.UndoAsync", async (house, who, it) =>
        {
            var done = (await house.Get<TicketRegrouping>().MergeAsync([it.TicketId, it.OtherTicketId], Actor.System, Origin, Cancel)).Done;
            return done is null ? false : await house.Get<TicketRegrouping>().UndoAsync(done, who.Actor, Origin, Cancel);
        }),
        One<ImageTrust>("SetAsync", (t, who, it) => Nothing(t.SetAsync(it.MessageId, true, who.Actor, Origin, Cancel))),
        One<Requesters>("SetForwardedAsync", (r, who, it) => r.SetForwardedAsync(it.MessageId, false, who.Id, Cancel)),
        One<Drafts>("StartReplyAsync", (d, who, it) => d.StartReplyAsync(it.LaterMessageId, DraftMode.Reply, who.Id, Cancel)),
        One<Drafts>("StartNoteAsync", (d, who, it) => d.StartNoteAsync(it.LaterMessageId, who.Id, Cancel)),
        One<Drafts>("StartForwardAsync", (d, who, it) => d.StartForwardAsync(it.LaterMessageId, true, who.Id, Cancel)),
        new ListCase("Drafts.StartNewAsync", async (house, who) => new[]
        {
            await house.Get<Drafts>().StartNewAsync(house.Of(TwoMailboxes.Granted, who).MailboxId, [], who.Id, Cancel),
            await house.Get<Drafts>().StartNewAsync(house.Of(TwoMailboxes.Withheld, who).MailboxId, [], who.Id, Cancel),
        }),
        One<Drafts>("SaveAsync", (d, who, it) => d.SaveAsync(it.DraftId, new DraftSave(9, [], [], [], it.Word, ""), who.Id, Cancel)),
        One<Drafts>("AttachAsync", (d, who, it) => d.AttachAsync(it.DraftId, "a.txt", "text/plain", new MemoryStream([1]), who.Id, Cancel)),
        One<Drafts>("AddPictureAsync", (d, who, it) => d.AddPictureAsync(it.DraftId, "a.png", new MemoryStream([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]), who.Id, Cancel)),
        One<Drafts>("DetachAsync", (d, who, it) => d.DetachAsync(it.DraftId, it.AttachmentId, who.Id, Cancel)),
        One<Drafts>("DiscardAsync", (d, who, it) => d.DiscardAsync(it.DraftId, who.Id, Cancel)),
        One<Outbox>("SendAsync", (o, who, it) => o.SendAsync(it.DraftId, who.Id, Cancel)),
        One<Outbox>("UndoAsync", (o, who, it) => o.UndoAsync(it.OutgoingId, who.Id, Cancel)),
        Sent("SendUncertainAgainAsync", DeliveryState.Uncertain, (o, who, it) => o.SendUncertainAgainAsync(it.OutgoingId, who.Id, Cancel)),
        Sent("ConfirmUncertainAsync", DeliveryState.Uncertain, (o, who, it) => o.ConfirmUncertainAsync(it.OutgoingId, who.Id, Cancel)),
        Sent("EditRejectedAsync", DeliveryState.Rejected, (o, who, it) => o.EditRejectedAsync(it.OutgoingId, who.Id, Cancel)),

        Filed("FileCopyAgainAsync", (o, who, it) => o.FileCopyAgainAsync(it.OutgoingId, who.Id, Cancel)),
        Filed("DoWithoutCopyAsync", (o, who, it) => o.DoWithoutCopyAsync(it.OutgoingId, who.Id, Cancel)),
        Deleted("CountAsync", (e, who, it) => e.CountAsync(ErasingScope.Of([it.TicketId]), who.Actor, Cancel)),
        Deleted("RunAsync", (e, who, it) => e.RunAsync(ErasingScope.Of([it.TicketId]), who.Actor, Origin, Cancel)),
        Refused<WaitingChanges>("OfTicketAsync", async (w, who, it, _) => await w.OfTicketAsync(who.Reach, it.TicketId, Cancel)),
        Refused<WaitingChanges>("OfMailboxAsync", async (w, who, it, _) => await w.OfMailboxAsync(who.Reach, it.MailboxId, Cancel)),
        Refused<WaitingChangeDecisions>("TryAgainAsync", (d, who, it, change) => Nothing(d.TryAgainAsync([change], who.Actor, Origin, Cancel))),
        Refused<WaitingChangeDecisions>("UndoAsync", (d, who, it, change) => Nothing(d.UndoAsync([change], who.Actor, Origin, Cancel))),

        Proposed("AutomationProposals.OfTicketAsync", async (house, who, it, id) => (await house.Get<AutomationProposals>().OfTicketAsync(who.Reach, it.TicketId, Cancel)).Count),
        Proposed("AutomationProposals.PerformAsync", async (house, who, it, id) => await house.Get<AutomationProposals>().PerformAsync(id, who.Actor, Origin, Cancel)),
        Proposed("AutomationProposals.DismissAsync", async (house, who, it, id) => await house.Get<AutomationProposals>().DismissAsync(id, who.Actor, Origin, Cancel)),
        Tagged("TagQueries.OfTicketsAsync", async (house, who, it, tag) => (await house.Get<TagQueries>().OfTicketsAsync(who.Reach, [it.TicketId], Cancel))[it.TicketId].Count()),
        Tagged("TagQueries.CountsAsync", async (house, who, it, tag) => (await house.Get<TagQueries>().CountsAsync(who.Reach, Cancel)).GetValueOrDefault(tag)),
        Tagged("TicketTagging.TakeAsync", async (house, who, it, tag) => (await house.Get<TicketTagging>().TakeAsync([it.TicketId], tag, who.Actor, Origin, Cancel)).Count),
        Tagged("TicketTagging.GiveAsync", async (house, who, it, tag) =>
        {
            await house.Get<TicketTagging>().TakeAsync([it.TicketId], tag, Actor.System, Origin, Cancel);
            return (await house.Get<TicketTagging>().GiveAsync([it.TicketId], tag, who.Actor, Origin, Cancel)).Count;
        }),
        Tagged("TicketTagging.UndoAsync", async (house, who, it, tag) =>
            await house.Get<TicketTagging>().UndoAsync(await house.Get<TicketTagging>().TakeAsync([it.TicketId], tag, Actor.System, Origin, Cancel), who.Actor, Origin, Cancel)),
        .. WithoutMail,
        .. OfPrograms,
        .. OfFiling,
        .. OfSpam,
        .. OfNotes,
        .. OfTemplates,
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static ListCase List<T>(string method, Func<T, Visitor, object> ask) where T : notnull =>
        new($"{typeof(T).Name}.{method}", async (house, who) => await ResultAsync(ask(house.Get<T>(), who)));

    private static OneCase One<T>(string method, Func<T, Visitor, Target, object> ask) where T : notnull =>
        new($"{typeof(T).Name}.{method}", async (house, who, it) => await ResultAsync(ask(house.Get<T>(), who, it)));

    private static OneCase Sent(string method, DeliveryState state, Func<Outbox, Visitor, Target, object> ask) => new($"Outbox.{method}", async (house, who, it) =>
    {
        await house.SetOutgoingAsync(it.OutgoingId, state);
        return await ResultAsync(ask(house.Get<Outbox>(), who, it));
    });

    private static OneCase Filed(string method, Func<Outbox, Visitor, Target, object> ask) => new($"Outbox.{method}", async (house, who, it) =>
    {
        await house.RefuseCopyAsync(it.OutgoingId);
        return await ResultAsync(ask(house.Get<Outbox>(), who, it));
    });

    private static OneCase Deleted(string method, Func<TrashErasing, Visitor, Target, object> ask) => new($"TrashErasing.{method}", async (house, who, it) =>
    {
        await house.LoseAsync(it.TicketId);
        return await ResultAsync(ask(house.Get<TrashErasing>(), who, it));
    });

    private static OneCase Refused<T>(string method, Func<T, Visitor, Target, long, Task<object?>> ask) where T : notnull => new($"{typeof(T).Name}.{method}", async (house, who, it) =>
        await ask(house.Get<T>(), who, it, await house.RefuseChangeAsync(it)));

    /// <summary>The conversation has a tag of its own.</summary>
    private static OneCase Tagged(string method, Func<TwoMailboxes, Visitor, Target, long, Task<object?>> ask) => new(method, async (house, who, it) =>
    {
        var name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Tag {house.Tags++}");
        var tag = (await house.Get<TagEditing>().AddAsync(new TagInput { Name = name }, Actor.System, Origin, Cancel)).TagId!.Value;
        await house.Get<TicketTagging>().GiveAsync([it.TicketId], tag, Actor.System, Origin, Cancel);
        return await ask(house, who, it, tag);
    });

    private static async Task<object?> ResultAsync(object task)
    {
        await (Task)task;
        return task.GetType().GetProperty("Result")!.GetValue(task);
    }
}
