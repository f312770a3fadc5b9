using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Enneo.Tests.Identity;

public sealed class AccountsTests(MigratedStore store) : IClassFixture<MigratedStore>
{
    private const string Password = "blaue Stühle im Regen";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private Accounts Accounts => store.Get<Accounts>();

    [Fact]
    public async Task APersonIsInTheLogFromTheStart()
    {
        var added = await AddAsync("log@example.test", Roles.Agent);
        await StartSessionAsync(added);
        await Accounts.ResetAsync("LOG@example.test", Password + "!", Actor.Operator, "command", Cancelled);

        await using var db = await store.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancelled);
        var entries = (await db.Activity.OrderBy(e => e.Sequence).ToListAsync(Cancelled))
            .Where(e => e.ActorUserId == added || e.Changes.Contains($"\"user\":[null,{added}]", StringComparison.Ordinal))
            .ToList();
        Assert.Equal([ActivityKind.UserAdded, ActivityKind.UserSignedIn, ActivityKind.UserReset, ActivityKind.SessionsEnded], entries.Select(e => e.Kind));
        Assert.All(entries, e => Assert.DoesNotContain("@", e.Changes, StringComparison.Ordinal));
    }

    [Fact]
    public async Task PasswordsAreHashedSlowly()
    {
        await AddAsync("slow@example.test", Roles.Agent);

        var hash = Convert.FromBase64String((await FindAsync("slow@example.test")).PasswordHash!);
        Assert.Equal(2, ReadBigEndian(hash, 1)); // HMAC-SHA512
        Assert.True(ReadBigEndian(hash, 5) >= 210_000);
    }

    [Fact]
    public async Task AnOlderHashIsMadeAnewAtTheNextSignIn()
    {
        var added = await AddAsync("old@example.test", Roles.Agent);
        PasswordHasher<User> weak = new(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 }));
        var old = weak.HashPassword(new User(), Password);
        await store.Get<WriterLane>().RunAsync(
            (db, token) => db.Users.Where(u => u.Id == added).ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, old), token), Cancelled);

        Assert.Null(await store.Get<PasswordCheck>().FindAsync("old@example.test", "wrong", Cancelled));
        Assert.Equal(old, (await FindAsync("old@example.test")).PasswordHash);
        Assert.Equal(added, await store.Get<PasswordCheck>().FindAsync("old@example.test", Password, Cancelled));
        Assert.NotEqual(old, (await FindAsync("old@example.test")).PasswordHash);
        Assert.Equal(added, await store.Get<PasswordCheck>().FindAsync("old@example.test", Password, Cancelled));
    }

    [Fact]
    public async Task AResetChangesPasswordAndStamp()
    {
        var added = await AddAsync("reset@example.test", Roles.Agent);
        var before = await FindAsync("reset@example.test");
        var session = await StartSessionAsync(added);
        Assert.Equal(SessionState.Alive, await CheckAsync(added, before.SecurityStamp!, session));

        Assert.True((await Accounts.ResetAsync("reset@example.test", "rote Lampen im Wind", Actor.Operator, "command", Cancelled)).Succeeded);

        Assert.Null(await store.Get<PasswordCheck>().FindAsync("reset@example.test", Password, Cancelled));
        Assert.Equal(added, await store.Get<PasswordCheck>().FindAsync("reset@example.test", "rote Lampen im Wind", Cancelled));
        Assert.Equal(SessionState.Ended, await CheckAsync(added, before.SecurityStamp!, session));
    }

    [Fact]
    public async Task TheFirstAdminIsMadeOnce_EvenIfTheyAreRemovedLater()
    {
        await using MigratedStore fresh = new();
        await fresh.InitializeAsync();
        var accounts = fresh.Get<Accounts>();
        Assert.True(await accounts.IsFirstRunOpenAsync(Cancelled));

        var first = await accounts.AddFirstAdminAsync(new NewAccount("a@example.test", "A", Roles.Admin, Password), "web", Cancelled);
        var second = await accounts.AddFirstAdminAsync(new NewAccount("b@example.test", "B", Roles.Admin, Password), "web", Cancelled);
        await fresh.Get<WriterLane>().RunAsync((db, token) => db.Users.ExecuteDeleteAsync(token), Cancelled);

        Assert.True(first.Succeeded);
        Assert.False(second.Succeeded);
        Assert.False(await accounts.IsFirstRunOpenAsync(Cancelled));
    }

    [Fact]
    public async Task AnAgentLeavesTheFirstRunOpen()
    {
        await using MigratedStore fresh = new();
        await fresh.InitializeAsync();
        var accounts = fresh.Get<Accounts>();
        await accounts.AddAsync(new NewAccount("a@example.test", "", Roles.Agent, Password), Actor.Operator, "command", Cancelled);

        Assert.True(await accounts.IsFirstRunOpenAsync(Cancelled));
        var person = Assert.Single(await accounts.ListAsync(Cancelled));
        Assert.Equal(("a", "a@example.test", Roles.Agent), (person.DisplayName, person.Email, person.Role));
    }

    private static int ReadBigEndian(byte[] bytes, int offset) =>
        System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(offset));

    private async Task<long> AddAsync(string email, string role) =>
        (await Accounts.AddAsync(new NewAccount(email, "", role, Password), Actor.Operator, "command", Cancelled)).UserId!.Value;

    private async Task<User> FindAsync(string email)
    {
        await using var db = await store.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancelled);
        return await db.Users.AsNoTracking().SingleAsync(u => u.Email == email, Cancelled);
    }

    private async Task<string> StartSessionAsync(long userId) =>
        (await store.Get<Sessions>().StartAsync(userId, SignInMethod.Password, new SignInPlace("Firefox on Linux", "198.51.100.1"), "web", Cancelled))!;

    private Task<SessionState> CheckAsync(long userId, string stamp, string session) => store.Get<Sessions>().CheckAsync(userId, stamp, session, Cancelled);
}
