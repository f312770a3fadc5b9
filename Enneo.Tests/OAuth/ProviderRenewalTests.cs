using Enneo.Core.Activity;
using Enneo.Core.Connections;
using Enneo.Core.Mailboxes;
using Enneo.Core.OAuth;
using Enneo.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.OAuth;

/// <summary>Tokens of other providers for work that nobody watches: renewed once for all who ask, and when that ends, said in words.</summary>
public sealed class ProviderRenewalTests(OtherProvider provider) : IClassFixture<OtherProvider>, IAsyncLifetime
{
    private ProviderStore _store = null!;
    private long _mailboxId;
    private long _accountId;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private AccountTokens Tokens => _store.Get<AccountTokens>();

    public async ValueTask InitializeAsync()
    {
        _store = await ProviderStore.CreateAsync(provider, Cancel);
        _mailboxId = await _store.AddAsync(provider.Dovecot.NewUser(), Cancel);
        _accountId = await Tokens.AccountOfAsync(_mailboxId, Cancel);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    [Trait("Check", "OA09")]
    public async Task Many_who_find_the_same_token_refused_cause_one_renewal_and_the_newest_refresh_token_is_kept()
    {
        var rejected = await Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel);
        Assert.Equal(rejected, await Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel));
        provider.Oidc.RefreshDelay = TimeSpan.FromMilliseconds(300);
        var before = provider.Oidc.Refreshes;

