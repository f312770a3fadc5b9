using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Identity.Invitations;
using Enneo.Core.Mailboxes;
using Enneo.Tests.Inbox;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Identity;

/// <summary>What admins decide about people, and how people join.</summary>
public sealed class PeopleTests : IAsyncLifetime
{
    private const string Password = "four words of ben";

    private readonly InboxStore _store = new();
    private long _support;
    private long _sales;
    private Actor _chief = Actor.System;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Inviting Inviting => _store.Get<Inviting>();

    private PeopleEditing Editing => _store.Get<PeopleEditing>();

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        _support = (await _store.AddMailboxAsync("Support")).Id;
        _sales = (await _store.AddMailboxAsync("Sales")).Id;
        var added = await _store.Get<Accounts>().AddAsync(new NewAccount("chief@example.com", "Chief", Roles.Admin, "four words of the chief"), Actor.Operator, "test", Cancel);
        _chief = Actor.User(added.UserId!.Value);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task WhoIsInvitedJoinsOnceAndSeesWhatTheInvitationSays()
    {
        var link = (await Inviting.InviteAsync(new("ben@example.com", "Ben", Roles.Agent, [_support]), _chief, "test", Cancel)).Link!;

        Assert.Equal(new InvitationOffer(InvitationState.Open, "ben@example.com", "Ben"), await OfferAsync(link.Token));
        var joined = await Inviting.AcceptAsync(link.Token, "", Password, "test", Cancel);
        Assert.Equal(Reach.Of(_support), await _store.Get<Reaches>().FindAsync(joined.UserId!.Value, Cancel));
        Assert.Equal(joined.UserId, await _store.Get<PasswordCheck>().FindAsync("ben@example.com", Password, Cancel));

        Assert.Equal(InvitationState.Used, (await OfferAsync(link.Token)).State);
        Assert.False((await Inviting.AcceptAsync(link.Token, "", Password, "test", Cancel)).Succeeded);
    }

