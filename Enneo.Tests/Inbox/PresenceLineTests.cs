using System.Globalization;
using Bunit;
using Enneo.Core.Integrations;
using Enneo.Web.Inbox;

namespace Enneo.Tests.Inbox;

/// <summary>Who else has a conversation before them.</summary>
public sealed class PresenceLineTests : IAsyncLifetime
{
    private const long Ticket = 17;
    private const long Somebody = 4711;

    private readonly InboxStore _store = new();

    private Presence Presence => _store.Get<Presence>();

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task SaysWhoIsThereAndWhoWrites_AndTellsThemOfThisPerson()
    {
        await using InboxScreen screen = new(_store);
        var line = Render(screen, isReplying: false);
        Assert.Empty(line.FindAll("span"));

        Presence.Ping(Ticket, Somebody);
        await line.WaitForAssertionAsync(() => Assert.Equal(string.Format(CultureInfo.CurrentCulture, InboxText.IsHereToo, InboxText.Somebody), line.Find("span").TextContent));
        Presence.Ping(Ticket, Somebody, isReplying: true);
        await line.WaitForAssertionAsync(() => Assert.Equal(string.Format(CultureInfo.CurrentCulture, InboxText.IsReplying, InboxText.Somebody), line.Find("span.replying").TextContent));
        Presence.Leave(Ticket, Somebody);
        await line.WaitForAssertionAsync(() => Assert.Empty(line.FindAll("span")));

        Assert.Equal([(_store.AgentId, false)], Presence.OfTicket(Ticket).Select(person => (person.UserId, person.IsReplying)));
    }

    [Fact]
    public async Task WhoWritesIsSeenWriting_AndWhoSaysNothingMoreIsGone()
    {
        await using InboxScreen screen = new(_store);
        Presence.Ping(Ticket, Somebody);
        var line = Render(screen, isReplying: true);
        Assert.Contains(Presence.OfTicket(Ticket), person => person.UserId == _store.AgentId && person.IsReplying);

        for (var i = 0; i < 3; i++)
        {
            _store.Clock.Advance(TimeSpan.FromSeconds(12));
        }

        await line.WaitForAssertionAsync(() => Assert.Empty(line.FindAll("span")));
        Assert.Equal([_store.AgentId], Presence.OfTicket(Ticket).Select(person => person.UserId));
    }

    private IRenderedComponent<PresenceLine> Render(InboxScreen screen, bool isReplying) => screen.Render<PresenceLine>(parameters => parameters
        .Add(line => line.TicketId, Ticket).Add(line => line.Person, new InboxPerson(_store.AgentId, false)).Add(line => line.IsReplying, isReplying));
}