        await using var other = EnneoStore.Open(_store.DataDirectory); // another process
        var renewed = await Task.WhenAll(
            Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel, rejected),
            Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel, rejected),
            other.Get<AccountTokens>().GetAsync(_accountId, TokenFor.Mail, Cancel, rejected));

        Assert.Equal(before + 1, provider.Oidc.Refreshes);
        Assert.NotEqual(rejected, Assert.Single(renewed.Distinct()));
        await Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel, early: true); // the provider takes each refresh token once
    }

    [Fact]
    public async Task A_refresh_token_that_stays_is_used_again()
    {
        provider.Oidc.Rotates = false;

        var first = await Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel, early: true);
        Assert.NotEqual(first, await Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel, early: true));
    }

    [Fact]
    [Trait("Check", "OA10")]
    public async Task The_job_renews_what_is_about_to_end_and_what_was_revoked_is_said_at_the_mailbox_and_not_asked_again_at_once()
    {
        provider.Oidc.Lifetime = TimeSpan.FromMinutes(7);
        await Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel, early: true);
        var before = provider.Oidc.Refreshes;
        await _store.Get<TokenRenewal>().RunAsync(Cancel);
        Assert.Equal(before + 1, provider.Oidc.Refreshes);

        provider.Oidc.RevokeAll();
        await _store.Get<TokenRenewal>().RunAsync(Cancel);
        await _store.Get<TokenRenewal>().RunAsync(Cancel);

        var status = (await _store.Store.ReportAsync(_mailboxId, Cancel)).Status;
        Assert.Equal(MailboxState.SignInAgain, status.State);
        Assert.Contains("revoked", status.Message, StringComparison.Ordinal);
        Assert.Equal(before + 2, provider.Oidc.Refreshes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Check", "OA15")]
    public async Task Removing_the_mailbox_takes_the_access_away_at_a_provider_that_takes_that_and_forgets_the_tokens_anyway(bool isTaken)
    {
        provider.Oidc.Revokes = isTaken;
        await using var store = await ProviderStore.CreateAsync(provider, Cancel); // that has not read what the provider publishes
        var mailboxId = await store.AddAsync(provider.Dovecot.NewUser(), Cancel);
        var before = provider.Oidc.Revocations.Count;

        Assert.True(await store.Get<MailboxRemoval>().RemoveAsync(mailboxId, erase: false, Actor.Operator, "test", Cancel));

        Assert.Equal(before + (isTaken ? 1 : 0), provider.Oidc.Revocations.Count);
        Assert.Equal(0, await store.Store.ReadAsync(db => db.ConnectedAccounts.CountAsync(Cancel), Cancel));
        if (isTaken)
        {
            Assert.Equal(provider.Oidc.GivenTokens.Last(), provider.Oidc.Revocations.Last()["token"]);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_consent_that_nobody_saved_for_a_day_is_given_back_unless_the_persons_other_mailbox_lives_by_it(bool hasMailbox)
    {
        var address = hasMailbox ? (await _store.MailboxAsync(_mailboxId, Cancel)).Address : "unsaved@example.test";
        await _store.ConnectAsync(address, Cancel);
        var given = provider.Oidc.GivenTokens.Last();
        var before = provider.Oidc.Revocations.Count;
        await _store.Get<AccountRecords>().ForgetUnsavedAsync(Cancel);
        Assert.Equal(before, provider.Oidc.Revocations.Count);

        var earlier = TimeProvider.System.GetUtcNow().AddHours(-25);
        await _store.ChangeAsync(db => db.ConnectedAccounts.Where(a => a.MailboxId == null).ExecuteUpdateAsync(set => set.SetProperty(a => a.ConnectedAt, earlier), Cancel), Cancel);
        await _store.Get<AccountRecords>().ForgetUnsavedAsync(Cancel);

        Assert.Equal(hasMailbox ? [] : [given], provider.Oidc.Revocations.Skip(before).Select(asked => asked["token"]));
        Assert.Equal(_mailboxId, await _store.Store.ReadAsync(db => db.ConnectedAccounts.Select(a => a.MailboxId).SingleAsync(Cancel), Cancel));
    }

    [Fact]
    public async Task Connecting_again_takes_the_place_of_what_was_refused()
    {
        provider.Oidc.RevokeAll();
        await Assert.ThrowsAsync<MailConnectionException>(() => Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel, early: true));

        var connected = await _store.ConnectAsync((await _store.MailboxAsync(_mailboxId, Cancel)).Address, Cancel, mailboxId: _mailboxId);
        Assert.Null(await _store.Get<MailboxEditing>().ReconnectAsync(_mailboxId, connected.Account!.Id, Actor.Operator, "test", Cancel));

        Assert.NotEmpty(await Tokens.GetAsync(await Tokens.AccountOfAsync(_mailboxId, Cancel), TokenFor.Mail, Cancel));
        Assert.Null((await _store.Get<AccountQueries>().FindAsync(_mailboxId, Cancel))!.Cause);
        Assert.Equal(1, await _store.Store.ReadAsync(db => db.ConnectedAccounts.CountAsync(Cancel), Cancel));
    }

    [Theory]
    [InlineData(503, "<h1>Service Unavailable</h1>", ConnectionProblem.ServerUnavailable, "could not be reached")]
    [InlineData(200, "not what was asked for", ConnectionProblem.ServerUnavailable, "could not be reached")]
    [InlineData(429, """{"error":"rate_limit_exceeded"}""", ConnectionProblem.ServerUnavailable, "could not be reached")]
    [InlineData(500, """{"error":"internal_failure"}""", ConnectionProblem.ServerUnavailable, "could not be reached")]
    [InlineData(403, "<h1>Forbidden by the proxy</h1>", ConnectionProblem.ServerUnavailable, "could not be reached")]
    [InlineData(400, """{"error":"slow_down"}""", ConnectionProblem.ServerUnavailable, "oauth.slow_down")]
    [InlineData(401, """{"error":"invalid_client"}""", ConnectionProblem.SignInRefused, "secret is wrong")]
    [InlineData(400, """{"error":"<script>"}""", ConnectionProblem.SignInRefused, "oauth.script")]
    public async Task What_the_provider_answers_is_understood(int status, string body, ConnectionProblem problem, string words)
    {
        provider.Oidc.TokenRefusal = (status, body);

        var refused = await Assert.ThrowsAsync<MailConnectionException>(() => Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel, early: true));

        Assert.Equal(problem, refused.Problem);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        provider.Oidc.TokenRefusal = null;
        Assert.Equal(problem is ConnectionProblem.ServerUnavailable, await IsGivenAsync());
    }

    [Fact]
    public async Task Tokens_that_other_keys_protected_are_lost_and_that_is_said()
    {
        await _store.ChangeAsync(db => db.ConnectedAccounts.ExecuteUpdateAsync(set => set.SetProperty(a => a.ProtectedTokens, new byte[200]), Cancel), Cancel);

        var lost = await Assert.ThrowsAsync<MailConnectionException>(() => Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel));

        Assert.Contains("cannot be decrypted", lost.Message, StringComparison.Ordinal);
    }

    private async Task<bool> IsGivenAsync()
    {
        try
        {
            return (await Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel, early: true)).Length > 0;
        }
        catch (MailConnectionException)
        {
            return false;
        }
    }
}
