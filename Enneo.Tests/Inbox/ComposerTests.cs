using Bunit;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Web.Inbox;
using TestContext = Xunit.TestContext;

namespace Enneo.Tests.Inbox;

public sealed class ComposerTests : IAsyncLifetime
{
    private readonly InboxStore _store = new();
    private OutgoingStatus? _sent;
    private bool _discarded;

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task ShowsWhomItAnswersAndFromWhere()
    {
        await using InboxScreen screen = new(_store);

        var composer = await RenderAsync(screen);

        Assert.Equal("Marta Nowak", composer.Find(".chip bdi").TextContent);
        Assert.Contains("from support@example.com", composer.Markup, StringComparison.Ordinal);
        Assert.Equal("Re: Wrong amount", composer.Find(".subject").TextContent);
    }

    [Fact]
    public async Task SavesTheLastWordsThenSendsOnce()
    {
        await using InboxScreen screen = new(_store);
        var composer = await RenderAsync(screen);
        var send = composer.Find("[data-send]");

        await Task.WhenAll(send.ClickAsync(), send.ClickAsync());
        await composer.WaitForAssertionAsync(() => Assert.NotNull(_sent));

        Assert.Equal(DeliveryState.Queued, _sent!.State);
        Assert.Single(await _store.Get<Outbox>().ForTicketAsync(Reach.All, _sent.TicketId, TestContext.Current.CancellationToken));
        Assert.Single(screen.Editor.Invocations["save"]);
    }

    [Fact]
    public async Task WithoutARecipientItSaysSoAndSendsNothing()
    {
        await using InboxScreen screen = new(_store);
        var composer = await RenderAsync(screen);
        await composer.Find(".chip button").ClickAsync();

        await composer.Find("[data-send]").ClickAsync();

        await composer.WaitForAssertionAsync(() => Assert.Equal(InboxText.NoRecipient, composer.Find(".problem").TextContent));
        Assert.False(composer.Find("[data-send]").HasAttribute("disabled"));
        Assert.Null(_sent);
    }

    [Fact]
    public async Task AnUnfinishedAddressStopsTheSend()
    {
        await using InboxScreen screen = new(_store);
        var composer = await RenderAsync(screen);

        await composer.Find(".addresses input").ChangeAsync("anna");
        await composer.Find("[data-send]").ClickAsync();

        await composer.WaitForAssertionAsync(() => Assert.Contains("anna", composer.Find(".problem").TextContent, StringComparison.Ordinal));
        Assert.Null(_sent);
    }

    [Fact]
    public async Task AnAddressThatIsStillBeingTypedIsTakenWhenItIsSentByKeys()
    {
        await using InboxScreen screen = new(_store);
        var composer = await RenderAsync(screen);
        await composer.Find(".addresses input").InputAsync("tom@example.com");

        await composer.Find("[data-send]").ClickAsync();

        await composer.WaitForAssertionAsync(() => Assert.NotNull(_sent));
        Assert.Equal(["marta@example.net", "tom@example.com"], screen.Editor.Invocations["address"][^1].Arguments.OfType<IReadOnlyList<MailAddress>>().First().Select(to => to.Address));
    }

    [Fact]
    public async Task AForgottenFileIsAskedForBeforeItIsSent()
    {
        await using InboxScreen screen = new(_store);
        var composer = await RenderAsync(screen, "<div>The invoice is attached.</div>");

        await composer.Find("[data-send]").ClickAsync();
        await composer.WaitForAssertionAsync(() => Assert.Contains(InboxText.NothingAttached, composer.Find("[role=alertdialog]").TextContent, StringComparison.Ordinal));
        Assert.Null(_sent);

        await composer.Find("[data-anyway]").ClickAsync();
        await composer.WaitForAssertionAsync(() => Assert.NotNull(_sent));
    }

    [Fact]
    public async Task CcAndBccWaitBehindTheirButtons()
    {
        await using InboxScreen screen = new(_store);
        var composer = await RenderAsync(screen);
        Assert.Single(composer.FindAll(".addresses"));

        await composer.FindAll(".more button")[1].ClickAsync();
        await composer.FindAll(".addresses input")[1].ChangeAsync("secret@example.com");
        await composer.Find("[data-send]").ClickAsync();

        await composer.WaitForAssertionAsync(() => Assert.NotNull(_sent));
        Assert.Equal("secret@example.com", Assert.Single(Assert.IsType<IReadOnlyList<MailAddress>>(screen.Editor.Invocations["address"][^1].Arguments[2], exactMatch: false)).Address);
    }

