using Enneo.Core.Activity;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.OAuth;
using Enneo.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Microsoft365;

/// <summary>Tokens for work that nobody watches: renewed by themselves, once for all who ask, and when that ends, said in words.</summary>
public sealed class RenewalTests(Office365 office) : IClassFixture<Office365>, IAsyncLifetime
{
    private ConnectedStore _store = null!;
    private long _mailboxId;
    private long _accountId;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private AccountTokens Tokens => _store.Get<AccountTokens>();

    public async ValueTask InitializeAsync()
    {
        _store = await ConnectedStore.CreateAsync(office, Cancel);
        _mailboxId = await _store.AddAsync(office.Dovecot.NewUser(), Cancel);
        _accountId = await Tokens.AccountOfAsync(_mailboxId, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        (office.Entra.SignsWrongly, office.Entra.Lifetime, office.Entra.RefreshDelay, office.Entra.RefreshIn) = (false, TimeSpan.FromHours(1), TimeSpan.Zero, null);
        office.Entra.TokenRefusals.Clear();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task A_token_that_is_good_is_used_again()
    {
        var before = office.Entra.Refreshes;

        Assert.Equal(await Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel), await Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel));
        Assert.Equal(before, office.Entra.Refreshes);
    }

    [Fact]
    [Trait("Check", "OA09")]
    public async Task Many_who_find_the_same_token_refused_cause_one_renewal_and_the_newest_refresh_token_is_kept()
    {
        var rejected = await Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel);
        office.Entra.RefreshDelay = TimeSpan.FromMilliseconds(300);
        var before = office.Entra.Refreshes;