    [Fact]
    public async Task TheLinkItselfIsKeptNowhere()
    {
        var link = (await Inviting.InviteAsync(new("ben@example.com", "Ben", Roles.Agent), _chief, "test", Cancel)).Link!;

        await using var db = await _store.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        Assert.DoesNotContain(link.Token, (await db.Invitations.SingleAsync(Cancel)).TokenHash, StringComparison.Ordinal);
        Assert.DoesNotContain(await db.Activity.ToListAsync(Cancel), entry => entry.Changes.Contains(link.Token, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task ALinkThatNobodyMadeLeadsNowhere(string token)
    {
        await Inviting.InviteAsync(new("ben@example.com", "Ben", Roles.Agent), _chief, "test", Cancel);

        Assert.Equal(InvitationState.Unknown, (await OfferAsync(token)).State);
        Assert.False((await Inviting.AcceptAsync(token, "Ben", Password, "test", Cancel)).Succeeded);
    }

    [Fact]
    public async Task AfterSevenDaysTheLinkIsOverAndANewOneTakesItsPlace()
    {
        var old = (await Inviting.InviteAsync(new("ben@example.com", "Ben", Roles.Agent), _chief, "test", Cancel)).Link!;
        _store.Clock.Advance(TimeSpan.FromDays(7));

        Assert.Equal(InvitationState.Expired, (await OfferAsync(old.Token)).State);
        Assert.False((await Inviting.AcceptAsync(old.Token, "Ben", Password, "test", Cancel)).Succeeded);
        var again = (await Inviting.InviteAgainAsync(old.InvitationId, _chief, "test", Cancel)).Link!;
        Assert.Equal(InvitationState.Unknown, (await OfferAsync(old.Token)).State);
        Assert.Equal(InvitationState.Open, (await OfferAsync(again.Token)).State);
    }

    [Fact]
    public async Task AWithdrawnInvitationLeadsNowhereAndAnotherCanBeMade()
    {
        var link = (await Inviting.InviteAsync(new("ben@example.com", "Ben", Roles.Agent), _chief, "test", Cancel)).Link!;
        Assert.Equal(PeopleText.InvitedAlready, (await Inviting.InviteAsync(new("BEN@example.com", "", Roles.Agent), _chief, "test", Cancel)).Problem);

        Assert.Null(await Inviting.WithdrawAsync(link.InvitationId, _chief, "test", Cancel));

        Assert.Equal(InvitationState.Withdrawn, (await OfferAsync(link.Token)).State);
        Assert.Empty(await _store.Get<InvitationQueries>().ListAsync(_chief, Cancel));
        Assert.NotNull((await Inviting.InviteAsync(new("ben@example.com", "", Roles.Agent), _chief, "test", Cancel)).Link);
    }

    [Fact]
    public async Task OnlyAdminsDecideAboutPeople()
    {
        var agent = Actor.User(_store.AgentId);
        var link = (await Inviting.InviteAsync(new("ben@example.com", "Ben", Roles.Agent), _chief, "test", Cancel)).Link!;

        Assert.Equal(PeopleText.OnlyAdmins, (await Inviting.InviteAsync(new("eve@example.com", "Eve", Roles.Admin), agent, "test", Cancel)).Problem);
        Assert.Equal(PeopleText.OnlyAdmins, (await Inviting.InviteAgainAsync(link.InvitationId, agent, "test", Cancel)).Problem);
        Assert.Equal(PeopleText.OnlyAdmins, await Inviting.WithdrawAsync(link.InvitationId, agent, "test", Cancel));
        Assert.Equal(PeopleText.OnlyAdmins, (await Editing.ChangeAsync(_store.AgentId, Roles.Admin, null, agent, "test", Cancel)).Problem);
        Assert.Equal(PeopleText.OnlyAdmins, (await Editing.DisableAsync(_chief.UserId!.Value, agent, "test", Cancel)).Problem);
        Assert.Equal(PeopleText.OnlyAdmins, (await Editing.EnableAsync(_chief.UserId.Value, agent, "test", Cancel)).Problem);
        Assert.Empty(await _store.Get<InvitationQueries>().ListAsync(agent, Cancel));
    }

    [Fact]
    public async Task ThereIsAlwaysAnAdminWhoCanSignIn()
    {
        var chief = _chief.UserId!.Value;
        Assert.Equal(PeopleText.LastAdmin, (await Editing.DisableAsync(chief, _chief, "test", Cancel)).Problem);
        Assert.Equal(PeopleText.LastAdmin, (await Editing.ChangeAsync(chief, Roles.Agent, null, _chief, "test", Cancel)).Problem);

        await Editing.ChangeAsync(_store.AgentId, Roles.Admin, null, _chief, "test", Cancel);
        await Editing.DisableAsync(_store.AgentId, _chief, "test", Cancel);
        Assert.Equal(PeopleText.LastAdmin, (await Editing.DisableAsync(chief, _chief, "test", Cancel)).Problem);

        await Editing.EnableAsync(_store.AgentId, _chief, "test", Cancel);
        Assert.True((await Editing.ChangeAsync(chief, Roles.Agent, null, _chief, "test", Cancel)).Succeeded);
    }

    [Fact]
    public async Task WhoIsDisabledSeesNothingAndCannotSignIn()
    {
        var ben = (await _store.Get<Accounts>().AddAsync(new NewAccount("ben@example.com", "Ben", Roles.Agent, Password), _chief, "test", Cancel)).UserId!.Value;

        await Editing.DisableAsync(ben, _chief, "test", Cancel);

        Assert.Equal(Reach.None, await _store.Get<Reaches>().FindAsync(ben, Cancel));
        Assert.Null(await _store.Get<PasswordCheck>().FindAsync("ben@example.com", Password, Cancel));
    }

    [Fact]
    public async Task OnlyWhoSeesAMailboxIsGivenItsTickets()
    {
        var received = await _store.ReceiveAsync(await MailboxAsync(_sales), "An order");
        await Editing.ChangeAsync(_store.AgentId, Roles.Agent, [_support], _chief, "test", Cancel);
        var editing = _store.Get<Enneo.Core.Tickets.Editing.TicketEditing>();

        Assert.Empty(await editing.AssignAsync([received.TicketId], _store.AgentId, _chief, "test", Cancel));
        Assert.Single(await editing.AssignAsync([received.TicketId], _chief.UserId, _chief, "test", Cancel));
    }

    [Fact]
    public async Task WhoWasHereBeforeMailboxesWereGrantedSeesThoseOfThenAndNotThoseOfLater()
    {
        await _store.Get<WriterLane>().RunAsync((db, token) => db.Database.ExecuteSqlAsync($"DELETE FROM mailbox_grants", token), Cancel);
        await _store.Get<WriterLane>().RunAsync((db, token) => db.Settings.Where(s => s.Name == "mailbox-grants").ExecuteDeleteAsync(token), Cancel);

        await _store.Get<WriterLane>().RunAsync((db, token) => EarlierAccess.KeepAsync(db, token), Cancel);
        Assert.Equal(Reach.Of(_support, _sales), await _store.Get<Reaches>().FindAsync(_store.AgentId, Cancel));

        await Editing.ChangeAsync(_store.AgentId, Roles.Agent, [_sales], _chief, "test", Cancel);
        await _store.Get<WriterLane>().RunAsync((db, token) => EarlierAccess.KeepAsync(db, token), Cancel);
        Assert.Equal(Reach.Of(_sales), await _store.Get<Reaches>().FindAsync(_store.AgentId, Cancel));
    }

    private Task<InvitationOffer> OfferAsync(string token) => _store.Get<InvitationQueries>().FindAsync(token, Cancel);

    private async Task<Mailbox> MailboxAsync(long id)
    {
        await using var db = await _store.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        return await db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == id, Cancel);
    }
}
