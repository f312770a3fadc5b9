using Enneo.Core.Activity;
using Enneo.Core.Automations;
using Enneo.Core.Conditions;
using Enneo.Core.Data;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Sending;
using Enneo.Core.Spam;
using Enneo.Core.Tags;
using Enneo.Tests.Servers;
using Enneo.Tests.Sync;
using Enneo.Tests.Webhooks;
using Microsoft.EntityFrameworkCore;
using MimeKit;
using static Enneo.Tests.Spam.SpamMail;

namespace Enneo.Tests.Spam.Meaning;

/// <summary>
/// A mailbox on a real server that does by itself all that a mailbox can. Tests share it: all of their mail comes in one
/// batch, and each has mails of its own.
/// </summary>
public sealed class MeaningHouse : IAsyncLifetime
{
    /// <summary>Everything is done by itself with a mail that has this in its subject.</summary>
    public const string Order = "order";

    public const int SlaHours = 4;

    /// <summary>A platform whose mail somebody here answered before the mailbox was connected.</summary>
    public const string KnownShop = "news@shop.example";

    public static readonly Actor Anna = Actor.User(SyncedMailbox.Person);

    private readonly ShiftedClock _clock = new();
    private WebhookReceiver _receiver = null!;
    private long _webhookId;

    public DovecotServer Dovecot { get; } = new();

    public SyncedMailbox Mailbox { get; private set; } = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await Dovecot.InitializeAsync();
        _receiver = await WebhookReceiver.StartAsync();
        Mailbox = await SyncedMailbox.ConnectAsync(Dovecot, _clock);
        await LiveBeforeAsync();
        await Mailbox.AddAsync();
        await Mailbox.SyncAsync();
        await DoByItselfAsync();
        foreach (var (_, mail) in MeaningMail.All)
        {
            await ArriveAsync(mail());
        }

