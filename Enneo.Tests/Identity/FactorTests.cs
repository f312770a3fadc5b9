using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Identity.Factors;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using OtpNet;

namespace Enneo.Tests.Identity;

public sealed class FactorTests(MigratedStore store) : IClassFixture<MigratedStore>
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private AuthenticatorApps Apps => new(store.Get<IDbContextFactory<EnneoDbContext>>(), store.Get<WriterLane>(), store.Get<IDataProtectionProvider>(), _clock);

    [Fact]
    public async Task ACodeOfTheApp_IsTakenOnce_AndNoneBeforeIt()
    {
        var anna = await AddAsync("once@example.test");
        var app = await SetUpAsync(anna);

        _clock.Advance(TimeSpan.FromSeconds(30));
        var earlier = Code(app);
        _clock.Advance(TimeSpan.FromSeconds(30));
        var now = Code(app);
        Assert.True(await Apps.UseAsync(anna, now, Cancelled));
        Assert.False(await Apps.UseAsync(anna, now, Cancelled));
        Assert.False(await Apps.UseAsync(anna, earlier, Cancelled)); // would still be within the window

        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.True(await Apps.UseAsync(anna, Code(app).Insert(3, " "), Cancelled)); // as apps show it
    }

    [Fact]
    public async Task ACodeOfAMinuteAgoIsTooLate()
    {
        var anna = await AddAsync("late@example.test");
        var app = await SetUpAsync(anna);
        _clock.Advance(TimeSpan.FromMinutes(5));
        var old = Code(app);
        _clock.Advance(TimeSpan.FromSeconds(61));

        Assert.False(await Apps.UseAsync(anna, old, Cancelled));
        Assert.False(await Apps.UseAsync(anna, "", Cancelled));
        Assert.False(await Apps.UseAsync(anna + 1000, Code(app), Cancelled));
    }

    [Fact]
    public async Task TheSecretIsEncrypted_AndOneThatWasNeverConfirmedIsNoFactor()
    {
        var anna = await AddAsync("secret@example.test");
        var pending = await Apps.BeginAsync(anna, "secret@example.test", Cancelled);
        Assert.Equal(pending, await Apps.BeginAsync(anna, "secret@example.test", Cancelled));
        Assert.StartsWith("otpauth://totp/Enneo:secret", pending.Link, StringComparison.Ordinal);
        Assert.Null(await Apps.ConfirmAsync(anna, "000000", Actor.User(anna), "web", Cancelled));
        Assert.False((await OfAsync(anna)).HasAny);

        await Apps.ConfirmAsync(anna, Code(pending), Actor.User(anna), "web", Cancelled);
        await using var db = await store.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancelled);
        var row = await db.AuthenticatorApps.SingleAsync(a => a.UserId == anna, Cancelled);
        Assert.DoesNotContain(pending.Secret, row.ProtectedSecret, StringComparison.Ordinal);
        Assert.True((await OfAsync(anna)).HasApp);
    }

    [Fact]
    public async Task WithoutItsKeys_TheAppIsRefused_AndRecoveryCodesGoOn()
    {
        var anna = await AddAsync("keys@example.test");
        var pending = await Apps.BeginAsync(anna, "keys@example.test", Cancelled);
        var codes = await Apps.ConfirmAsync(anna, Code(pending), Actor.User(anna), "web", Cancelled);
        _clock.Advance(TimeSpan.FromMinutes(1));

        AuthenticatorApps restored = new(store.Get<IDbContextFactory<EnneoDbContext>>(), store.Get<WriterLane>(), new EphemeralDataProtectionProvider(), _clock);
        Assert.False(await restored.UseAsync(anna, Code(pending), Cancelled));
        Assert.True(await store.Get<RecoveryCodes>().UseAsync(anna, codes![0], Cancelled));
    }

    [Fact]
    public async Task ARecoveryCode_IsTakenOnce_HoweverItIsTyped_AndOnlyFromItsOwner()
    {
        var (anna, ben) = (await AddAsync("codes@example.test"), await AddAsync("others@example.test"));
        var codes = store.Get<RecoveryCodes>();
        var made = await codes.MakeAsync(anna, Actor.User(anna), "web", Cancelled);

        Assert.Equal(RecoveryCodes.Count, made.Distinct().Count());
        Assert.False(await codes.UseAsync(ben, made[0], Cancelled));
        Assert.True(await codes.UseAsync(anna, $" {made[0].ToLowerInvariant().Replace('-', ' ')} ", Cancelled));
        Assert.False(await codes.UseAsync(anna, made[0], Cancelled));
        Assert.Equal(RecoveryCodes.Count - 1, (await OfAsync(anna)).RecoveryCodesLeft);

        await codes.MakeAsync(anna, Actor.User(anna), "web", Cancelled);
        Assert.False(await codes.UseAsync(anna, made[1], Cancelled));
    }

    [Fact]
    public async Task TheFirstFactorBringsRecoveryCodes_AndTheLastTakesThemAway()
    {
        var anna = await AddAsync("first@example.test");
        var passkeys = store.Get<Passkeys>();
        Assert.Equal(RecoveryCodes.Count, (await passkeys.AddAsync(anna, Passkey(1), "Laptop", Actor.User(anna), "web", Cancelled)).Count);
        Assert.Empty(await passkeys.AddAsync(anna, Passkey(2), "Phone", Actor.User(anna), "web", Cancelled));

        await passkeys.RenameAsync(anna, [1], "Old laptop", Actor.User(anna), "web", Cancelled);
        Assert.True(await passkeys.UseAsync(anna, Passkey(1, signCount: 7), Cancelled));
        var overview = await OfAsync(anna);
        Assert.Equal(["Old laptop", "Phone"], overview.Passkeys.Select(p => p.Name).Order());
        Assert.NotNull(overview.Passkeys.Single(p => p.Name == "Old laptop").LastUsedAt);

        Assert.True(await passkeys.RemoveAsync(anna, [1], Actor.User(anna), "web", Cancelled));
        Assert.False(await passkeys.UseAsync(anna, Passkey(1), Cancelled));
        Assert.Equal(RecoveryCodes.Count, (await OfAsync(anna)).RecoveryCodesLeft);
        Assert.True(await passkeys.RemoveAsync(anna, [2], Actor.User(anna), "web", Cancelled));
        Assert.Equal(0, (await OfAsync(anna)).RecoveryCodesLeft);
    }

    [Fact]
    public async Task WhereItIsRequired_TheLastFactorStays_AndWhoHasNoneMustSetItUp()
    {
        await using MigratedStore fresh = new();
        await fresh.InitializeAsync();
        var (accounts, step, sessions) = (fresh.Get<Accounts>(), fresh.Get<SecondStep>(), fresh.Get<Sessions>());
        var admin = (await accounts.AddAsync(new NewAccount("a@example.test", "", Roles.Admin, "blaue Stühle im Regen"), Actor.Operator, "command", Cancelled)).UserId!.Value;
        var agent = (await accounts.AddAsync(new NewAccount("b@example.test", "", Roles.Agent, "blaue Stühle im Regen"), Actor.Operator, "command", Cancelled)).UserId!.Value;
        Dictionary<long, string> started = [];
        foreach (var person in (long[])[admin, agent])
        {
            started[person] = (await sessions.StartAsync(person, SignInMethod.Password, new SignInPlace("Firefox", null), "web", Cancelled))!;
        }

        Assert.Equal((SessionState.Alive, SessionState.Alive), (await CheckAsync(admin), await CheckAsync(agent)));
        await step.SetAsync(SecondStepRequirement.Admins, Actor.User(admin), "web", Cancelled);
        Assert.Equal((SessionState.NeedsSecondStep, SessionState.Alive), (await CheckAsync(admin), await CheckAsync(agent)));
        await step.SetAsync(SecondStepRequirement.Everybody, Actor.User(admin), "web", Cancelled);
        Assert.Equal((SessionState.NeedsSecondStep, SessionState.NeedsSecondStep), (await CheckAsync(admin), await CheckAsync(agent)));

        var passkeys = fresh.Get<Passkeys>();
        await passkeys.AddAsync(agent, Passkey(1), "Phone", Actor.User(agent), "web", Cancelled);
        Assert.Equal(SessionState.Alive, await CheckAsync(agent));
        Assert.False(await passkeys.RemoveAsync(agent, [1], Actor.User(agent), "web", Cancelled));
        await passkeys.AddAsync(agent, Passkey(2), "Laptop", Actor.User(agent), "web", Cancelled);
        Assert.True(await passkeys.RemoveAsync(agent, [1], Actor.User(agent), "web", Cancelled));

        async Task<SessionState> CheckAsync(long person)
        {
            await using var db = await fresh.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancelled);
            var stamp = (await db.Users.SingleAsync(u => u.Id == person, Cancelled)).SecurityStamp!;
            return await sessions.CheckAsync(person, stamp, started[person], Cancelled);
        }
    }

    [Fact]
    public async Task AResetTakesEverythingButThePassword_AndEndsEverySession()
    {
        var anna = await AddAsync("reset@example.test");
        await SetUpAsync(anna);
        await store.Get<Passkeys>().AddAsync(anna, Passkey(9), "Phone", Actor.User(anna), "web", Cancelled);
        await store.Get<Sessions>().StartAsync(anna, SignInMethod.Passkey, new SignInPlace("Firefox", null), "web", Cancelled);

        await store.Get<FactorReset>().RunAsync(anna, Actor.Operator, "command", Cancelled);

        var left = await OfAsync(anna);
        Assert.False(left.HasAny);
        Assert.Equal(0, left.RecoveryCodesLeft);
        Assert.Empty(await store.Get<Sessions>().ListAsync(anna, Cancelled));
        Assert.Equal(anna, await store.Get<PasswordCheck>().FindAsync("reset@example.test", "blaue Stühle im Regen", Cancelled));
    }

    [Fact]
    public async Task SixDigitsAreNotTakenWhileSomebodyGuessesFromEverywhere_RecoveryCodesAre()
    {
        var anna = await AddAsync("guessed@example.test");
        var pending = await Apps.BeginAsync(anna, "guessed@example.test", Cancelled);
        var codes = await Apps.ConfirmAsync(anna, Code(pending), Actor.User(anna), "web", Cancelled);
        SecondFactors factors = new(Apps, store.Get<RecoveryCodes>());
        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(await factors.UseAsync(anna, Code(pending), SecondFactors.MostWrongCodes + 1, Cancelled));
        Assert.Equal(SignInMethod.RecoveryCode, await factors.UseAsync(anna, codes![3], SecondFactors.MostWrongCodes + 1, Cancelled));
        Assert.Equal(SignInMethod.AuthenticatorApp, await factors.UseAsync(anna, Code(pending), SecondFactors.MostWrongCodes, Cancelled));
    }

    private static UserPasskeyInfo Passkey(byte id, uint signCount = 0) =>
        new([id], [1, 2, 3], new DateTimeOffset(2026, 11, id, 9, 0, 0, TimeSpan.Zero), signCount, ["internal"], true, true, true, [4], [5]);

    private string Code(AppSecret secret) => new Totp(Base32Encoding.ToBytes(secret.Secret)).ComputeTotp(_clock.GetUtcNow().UtcDateTime);

    private async Task<AppSecret> SetUpAsync(long person)
    {
        var secret = await Apps.BeginAsync(person, "anna@example.test", Cancelled);
        Assert.NotNull(await Apps.ConfirmAsync(person, Code(secret), Actor.User(person), "web", Cancelled));
        return secret;
    }

    private Task<FactorOverview> OfAsync(long person) => store.Get<FactorQueries>().OfAsync(person, Cancelled);

    private async Task<long> AddAsync(string email) =>
        (await store.Get<Accounts>().AddAsync(new NewAccount(email, "", Roles.Agent, "blaue Stühle im Regen"), Actor.Operator, "command", Cancelled)).UserId!.Value;
}
