using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Integrations.Comparison;
using Enneo.Core.Integrations.Facts;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Sync;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Enneo.Tests.Inbox;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Comparison;

/// <summary>A mailbox beside what another helpdesk has of it.</summary>
public sealed class LostMailAuditTests : IAsyncLifetime
{
    private const int Conversations = 500;
    private const int Each = 4;

    private readonly InboxStore _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Of2000MailsItNamesThe37LostThe12DoubledThe9MisthreadedAndNoOthers()
    {
        var mailbox = await _store.AddMailboxAsync($"Audit{Guid.NewGuid():N}");
        var mails = await SeedAsync(mailbox, Conversations, Each);
        ScriptedHelpdesk helpdesk = new();
        Random random = new(17);
        var picked = mails.Skip(Each).Where(mail => mail.Id % Each != mails[0].Id % Each).OrderBy(_ => random.Next()).DistinctBy(mail => mail.TicketId).Select(mail => mail.InternetMessageId).ToList(); // answers, of a conversation each
        helpdesk.Lost.UnionWith(picked[..37]);
        helpdesk.Doubled.UnionWith(picked[37..49]);
        helpdesk.Misthreaded.UnionWith(picked[49..58]);
        helpdesk.Delayed.UnionWith(picked[58..63]);
        foreach (var (index, mail) in mails.Index())
        {
            helpdesk.TakeIn(mail, elsewhere: index % 2 == 0 ? null : mails[0].TicketId);
        }

        helpdesk.Invent("only-there@example.net", mails[1000].ReceivedAt);

        var file = await HelpdeskCsv.ReadAsync(helpdesk.ToCsv(), Cancel);
        var listed = await _store.Get<HelpdeskListing>().RunAsync(mailbox.Id, "FreeScout", file.Rows, replaces: true, Actor.Operator, "test", Cancel);
        var report = await _store.Get<LostMailAudit>().RunAsync(mailbox.Id, LostMailAudit.Tolerance, Actor.Operator, Cancel);

        Assert.Empty(file.Problems);
        Assert.Equal(2000 - 37 + 12 + 1, listed.Count);
        Assert.Equal(helpdesk.Lost, Ids(FindingKind.NeverImported));
        Assert.Equal(helpdesk.Doubled, Ids(FindingKind.ImportedTwice));
        Assert.Equal(helpdesk.Misthreaded, Ids(FindingKind.ThreadedElsewhere));
        Assert.Equal(helpdesk.Delayed, Ids(FindingKind.Delayed));
        Assert.Equal(["only-there@example.net"], Ids(FindingKind.MissingHere));
        Assert.Equal((2000, 1963, 1964, 0), (report!.Ours, report.Result.Both, report.Count.Theirs, report.Difference));
        Assert.Equal(37 + 12 + 9 + 5 + 1, report.Result.Findings.Count);

        HashSet<string> Ids(FindingKind kind) => [.. report!.Result.Findings.Where(finding => finding.Kind == kind).Select(finding => finding.InternetMessageId)];
    }

    [Fact]
    public async Task WhatCameBeforeTheHelpdeskOrAfterItsListIsNotItsLoss()
    {
        var mailbox = await _store.AddMailboxAsync($"Aside{Guid.NewGuid():N}");
        var mails = await SeedAsync(mailbox, 3, 1);
        var rows = mails.Skip(1).Take(1).Select(mail => new HelpdeskRow(mail.InternetMessageId, "1", At: mail.ReceivedAt)).ToList();

        var result = MailComparison.Of(mails, rows, listedAt: mails[2].ReceivedAt, TimeSpan.FromMinutes(15));

        Assert.Equal((0, 2), (result.Findings.Count, result.Outside));
    }

    [Fact]
    public async Task WhatPeopleMergedHereIsTheHelpdesksWhereverItHasThem_AndWhatItMisplacedIsFoundStill()
    {
        var mailbox = await _store.AddMailboxAsync($"Merged{Guid.NewGuid():N}");
        var mails = await SeedAsync(mailbox, 4, 3);
        var tickets = mails.Select(mail => mail.TicketId).Distinct().ToList();
        var rows = mails.Select((mail, index) => new HelpdeskRow(mail.InternetMessageId, Number(index == 11 ? 2 : tickets.IndexOf(mail.TicketId)), At: mail.ReceivedAt)).ToList();
        await _store.Get<HelpdeskListing>().RunAsync(mailbox.Id, "FreeScout", rows, replaces: true, Actor.Operator, "test", Cancel);

        foreach (var (from, into) in new[] { (1, 0), (0, 2) })
        {
            Assert.NotNull((await _store.Get<TicketRegrouping>().MergeAsync([tickets[into], tickets[from]], Actor.User(_store.AgentId), "test", Cancel)).Done);
        }

        var report = (await _store.Get<LostMailAudit>().RunAsync(mailbox.Id, LostMailAudit.Tolerance, Actor.Operator, Cancel))!;

        Assert.Equal((12, 12, 12, 0), (report.Ours, report.Result.Both, report.Count.Theirs, report.Difference));
        var found = Assert.Single(report.Result.Findings);
        Assert.Equal((FindingKind.ThreadedElsewhere, mails[11].InternetMessageId, "3"), (found.Kind, found.InternetMessageId, found.Expected));
    }

