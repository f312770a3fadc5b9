using Enneo.Core.Activity;
using Enneo.Core.Automations;
using Enneo.Core.Conditions;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Core.Templates;
using Enneo.Tests.Tags;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Templates;

/// <summary>Texts that are written again and again are put into answers, with names and numbers filled in as text.</summary>
public sealed class TemplateTests : IAsyncLifetime
{
    private const string Origin = "test";

    private readonly TagStore _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TemplateEditing Editing => _store.Get<TemplateEditing>();

    private TemplateFilling Filling => _store.Get<TemplateFilling>();

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task WhatIsKnownIsFilledInAsText_AndWhatNobodyKnowsStays()
    {
        var (message, ticket) = await _store.ReceiveAsync("Kettle & <b>more</b>", from: "\"{{agent}} <i>M</i>\" <marta@example.net>");
        var template = await AddAsync("Dear {{customer}},\n\n{{subject}} is ticket {{ ticket }} at {{Mailbox}}.\n{{tracking}}\n{{agent}}");
        var draft = (await _store.Get<Drafts>().StartReplyAsync(message, DraftMode.Reply, _store.Store.AgentId, Cancel))!;

        var html = await Filling.ForDraftAsync(template, draft.Id, _store.Store.AgentId, Cancel);

        Assert.Equal(
            $"<div>Dear {{{{agent}}}} &lt;i&gt;M&lt;/i&gt;,</div><div><br></div><div>Kettle &amp; &lt;b&gt;more&lt;/b&gt; is ticket {ticket} at Support.</div><div>{{{{tracking}}}}</div><div>Anna</div>", html);
    }

    [Theory]
    [InlineData("<a href=\"{{address}}\">Track it</a>", "javascript:alert(1)")]
    [InlineData("<p title=\"{{address}}\">Track it</p>", "\" onclick=\"alert(1)")]
    [InlineData("<p>{{address}}</p>", "<img src=x onerror=alert(1)>")]
    [InlineData("<p>Track it</p><script>alert(1)</script>", "")]
    public void NoValueAndNoTemplateRunsAnything(string template, string value)
    {
        var html = Placeholders.Fill(Placeholders.Sanitize(template), new Dictionary<string, string?> { ["address"] = value });

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("javascript:", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch("<[^>]*onclick", html);
    }

    [Fact]
    public async Task ATemplateIsOfferedInItsMailboxesOnly_AndEveryChangeIsInTheAuditLog()
    {
        var sales = await _store.Store.AddMailboxAsync("Sales");
        var (message, _) = await _store.ReceiveAsync("Hello");
        var draft = (await _store.Get<Drafts>().StartReplyAsync(message, DraftMode.Reply, _store.Store.AgentId, Cancel))!;
        var everywhere = await AddAsync("Everywhere");
        var there = await AddAsync("There", sales.Id);
        var queries = _store.Get<TemplateQueries>();

        Assert.Equal([everywhere], (await queries.OfMailboxAsync(Reach.All, _store.Mailbox.Id, Cancel)).Select(template => template.Id));
        Assert.Equal(2, (await queries.OfMailboxAsync(Reach.All, sales.Id, Cancel)).Count);
        Assert.Null(await Filling.ForDraftAsync(there, draft.Id, _store.Store.AgentId, Cancel));

        await Editing.UpdateAsync(there, new TemplateInput { Name = "Here", Text = "Here" }, _store.Anna, Origin, Cancel);
        Assert.NotNull(await Filling.ForDraftAsync(there, draft.Id, _store.Store.AgentId, Cancel));
        Assert.True(await Editing.RemoveAsync(there, _store.Anna, Origin, Cancel));
        Assert.Null(await Filling.ForDraftAsync(there, draft.Id, _store.Store.AgentId, Cancel));
        Assert.NotEmpty((await Editing.AddAsync(new TemplateInput { Name = " ", Text = "" }, _store.Anna, Origin, Cancel)).Errors);
        await using var db = await OpenAsync();
        Assert.Equal(
            [ActivityKind.TemplateAdded, ActivityKind.TemplateAdded, ActivityKind.TemplateChanged, ActivityKind.TemplateRemoved],
            await db.Activity.Where(e => e.IsAudited).OrderBy(e => e.Sequence).Select(e => e.Kind).ToListAsync(Cancel));
    }

    [Fact]
    public async Task AnAutomationAnswersAndNotesByATemplate_AndSaysWhenItIsGone()
    {
        var template = await AddAsync("<p>Dear <b>{{customer}}</b>, {{subject}} is ticket {{ticket}}.</p>");
        var automation = await _store.Get<AutomationEditing>().AddAsync(
            new AutomationInput
            {
                Name = "Answer",
                IsEnabled = true,
                Conditions = new(false, [new(ConditionField.Subject, ConditionOperator.Contains, ["kettle"])], []),
                Actions = [new(AutomationActionKind.Reply) { TemplateId = template }, new(AutomationActionKind.Note) { TemplateId = template }],
            },
            _store.Anna, Origin, Cancel);
        Assert.Empty(automation.Errors);

        var (_, ticket) = await _store.ReceiveAsync("Broken kettle");

        await using var db = await OpenAsync();
        var outgoing = Assert.Single(await db.Outbox.AsNoTracking().ToListAsync(Cancel));
        using var source = (await _store.Get<MessageReader>().FindSourceAsync(Reach.All, outgoing.MessageId, Cancel))!;
        var mail = await MimeMessage.LoadAsync(new MemoryStream(source.Memory.ToArray()), Cancel);
        Assert.Equal($"Dear Marta Nowak, Broken kettle is ticket {ticket}.", mail.TextBody!.Trim());
        var note = Assert.Single(await db.Messages.Where(m => m.Direction == MessageDirection.Internal).ToListAsync(Cancel));
        Assert.Contains("<b>Marta Nowak</b>", (await _store.Get<MessageReader>().FindAsync(Reach.All, note.Id, Cancel))!.Html, StringComparison.Ordinal);

        await Editing.RemoveAsync(template, _store.Anna, Origin, Cancel);
        var (_, other) = await _store.ReceiveAsync("Another kettle");
        var run = Assert.Single(await _store.Get<AutomationRuns>().OfTicketAsync(Reach.All, other, Cancel));
        Assert.Equal([$"Reply: {NoReply.TemplateGone}", $"Note: {NoReply.TemplateGone}"], run.Done);
    }

    private async Task<long> AddAsync(string text, params IReadOnlyList<long> mailboxIds)
    {
        var result = await Editing.AddAsync(new TemplateInput { Name = text[..4], Text = text, MailboxIds = mailboxIds }, _store.Anna, Origin, Cancel);
        Assert.Empty(result.Errors);
        return result.TemplateId!.Value;
    }

    private Task<EnneoDbContext> OpenAsync() => _store.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
}
