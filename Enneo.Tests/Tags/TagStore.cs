using Enneo.Core.Activity;
using Enneo.Core.Conditions;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Processing;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using Enneo.Tests.Inbox;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Tags;

/// <summary>A mailbox whose mails go all their way, and tags.</summary>
public sealed class TagStore : IAsyncLifetime
{
    private const string Origin = "test";

    public InboxStore Store { get; } = new();

    public Mailbox Mailbox { get; private set; } = null!;

    public Actor Anna => Actor.User(Store.AgentId);

    public TagEditing Editing => Get<TagEditing>();

    public TicketTagging Tagging => Get<TicketTagging>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public T Get<T>() where T : notnull => Store.Get<T>();

    public async ValueTask InitializeAsync()
    {
        await Store.InitializeAsync();
        Mailbox = await Store.AddMailboxAsync();
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    public async Task<long> AddAsync(string name, Func<TagInput, TagInput>? with = null)
    {
        TagInput input = new() { Name = name };
        var result = await Editing.AddAsync(with?.Invoke(input) ?? input, Anna, Origin, Cancel);
        Assert.True(result.Succeeded, string.Join(", ", result.Errors.SelectMany(error => error.Value)));
        return result.TagId!.Value;
    }

    public Task<long> AddByConditionsAsync(string name, params ConditionTest[] tests) =>
        AddAsync(name, input => input with { Detection = TagDetectionMode.Conditions, Conditions = new(false, tests, []) });

    /// <summary>A mail comes in and goes through the steps.</summary>
    /// <returns>Its ticket and its id.</returns>
    public async Task<(long MessageId, long TicketId)> ReceiveAsync(string subject, string text = "Hello, the invoice shows 230.", string from = "Marta Nowak <marta@example.net>", Mailbox? mailbox = null, SpamStatus? status = null, string headers = "")
    {
        var result = await Store.ReceiveAsync(mailbox ?? Mailbox, subject, from, text: text, headers: headers);
        if (status is not null)
        {
            await Store.ChangeTicketAsync(result.TicketId, ticket => ticket.SpamStatus = status);
        }

        await ProcessAsync(result.MessageId, mailbox ?? Mailbox);
        return (result.MessageId, result.TicketId);
    }

    public async Task ProcessAsync(long messageId, Mailbox mailbox, ProcessingCause cause = ProcessingCause.Arrival)
    {
        await Get<WriterLane>().RunAsync(
            async (db, token) =>
            {
                MailProcessing.Enqueue(db, mailbox.Id, [messageId], cause, Store.Clock);
                await db.SaveChangesAsync(token);
            },
            Cancel);
        await Get<MailProcessing>().RunDueAsync(Cancel);
    }

    /// <returns>The names of its tags, in order.</returns>
    public async Task<List<string>> TagsOfAsync(long ticketId)
    {
        await using var db = await Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        return await db.TicketTags.Where(g => g.TicketId == ticketId && !g.IsTakenOff).Join(db.Tags, g => g.TagId, t => t.Id, (_, t) => t.Name).Order().ToListAsync(Cancel);
    }

    public async Task<List<GivenTag>> GivenAsync(long ticketId) => [.. (await Get<TagQueries>().OfTicketsAsync(Reach.All, [ticketId], Cancel))[ticketId]];
}
