using Enneo.Core.Analysis;
using Enneo.Core.Data;
using Enneo.Core.Sending;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using Enneo.Tests.Tags;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Analysis;

/// <summary>A mailbox whose mails go all their way, with answered conversations, and a language model that says what it is told to say.</summary>
public sealed class AnalysisStore : IAsyncLifetime
{
    private const string Origin = "test";

    public TagStore Tags { get; } = new();

    public ModelServer Model { get; } = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await Tags.InitializeAsync();
        await Model.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Tags.DisposeAsync();
        await Model.DisposeAsync();
    }

    public T Get<T>() where T : notnull => Tags.Get<T>();

    public async Task SwitchOnAsync(Func<AiSettingsInput, AiSettingsInput>? with = null)
    {
        AiSettingsInput input = new() { IsEnabled = true, Endpoint = Model.Endpoint, Model = "scripted", Key = "sk-secret", MayBePrivate = true };
        Assert.Empty(await Get<AiSettingsEditing>().SaveAsync(with?.Invoke(input) ?? input, Tags.Anna, Origin, Cancel));
    }

    /// <summary>A mail comes in, goes through the steps, and is read by the model.</summary>
    public async Task<(long MessageId, long TicketId)> ReceiveAsync(string subject, string text, string from = "Marta Nowak <marta@example.net>", SpamStatus? status = null)
    {
        var received = await Tags.ReceiveAsync(subject, text, from, status: status);
        await Get<MailAnalysing>().RunDueAsync(Cancel);
        return received;
    }

    /// <summary>A mail that was answered by a person.</summary>
    public async Task<(long TicketId, long AnswerId)> AnsweredAsync(string subject, string text, string answer, string from = "Tom Berg <tom@example.org>")
    {
        var (messageId, ticketId) = await Tags.ReceiveAsync(subject, text, from);
        var drafts = Get<Drafts>();
        var draft = (await drafts.StartReplyAsync(messageId, DraftMode.Reply, Tags.Store.AgentId, Cancel))!;
        await drafts.SaveAsync(draft.Id, new DraftSave(draft.Revision + 1, draft.To, draft.Cc, draft.Bcc, draft.Subject, answer), Tags.Store.AgentId, Cancel);
        var sent = (await Get<Outbox>().SendAsync(draft.Id, Tags.Store.AgentId, Cancel)).Outgoing!;
        return (ticketId, sent.MessageId);
    }

    public async Task<MailAnalysis?> AnalysisAsync(long messageId) => await ReadAsync(db => db.MailAnalyses.AsNoTracking().SingleOrDefaultAsync(a => a.MessageId == messageId, Cancel));

    public Task<List<AiCall>> CallsAsync() => ReadAsync(db => db.AiCalls.AsNoTracking().OrderBy(c => c.Id).ToListAsync(Cancel));

    public async Task<T> ReadAsync<T>(Func<EnneoDbContext, Task<T>> read)
    {
        await using var db = await Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        return await read(db);
    }

    /// <summary>All that a mail must never change by what it says: state, tags, outbox, drafts, automations, people, settings.</summary>
    public async Task<string> EverythingElseAsync(long ticketId) => string.Join('\n', await ReadAsync(async db => new object?[]
    {
        await db.Tickets.Where(t => t.Id == ticketId).Select(t => new { t.Status, t.AssigneeId, t.Priority, t.SpamStatus, t.SnoozedUntil }).SingleAsync(Cancel),
        await db.TicketTags.CountAsync(Cancel),
        await db.Outbox.CountAsync(Cancel),
        await db.Drafts.CountAsync(Cancel),
        await db.Messages.CountAsync(Cancel),
        await db.AutomationRuns.CountAsync(Cancel),
        string.Join(',', await db.Settings.OrderBy(s => s.Name).Select(s => s.Name + s.Value).ToListAsync(Cancel)),
        await db.Users.CountAsync(Cancel),
    }));
}