    /// <summary>Both sides are counted by the database: a mail that is lost here, and one that the comparison passes over, are seen.</summary>
    [Fact]
    public async Task AMailThatWeLostOurselvesIsADifference_AndSoIsOneThatTheComparisonPassesOver()
    {
        var mailbox = await _store.Get<MailImport>().AddAsync(new ImportedMailbox("Own", $"own{Guid.NewGuid():N}@example.test", "Own", IsDefault: false), [], "test", Cancel);
        List<ReceivedMail> mails = [];
        for (var i = 0; i < 4; i++)
        {
            var raw = System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"From: c{i}@customer.example\r\nTo: own@example.test\r\nSubject: Own {i}\r\nMessage-ID: <own{i}@customer.example>\r\n\r\nHello\r\n"));
            mails.Add(await _store.Get<MailImport>().ReceiveAsync(mailbox, new ImportedMail(FolderRole.Inbox, raw, _store.Clock.GetUtcNow() - TimeSpan.FromMinutes(60 - i), Seen: false), Cancel));
        }

        await _store.Get<HelpdeskListing>().RunAsync(mailbox, "FreeScout", [new("own0@customer.example", "1"), new("own1@customer.example", "2"), new("own2@customer.example", "3")], replaces: true, Actor.Operator, "test", Cancel);
        var whole = await AuditAsync();
        await _store.Get<WriterLane>().RunAsync((db, token) => db.Messages.Where(m => m.Id == mails[3].MessageId).ExecuteDeleteAsync(token), Cancel); // not erased by anybody: lost
        var broken = await AuditAsync();
        await _store.Get<WriterLane>().RunAsync((db, token) => db.Ledger.Where(e => e.MessageId == null).ExecuteUpdateAsync(set => set.SetProperty(e => e.AwaitsIntake, true), token), Cancel);
        var waiting = await AuditAsync();
        var blind = whole with { Result = whole.Result with { Findings = [.. whole.Result.Findings.Where(finding => finding.Kind is not FindingKind.NeverImported)] } };

        Assert.Equal((4, 1, 0), (whole.Ours, whole.Result.Count(FindingKind.NeverImported), whole.Difference));
        Assert.Equal((4, 0, 1, 1), (broken.Ours, broken.Result.Findings.Count, broken.Count.Unshown, broken.Difference));
        Assert.Equal((3, 0, 0), (waiting.Ours, waiting.Count.Unshown, waiting.Difference)); // stored, and yet to be read
        Assert.Equal(1, blind.Difference);

        async Task<LostMailReport> AuditAsync() => (await _store.Get<LostMailAudit>().RunAsync(mailbox, LostMailAudit.Tolerance, Actor.Operator, Cancel))!;
    }

    [Fact]
    public async Task WhatIsTakenOverIsAuditedTellsNobodyAndCanBeTakenBack()
    {
        var mailbox = await _store.AddMailboxAsync($"Live{Guid.NewGuid():N}");
        var mails = await SeedAsync(mailbox, 4, 2);
        var tickets = mails.Select(mail => mail.TicketId).Distinct().ToList();
        string[] states = ["closed", "2", "spam", "pending"];
        var rows = mails.Select(mail => new HelpdeskRow(mail.InternetMessageId, Number(tickets.IndexOf(mail.TicketId)), states[tickets.IndexOf(mail.TicketId)], tickets.IndexOf(mail.TicketId) == 3 ? "gone@example.com" : "anna@example.com", mail.ReceivedAt)).ToList();
        await _store.Get<WriterLane>().RunAsync((db, token) => db.Tickets.Where(t => t.Id == tickets[0]).ExecuteUpdateAsync(set => set.SetProperty(t => t.SpamStatus, SpamStatus.ManualClean), token), Cancel);
        await _store.Get<HelpdeskListing>().RunAsync(mailbox.Id, "Zammad", rows, replaces: true, Actor.Operator, "test", Cancel);
        var taking = _store.Get<TakingOver>();

        var summary = await taking.SummaryAsync(mailbox.Id, Actor.Operator, Cancel);
        Assert.Equal((4, 3, 3, 4), (summary!.Tickets, summary.Statuses, summary.Assignees, summary.Numbers));
        Assert.Equal(["spam"], summary.UnknownStatuses);
        Assert.Equal(["gone@example.com"], summary.UnknownPeople);
        await taking.RunAsync(mailbox.Id, Actor.Operator, "test", Cancel);

        List<(TicketStatus, long?, SpamStatus?)> taken =
            [(TicketStatus.Closed, _store.AgentId, SpamStatus.ManualClean), (TicketStatus.Pending, _store.AgentId, null), (TicketStatus.Open, _store.AgentId, null), (TicketStatus.Pending, null, null)];
        Assert.Equal(taken, await StatesAsync(tickets));
        var entries = await ReadAsync(db => db.Activity.AsNoTracking().Where(e => e.MailboxId == mailbox.Id).ToListAsync(Cancel));
        Assert.DoesNotContain(entries, entry => WebhookEvents.Kinds.Contains(entry.Kind));
        Assert.Equal(4, entries.Count(entry => entry.Kind == ActivityKind.TicketTakenOver));
        Assert.True(Assert.Single(entries, entry => entry.Kind == ActivityKind.HelpdeskTakenOver).IsAudited);
        Assert.Contains("\"ticketNumber\":\"2\"", await ReadAsync(db => db.Set<TicketFacts>().Where(f => f.TicketId == tickets[2]).Select(f => f.AdditionalData).SingleAsync(Cancel)), StringComparison.Ordinal);
        Assert.Empty(await ReadAsync(db => db.Outbox.ToListAsync(Cancel)));
        Assert.Equal((4, 0, 0, 0), await taking.SummaryAsync(mailbox.Id, Actor.Operator, Cancel) is { } again ? (again.Tickets, again.Statuses, again.Assignees, again.Numbers) : default);

        await _store.Get<TicketEditing>().SetStatusAsync([tickets[1]], TicketStatus.Closed, Actor.Operator, "test", Cancel);
        Assert.Equal(4, await taking.UndoAsync(mailbox.Id, Actor.Operator, "test", Cancel));

        List<(TicketStatus, long?, SpamStatus?)> back = [(TicketStatus.Open, null, SpamStatus.ManualClean), (TicketStatus.Closed, null, null), (TicketStatus.Open, null, null), (TicketStatus.Open, null, null)];
        Assert.Equal(back, await StatesAsync(tickets));
        Assert.Null(await taking.UndoAsync(mailbox.Id, Actor.Operator, "test", Cancel));
    }

    [Fact]
    public async Task AListWithoutAssigneesSaysNothingOfThem_AndOneThatIsRemovedIsGone()
    {
        var mailbox = await _store.AddMailboxAsync($"Bare{Guid.NewGuid():N}");
        var mails = await SeedAsync(mailbox, 1, 2);
        await _store.Get<TicketEditing>().AssignAsync([mails[0].TicketId], _store.AgentId, Actor.Operator, "test", Cancel);
        var listing = _store.Get<HelpdeskListing>();
        await listing.RunAsync(mailbox.Id, "Zammad", [.. mails.Select(mail => new HelpdeskRow(mail.InternetMessageId, "7", "closed"))], replaces: true, Actor.Operator, "test", Cancel);

        await _store.Get<TakingOver>().RunAsync(mailbox.Id, Actor.Operator, "test", Cancel);

        Assert.Equal([(TicketStatus.Closed, _store.AgentId, null)], await StatesAsync([mails[0].TicketId]));
        Assert.True(await listing.RemoveAsync(mailbox.Id, Actor.Operator, "test", Cancel));
        Assert.Equal(0, await ReadAsync(db => db.Set<HelpdeskMail>().CountAsync(m => m.MailboxId == mailbox.Id, Cancel)));
        Assert.False(await listing.RemoveAsync(mailbox.Id, Actor.Operator, "test", Cancel));
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<List<(TicketStatus, long?, SpamStatus?)>> StatesAsync(List<long> ticketIds) =>
        [.. (await ReadAsync(db => db.Tickets.AsNoTracking().Where(t => ticketIds.Contains(t.Id)).OrderBy(t => t.Id).ToListAsync(Cancel))).Select(ticket => (ticket.Status, ticket.AssigneeId, ticket.SpamStatus))];

    /// <summary>Conversations with so many mails each, a minute apart, the last an hour ago.</summary>
    private Task<List<OwnMail>> SeedAsync(Mailbox mailbox, int conversations, int each) => _store.Get<WriterLane>().RunAsync(
        async (db, token) =>
        {
            var at = _store.Clock.GetUtcNow() - TimeSpan.FromMinutes(60 + (conversations * each));
            var tickets = Enumerable.Range(0, conversations).Select(i => new Ticket { MailboxId = mailbox.Id, Subject = $"Order {i}", Status = TicketStatus.Open, CreatedAt = at, LastMessageAt = at, Snippet = "", People = "" }).ToList();
            db.AddRange(tickets);
            await db.SaveChangesAsync(token);
            var messages = tickets.SelectMany((ticket, i) => Enumerable.Range(0, each).Select(j => new Message
            {
                MailboxId = mailbox.Id,
                TicketId = ticket.Id,
                Direction = MessageDirection.In,
                InternetMessageId = $"{mailbox.Id}.{i}.{j}@example.net",
                Subject = ticket.Subject,
                ReceivedAt = at.AddMinutes((i * each) + j),
            })).ToList();
            db.AddRange(messages);
            await db.SaveChangesAsync(token);
            return messages.Select(m => new OwnMail(m.Id, m.TicketId, m.InternetMessageId, m.ReceivedAt, true, "", m.Subject)).ToList();
        },
        Cancel);

    private async Task<T> ReadAsync<T>(Func<EnneoDbContext, Task<T>> read)
    {
        await using var db = await _store.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        return await read(db);
    }
}