        await Mailbox.SyncAsync();
        await Mailbox.ProcessAsync();
        await TellAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Mailbox.DisposeAsync();
        await _receiver.DisposeAsync();
        await Dovecot.DisposeAsync();
    }

    public T Get<T>() where T : notnull => Mailbox.Store.Get<T>();

    public Task<T> ReadAsync<T>(Func<EnneoDbContext, Task<T>> read) => Mailbox.Store.ReadAsync(read, Cancel);

    public void Pass(TimeSpan time) => _clock.Shift += time;

    /// <summary>Somebody presses "Spam" or "Not spam", and all that follows by itself is done.</summary>
    public async Task<IReadOnlyList<SpamDecision>> MarkAsync(string subject, bool isSpam)
    {
        var decisions = await Get<SpamDecisions>().MarkAsync([(await Mailbox.TicketAsync(subject)).Id], isSpam, Anna, "web", Cancel);
        await Mailbox.ProcessAsync();
        return decisions;
    }

    /// <summary>A mail to the mailbox itself comes in; it is not synced yet.</summary>
    public Task ArriveAsync(MimeMessage mail, string folder = "INBOX")
    {
        if (folder is not "Sent")
        {
            mail.To.Add(MailboxAddress.Parse(Mailbox.User));
        }

        return Dovecot.ArriveAsync(Mailbox, mail, folder);
    }

    /// <summary>One more mail of the conversation of a subject comes in.</summary>
    public async Task AnswerAsync(string subject, MimeMessage mail, string folder = "INBOX")
    {
        await ArriveAsync(mail.With("In-Reply-To", $"<{(await Mailbox.MessageAsync(subject)).InternetMessageId}>"), folder);
        await Mailbox.SyncAsync();
        await Mailbox.ProcessAsync();
    }

    public async Task<List<string>> TagsAsync(string subject)
    {
        var ticketId = (await Mailbox.TicketAsync(subject)).Id;
        return await ReadAsync(db => db.TicketTags.Where(g => g.TicketId == ticketId && !g.IsTakenOff).Join(db.Tags, g => g.TagId, t => t.Id, (_, t) => t.Name).Order().ToListAsync(Cancel));
    }

    public async Task<List<AutomationRun>> RunsAsync(string subject)
    {
        var ticketId = (await Mailbox.TicketAsync(subject)).Id;
        return await ReadAsync(db => db.AutomationRuns.AsNoTracking().Where(r => db.Messages.Any(m => m.Id == r.MessageId && m.TicketId == ticketId)).OrderBy(r => r.Id).ToListAsync(Cancel));
    }

    public async Task<List<OutgoingMessage>> OutboxAsync(string subject)
    {
        var ticketId = (await Mailbox.TicketAsync(subject)).Id;
        return await ReadAsync(db => db.Outbox.AsNoTracking().Where(o => o.TicketId == ticketId).ToListAsync(Cancel));
    }

    public Task<bool> IsContactAsync(string address) => ReadAsync(db => db.Contacts.AnyAsync(c => c.Address == address, Cancel));

    /// <summary>In which folders of the server the mail of a subject lies, once it is synced.</summary>
    public async Task<List<string>> OnServerAsync(string subject)
    {
        await Mailbox.SyncAsync();
        List<string> folders = [];
        foreach (var folder in new[] { "INBOX", "Junk", "Trash" })
        {
            if ((await Dovecot.ListAsync(Mailbox.User, Cancel, folder)).Any(mail => mail.Parse().Subject == subject))
            {
                folders.Add(folder);
            }
        }

        return folders;
    }

    /// <returns>The events that another system was told of the ticket so far, in their order.</returns>
    public async Task<List<string>> ToldAsync(string subject)
    {
        await TellAsync();
        var ticketId = (await Mailbox.TicketAsync(subject)).Id;
        return [.. _receiver.Taken.Where(told => told.Ticket == ticketId).Select(told => told.Event)];
    }

    private async Task TellAsync()
    {
        await Get<WebhookFanOut>().RunAsync(Cancel);
        await Get<WebhookDelivering>().RunDueAsync(_webhookId, Cancel);
    }

    /// <summary>History: a question that was answered, and one who was written to.</summary>
    private async Task LiveBeforeAsync()
    {
        var before = TimeProvider.System.GetUtcNow().AddDays(-3);
        var question = Wanted("A question of last week", "old@customer.example");
        await Dovecot.DeliverAsync(Mailbox.User, question, Cancel, internalDate: before);
        await Dovecot.DeliverAsync(Mailbox.User, MeaningMail.Ours(Mailbox.User, "Re: A question of last week", "old@customer.example").With("In-Reply-To", $"<{question.MessageId}>"), Cancel, "Sent", internalDate: before.AddHours(1));
        await Dovecot.DeliverAsync(Mailbox.User, MeaningMail.Ours(Mailbox.User, "To the shop", KnownShop), Cancel, "Sent", internalDate: before);
    }

    private async Task DoByItselfAsync()
    {
        ConditionGroup orders = new(false, [new(ConditionField.Subject, ConditionOperator.Contains, [Order])], []);
        await TagAsync(new TagInput { Name = "Order", SlaHours = SlaHours, Detection = TagDetectionMode.Conditions, Conditions = orders });
        await TagAsync(new TagInput { Name = "Default", IsDefault = true });
        await TagAsync(new TagInput { Name = "Junk", IsSpam = true, SlaHours = 1 });
        await TagAsync(new TagInput { Name = "Rubbish", IsSpam = true });
        await TagAsync(new TagInput { Name = "Elsewhere", IsSpam = true, MailboxIds = [await AnotherMailboxAsync()] });
        var automations = Get<AutomationEditing>();
        Assert.Empty((await automations.AddAsync(
            new AutomationInput
            {
                Name = "Orders",
                IsEnabled = true,
                Conditions = orders,
                Actions = [new(AutomationActionKind.Note) { Text = "Seen." }, new(AutomationActionKind.Assign) { PersonId = SyncedMailbox.Person }],
            },
            Actor.Operator, "test", Cancel)).Errors);
        Assert.True(await automations.SetAutoReplyAsync(Mailbox.Id, true, "We got it.", Actor.Operator, "test", Cancel));
        var added = await Get<WebhookEditing>().AddAsync(new WebhookInput { Url = _receiver.Url, MayBePrivate = true }, Actor.Operator, "test", Cancel);
        _webhookId = added.WebhookId!.Value;
    }

    private async Task TagAsync(TagInput tag) => Assert.True((await Get<TagEditing>().AddAsync(tag, Actor.Operator, "test", Cancel)).Succeeded);

    private Task<long> AnotherMailboxAsync() =>
        Get<Core.Sync.MailImport>().AddAsync(new Core.Sync.ImportedMailbox("Other", "other@example.test", "Other", false), [], "test", Cancel);

    /// <summary>The machine's, put forward.</summary>
    private sealed class ShiftedClock : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
    }
}
