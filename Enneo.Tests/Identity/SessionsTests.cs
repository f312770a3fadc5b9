using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace Enneo.Tests.Identity;

public sealed class SessionsTests(MigratedStore store) : IClassFixture<MigratedStore>
{
    private static readonly SignInPlace s_laptop = new("Firefox on Linux", "198.51.100.1");

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>A new one knows nothing but what is stored, as after a restart.</summary>
    private Sessions Sessions => new(store.Get<IDbContextFactory<EnneoDbContext>>(), store.Get<WriterLane>(), _clock);

    [Fact]
    public async Task ASessionThatEndedStaysEnded_TheOthersGoOn()
    {
        var (anna, stamp) = await AddAsync("ended@example.test");
        var (first, second, third) = (await StartAsync(anna), await StartAsync(anna), await StartAsync(anna));

        await Sessions.SignOutAsync(anna, first, null, "web", Cancelled);
        Assert.Equal(1, await Sessions.EndAsync(anna, second, Actor.User(anna), "web", Cancelled));

        Assert.Equal(SessionState.Ended, await Sessions.CheckAsync(anna, stamp, first, Cancelled));
        Assert.Equal(SessionState.Ended, await Sessions.CheckAsync(anna, stamp, second, Cancelled));
        Assert.Equal(SessionState.Alive, await Sessions.CheckAsync(anna, stamp, third, Cancelled));
        Assert.Equal(third, Assert.Single(await Sessions.ListAsync(anna, Cancelled)).Id);
    }

    [Fact]
    public async Task NobodyEndsASessionOfSomebodyElse()
    {
        var (anna, stamp) = await AddAsync("mine@example.test");
        var (ben, _) = await AddAsync("theirs@example.test");
        var session = await StartAsync(anna);

        Assert.Equal(0, await Sessions.EndAsync(ben, session, Actor.User(ben), "web", Cancelled));

        Assert.Equal(SessionState.Alive, await Sessions.CheckAsync(anna, stamp, session, Cancelled));
        Assert.Equal(SessionState.Ended, await Sessions.CheckAsync(ben, stamp, session, Cancelled));
    }

    [Fact]
    public async Task SignedOutEverywhere_ButHereIfWanted()
    {
        var (anna, stamp) = await AddAsync("everywhere@example.test");
        var (here, there) = (await StartAsync(anna), await StartAsync(anna));

        Assert.Equal(1, await Sessions.EndAllAsync(anna, here, Actor.User(anna), "web", Cancelled));
        Assert.Equal(SessionState.Alive, await Sessions.CheckAsync(anna, stamp, here, Cancelled));
        Assert.Equal(SessionState.Ended, await Sessions.CheckAsync(anna, stamp, there, Cancelled));
        Assert.Equal(1, await Sessions.EndAllAsync(anna, null, Actor.User(anna), "web", Cancelled));
        Assert.Equal(SessionState.Ended, await Sessions.CheckAsync(anna, stamp, here, Cancelled));
    }

    [Fact]
    public async Task AnotherStampEndsThemAll_WhateverItWasChangedFor()
    {
        var (anna, stamp) = await AddAsync("stamp@example.test");
        var session = await StartAsync(anna);

        await store.Get<WriterLane>().RunAsync(
            (db, token) => db.Users.Where(u => u.Id == anna).ExecuteUpdateAsync(set => set.SetProperty(u => u.SecurityStamp, "another"), token), Cancelled);

        Assert.Equal(SessionState.Ended, await Sessions.CheckAsync(anna, stamp, session, Cancelled));
    }

    [Fact]
    public async Task AWeekOfSilenceEndsASession_AndAMonthAnyOther()
    {
        var (anna, stamp) = await AddAsync("age@example.test");
        var session = await StartAsync(anna);
        for (var day = 0; day < 30; day++)
        {
            Assert.Equal(SessionState.Alive, await Sessions.UseAsync(anna, stamp, session, "198.51.100.2", Cancelled));
            _clock.Advance(TimeSpan.FromDays(1));
        }

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(SessionState.Ended, await Sessions.UseAsync(anna, stamp, session, null, Cancelled));

        var silent = await StartAsync(anna);
        _clock.Advance(TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1));
        Assert.Equal(SessionState.Ended, await Sessions.CheckAsync(anna, stamp, silent, Cancelled));
        Assert.Empty(await Sessions.ListAsync(anna, Cancelled));
    }

    [Fact]
    public async Task AProofIsGoodForTenMinutes()
    {
        var (anna, _) = await AddAsync("proof@example.test");
        var session = await StartAsync(anna);
        Assert.True(await Sessions.IsProvenAsync(session, Cancelled));

        _clock.Advance(TimeSpan.FromMinutes(11));
        Assert.False(await Sessions.IsProvenAsync(session, Cancelled));
        await Sessions.NoteProofAsync(session, Cancelled);
        Assert.True(await Sessions.IsProvenAsync(session, Cancelled));
    }

    [Fact]
    public async Task APasswordThatItsOwnerChanges_EndsTheOtherSessions()
    {
        var (anna, stamp) = await AddAsync("change@example.test");
        var (here, there) = (await StartAsync(anna), await StartAsync(anna));

        var changed = await store.Get<Accounts>().ChangePasswordAsync(
            anna, "change@example.test", "rote Lampen im Wind", here, Actor.User(anna), "web", Cancelled);

        Assert.True(changed.Succeeded);
        Assert.Equal(anna, await store.Get<PasswordCheck>().FindAsync("change@example.test", "rote Lampen im Wind", Cancelled));
        Assert.Equal(SessionState.Alive, await Sessions.CheckAsync(anna, stamp, here, Cancelled));
        Assert.Equal(SessionState.Ended, await Sessions.CheckAsync(anna, stamp, there, Cancelled));
    }

    private async Task<string> StartAsync(long person) => (await Sessions.StartAsync(person, SignInMethod.Password, s_laptop, "web", Cancelled))!;

    private async Task<(long Id, string Stamp)> AddAsync(string email)
    {
        var id = (await store.Get<Accounts>().AddAsync(new NewAccount(email, "", Roles.Agent, "blaue Stühle im Regen"), Actor.Operator, "command", Cancelled)).UserId!.Value;
        await using var db = await store.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancelled);
        return (id, (await db.Users.SingleAsync(u => u.Id == id, Cancelled)).SecurityStamp!);
    }
}