    [Fact]
    public async Task TypedAddressesBecomeChipsAndAreHandedToTheEditor()
    {
        await using InboxScreen screen = new(_store);
        var composer = await RenderAsync(screen);

        await composer.Find(".addresses input").ChangeAsync("Tom <tom@example.com>");

        Assert.Equal(["Marta Nowak", "Tom"], composer.FindAll(".chip bdi").Select(chip => chip.TextContent));
        var to = Assert.IsType<IReadOnlyList<MailAddress>>(screen.Editor.Invocations["address"].Single().Arguments[0], exactMatch: false);
        Assert.Equal(["marta@example.net", "tom@example.com"], to.Select(address => address.Address));
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("gone")]
    [InlineData("The subject is too long.")]
    public async Task WhatCouldNotBeSavedIsNotSent(string outcome)
    {
        await using InboxScreen screen = new(_store);
        screen.Editor.Setup<string>("save", _ => true).SetResult(outcome);
        var composer = await RenderAsync(screen);

        await composer.Find("[data-send]").ClickAsync();

        var expected = outcome switch { "failed" => InboxText.NotSavedNotSent, "gone" => InboxText.DraftGone, _ => outcome };
        await composer.WaitForAssertionAsync(() => Assert.Equal(expected, composer.Find(".problem").TextContent));
        Assert.Null(_sent);
    }

    [Fact]
    public async Task DiscardsOnlyAfterAWord()
    {
        await using InboxScreen screen = new(_store);
        var composer = await RenderAsync(screen);

        await composer.Find(".discard").ClickAsync();
        Assert.False(_discarded);
        Assert.Contains(InboxText.DiscardQuestion, composer.Markup, StringComparison.Ordinal);

        await composer.Find("[data-discard]").ClickAsync();

        Assert.True(_discarded);
        Assert.Null(await _store.Get<Drafts>().FindAsync(composer.Instance.Draft.Id, _store.AgentId, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AttachmentsAreReadFromTheStore()
    {
        await using InboxScreen screen = new(_store);
        var composer = await RenderAsync(screen);
        await using MemoryStream content = new([1, 2, 3]);
        await _store.Get<Drafts>().AttachAsync(
            composer.Instance.Draft.Id, "offer.pdf", "application/pdf", content, _store.AgentId, TestContext.Current.CancellationToken);

        await composer.InvokeAsync(composer.Instance.AttachmentsChangedAsync);

        Assert.Equal("offer.pdf", composer.Find(".attachments bdi").TextContent);
        Assert.StartsWith($"/draft/{composer.Instance.Draft.Id}/attachment/", composer.Find("[data-detach]").GetAttribute("data-detach"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheQuoteIsFoldedUntilItIsAskedFor()
    {
        await using InboxScreen screen = new(_store);
        var composer = await RenderAsync(screen);
        Assert.Empty(composer.FindAll("iframe"));

        await composer.Find(".quoted button").ClickAsync();

        Assert.Equal($"/message/{composer.Instance.Draft.AnsweredMessageId}/body", composer.Find("iframe").GetAttribute("data-address"));
    }

    private async Task<IRenderedComponent<Composer>> RenderAsync(InboxScreen screen, string html = "<div>You are right.</div>")
    {
        var mailbox = await _store.AddMailboxAsync();
        var mail = await _store.ReceiveAsync(mailbox, "Wrong amount");
        var drafts = _store.Get<Drafts>();
        var draft = await drafts.StartReplyAsync(mail.MessageId, DraftMode.Reply, _store.AgentId, TestContext.Current.CancellationToken);
        Assert.NotNull(draft);
        draft = await drafts.SaveAsync(
            draft.Id, new DraftSave(draft.Revision + 1, draft.To, draft.Cc, draft.Bcc, draft.Subject, html), _store.AgentId, TestContext.Current.CancellationToken);
        Assert.NotNull(draft);
        return screen.Render<Composer>(parameters => parameters
            .Add(c => c.Draft, draft)
            .Add(c => c.AuthorId, _store.AgentId)
            .Add(c => c.Sent, status => _sent = status)
            .Add(c => c.Discarded, () => _discarded = true));
    }
}