        await using var other = EnneoStore.Open(_store.DataDirectory); // another process
        var renewed = await Task.WhenAll(
            Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel, rejected),
            Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel, rejected),
            other.Get<AccountTokens>().GetAsync(_accountId, TokenFor.Mail, Cancel, rejected));

        Assert.Equal(before + 1, office.Entra.Refreshes);
        Assert.NotEqual(rejected, Assert.Single(renewed.Distinct()));
        await Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel, early: true); // the authority takes each refresh token once
        await Tokens.GetAsync(_accountId, TokenFor.Graph, Cancel);
    }

    [Fact]
    public async Task A_token_that_Microsoft_would_have_renewed_early_is_not_renewed_behind_our_back_and_the_newest_refresh_token_is_kept()
    {
        office.Entra.RefreshIn = TimeSpan.FromMinutes(-10);
        await Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel, early: true);
        var before = office.Entra.Refreshes;

        await Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel);
        await Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel);
        for (var wait = 0; wait < 20 && office.Entra.Refreshes == before; wait++)
        {
            await Task.Delay(20, Cancel); // MSAL would do it in the background
        }

        Assert.Equal(before, office.Entra.Refreshes);
        Assert.NotEmpty(await Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel, early: true)); // the authority takes each refresh token once
    }

    [Fact]
    [Trait("Check", "OA14")]
    public async Task A_server_that_refuses_the_token_is_asked_again_with_a_new_one()
    {
        office.Entra.SignsWrongly = true;
        await Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel, early: true);
        office.Entra.SignsWrongly = false;
        var before = office.Entra.Refreshes;

        using var client = await _store.Get<MailboxSignIn>().ImapAsync(await MailboxAsync(), Cancel);

        Assert.Equal((true, before + 1), (client.IsAuthenticated, office.Entra.Refreshes));
        await client.DisconnectAsync(true, Cancel);
    }

    [Fact]
    public async Task A_server_that_refuses_the_new_token_too_is_explained()
    {
        office.Entra.SignsWrongly = true;
        await Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel, early: true);

        var refused = await Assert.ThrowsAsync<MailConnectionException>(async () => await _store.Get<MailboxSignIn>().ImapAsync(await MailboxAsync(), Cancel));

        Assert.Equal(ConnectionProblem.SignInRefused, refused.Problem);
        Assert.Contains("the mail server still refuses it", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("invalid_grant", 50173, "password was changed")]
    [InlineData("invalid_grant", 700082, "90 days")]
    [InlineData("interaction_required", 50076, "second step")]
    [InlineData("interaction_required", 53003, "conditional access")]
    [InlineData("invalid_grant", 65001, "agreed")]
    [InlineData("invalid_client", 7000222, "secret has expired")]
    [InlineData("invalid_grant", 999999, "AADSTS999999")]
    [Trait("Check", "OA10")]
    public async Task A_refusal_is_told_in_words_with_who_can_help_and_not_asked_again_at_once(string error, int code, string words)
    {
        office.Entra.TokenRefusals["refresh_token"] = new EntraRefusal(error, code);
        var before = office.Entra.Refreshes;

        var refused = await Assert.ThrowsAsync<MailConnectionException>(() => Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel, early: true));
        var again = await Assert.ThrowsAsync<MailConnectionException>(() => Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel, early: true));

        Assert.Equal(ConnectionProblem.SignInRefused, refused.Problem);
        Assert.Contains(words, refused.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"AADSTS{code}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(refused.Message, again.Message);
        Assert.Equal(before + 1, office.Entra.Refreshes);
    }

    [Theory]
    [InlineData(90033, "is busy")]
    [InlineData(90090, "could not be reached")] // a code that nobody here knows
    [InlineData(0, "could not be reached")]
    public async Task An_authority_that_is_busy_is_no_reason_to_sign_in_again(int code, string words)
    {
        office.Entra.TokenRefusals["refresh_token"] = new EntraRefusal("temporarily_unavailable", code, Status: 503);

        var busy = await Assert.ThrowsAsync<MailConnectionException>(() => Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel, early: true));
        Assert.Equal(ConnectionProblem.ServerUnavailable, busy.Problem);
        Assert.Contains(words, busy.Message, StringComparison.Ordinal);

        office.Entra.TokenRefusals.Clear();
        Assert.NotEmpty(await Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel, early: true));
    }

    [Fact]
    public async Task The_job_renews_what_is_about_to_end_and_says_at_the_mailbox_when_it_cannot()
    {
        office.Entra.Lifetime = TimeSpan.FromMinutes(7);
        await Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel, early: true);
        office.Entra.Lifetime = TimeSpan.FromHours(1);
        var before = office.Entra.Refreshes;

        await _store.Get<TokenRenewal>().RunAsync(Cancel);
        await _store.Get<TokenRenewal>().RunAsync(Cancel);
        Assert.Equal(before + 1, office.Entra.Refreshes);

        office.Entra.Lifetime = TimeSpan.FromMinutes(7);
        await Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel, early: true);
        office.Entra.TokenRefusals["refresh_token"] = new EntraRefusal("invalid_grant", 50057);
        await _store.Get<TokenRenewal>().RunAsync(Cancel);

        var status = (await _store.Store.ReportAsync(_mailboxId, Cancel)).Status;
        Assert.Equal(MailboxState.SignInAgain, status.State);
        Assert.Contains("disabled", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_still_holds_does_not_hide_that_nobody_can_sign_in_anew()
    {
        office.Entra.TokenRefusals["refresh_token"] = new EntraRefusal("invalid_grant", 50057);
        await Assert.ThrowsAsync<MailConnectionException>(() => Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel, early: true));
        var recorder = _store.Get<StatusRecorder>();
        await recorder.FailedAsync(_mailboxId, MailboxState.SignInAgain, "disabled", Cancel);

        await recorder.ProgressAsync(_mailboxId, 1, 2, Cancel);
        await recorder.SyncedAsync(_mailboxId, notice: null, Cancel);
        Assert.Equal((MailboxState.SignInAgain, "disabled"), await StateAsync());

        await ChangeAsync(db => db.ConnectedAccounts.ExecuteUpdateAsync(set => set.SetProperty(a => a.Problem, (string?)null), Cancel));
        await recorder.SyncedAsync(_mailboxId, notice: null, Cancel);
        Assert.Equal((MailboxState.Ok, null), await StateAsync());

        async Task<(MailboxState, string?)> StateAsync() => (await _store.Store.ReportAsync(_mailboxId, Cancel)).Status is var status ? (status.State, status.Message) : default;
    }

    [Fact]
    public async Task Tokens_that_other_keys_protected_are_lost_and_that_is_said()
    {
        await ChangeAsync(db => db.ConnectedAccounts.ExecuteUpdateAsync(set => set.SetProperty(a => a.ProtectedTokens, new byte[200]), Cancel));

        var lost = await Assert.ThrowsAsync<MailConnectionException>(() => Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel));

        Assert.Equal(ConnectionProblem.SignInRefused, lost.Problem);
        Assert.Contains("cannot be decrypted", lost.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_takes_nothing_does_not_end_the_job()
    {
        office.Entra.Lifetime = TimeSpan.FromMinutes(7);
        await Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel, early: true);
        await ChangeAsync(db => db.Database.ExecuteSqlRawAsync("CREATE TRIGGER full BEFORE UPDATE ON microsoft365_accounts BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END", Cancel));

        await _store.Get<TokenRenewal>().RunAsync(Cancel);

        await ChangeAsync(db => db.Database.ExecuteSqlRawAsync("DROP TRIGGER full", Cancel));
        Assert.NotEmpty(await Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel));
    }

    [Fact]
    public async Task A_consent_that_nobody_saves_is_forgotten_with_its_tokens()
    {
        var unsaved = await _store.ConnectAsync("unsaved@example.test", Cancel);
        await _store.Get<TokenRenewal>().RunAsync(Cancel);
        Assert.Equal([_accountId, unsaved.Account!.Id], await AccountsAsync());

        await ChangeAsync(db => db.ConnectedAccounts.ExecuteUpdateAsync(set => set.SetProperty(a => a.ConnectedAt, TimeProvider.System.GetUtcNow().AddDays(-2)), Cancel));
        await _store.Get<TokenRenewal>().RunAsync(Cancel);
        Assert.Equal([_accountId], await AccountsAsync());

        Task<List<long>> AccountsAsync() => _store.Store.ReadAsync(db => db.ConnectedAccounts.Select(a => a.Id).Order().ToListAsync(Cancel), Cancel);
    }

    [Fact]
    public async Task Connecting_again_takes_the_place_of_what_was_refused()
    {
        office.Entra.RevokeAll();
        await Assert.ThrowsAsync<MailConnectionException>(() => Tokens.GetAsync(_accountId, TokenFor.Mail, Cancel, early: true));
        var mailbox = await MailboxAsync();

        var connected = await _store.ConnectAsync(mailbox.Address, Cancel, mailboxId: _mailboxId);
        Assert.Null(await _store.Get<MailboxEditing>().ReconnectAsync(_mailboxId, connected.Account!.Id, Actor.Operator, "test", Cancel));

        Assert.NotEmpty(await Tokens.GetAsync(await Tokens.AccountOfAsync(_mailboxId, Cancel), TokenFor.Mail, Cancel));
        Assert.Null((await _store.Get<AccountQueries>().FindAsync(_mailboxId, Cancel))!.Cause);
        Assert.Equal(1, await _store.Store.ReadAsync(db => db.ConnectedAccounts.CountAsync(Cancel), Cancel));
    }

    private Task ChangeAsync(Func<EnneoDbContext, Task> change) => _store.Get<WriterLane>().RunAsync((db, _) => change(db), Cancel);

    private Task<Mailbox> MailboxAsync() => _store.Store.ReadAsync(db => db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == _mailboxId, Cancel), Cancel);
}
