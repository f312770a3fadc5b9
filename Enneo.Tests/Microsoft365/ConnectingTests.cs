using Enneo.Core.Activity;
using Enneo.Core.Connections;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Enneo.Core.Microsoft365.Checks;
using Enneo.Core.OAuth;
using Enneo.Core.Sending;
using Enneo.Core.Sync;
using Enneo.Tests.Mailboxes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Microsoft365;

/// <summary>Connect Account: who may come back with what, and what is kept of it.</summary>
public sealed class ConnectingTests(Office365 office) : IClassFixture<Office365>, IAsyncLifetime
{
    private ConnectedStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await ConnectedStore.CreateAsync(office, Cancel);

    public async ValueTask DisposeAsync()
    {
        (office.Entra.LoginRefusal, office.Entra.SignsWrongly) = (null, false);
        office.Entra.TokenRefusals.Clear();
        await _store.DisposeAsync();
    }

    [Fact]
    [Trait("Check", "OA03")]
    [Trait("Check", "OA13")]
    public async Task The_login_is_asked_for_all_permissions_at_once_with_PKCE_a_hint_and_our_own_address()
    {
        var login = await _store.StartAsync("support@example.test", Cancel);

        var asked = QueryHelpers.ParseQuery(login!.Query);
        Assert.Equal($"/{EntraServer.Tenant}/oauth2/v2.0/authorize", login.AbsolutePath);
        Assert.Equal("S256", asked["code_challenge_method"]);
        Assert.True(asked["code_challenge"].ToString().Length >= 43);
        Assert.Equal("support@example.test", asked["login_hint"]);
        Assert.Equal(ConnectedStore.Redirect, asked["redirect_uri"]);
        Assert.Equal(
            [
                "https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send",
                $"{office.Entra.Address}/graph/Mail.ReadWrite", $"{office.Entra.Address}/graph/Mail.Send", $"{office.Entra.Address}/graph/User.Read",
                "offline_access", "openid", "profile",
            ],
            asked["scope"].ToString().Split(' ').Order(Comparer<string>.Create((a, b) => string.CompareOrdinal(Rank(a), Rank(b)))));

        static string Rank(string scope) => scope.Contains("outlook", StringComparison.Ordinal) ? $"0{scope}" : scope.StartsWith("https", StringComparison.Ordinal) ? $"1{scope}" : $"2{scope}";
    }

    [Fact]
    [Trait("Check", "OA03")]
    public async Task The_code_is_redeemed_for_Outlook_and_Graph_is_asked_with_the_same_refresh_token()
    {
        var connected = await _store.ConnectAsync("both@example.test", Cancel);

        Assert.Equal((ConnectEnd.Connected, "both@example.test", false), (connected.End, connected.Account!.ConnectedAs, connected.Account.IsOther));
        var requests = office.Entra.TokenRequests.ToArray()[^2..];
        Assert.Equal(["authorization_code", "refresh_token"], requests.Select(request => request["grant_type"]));
        Assert.True(requests[0]["code_verifier"].Length >= 43);
        Assert.Contains("IMAP.AccessAsUser.All", requests[0]["scope"], StringComparison.Ordinal);
        Assert.DoesNotContain("graph", requests[0]["scope"], StringComparison.Ordinal);
        Assert.Contains("/graph/User.Read", requests[1]["scope"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not-begun")]
    [InlineData("other session")]
    [InlineData("used")]
    [InlineData("without a state")]
    [Trait("Check", "OA01")]
    public async Task Whoever_comes_back_without_having_begun_in_this_session_is_sent_away_and_no_token_is_asked_for(string how)
    {
        var connecting = _store.Get<AccountConnecting>();
        var callback = office.Entra.LogIn((await _store.StartAsync("state@example.test", Cancel))!, "state@example.test");
        if (how == "used")
        {
            await connecting.FinishAsync(callback, ConnectedStore.Session, Cancel);
        }

        var before = office.Entra.TokenRequests.Count;
        var result = await connecting.FinishAsync(
            how switch { "not-begun" => callback with { State = new string('a', 64) }, "without a state" => callback with { State = null }, _ => callback },
            how == "other session" ? "session-of-mallory" : ConnectedStore.Session,
            Cancel);

        Assert.Equal(ConnectEnd.NotExpected, result.End);
        Assert.Equal(before, office.Entra.TokenRequests.Count);
    }

    [Fact]
    [Trait("Check", "OA02")]
    public async Task A_code_of_somebody_elses_login_is_of_no_use()
    {
        var mine = office.Entra.LogIn((await _store.StartAsync("mine@example.test", Cancel, form: "a"))!, "mine@example.test");
        var theirs = office.Entra.LogIn((await _store.StartAsync("theirs@example.test", Cancel, form: "b"))!, "theirs@example.test");

        var result = await _store.Get<AccountConnecting>().FinishAsync(mine with { Code = theirs.Code }, ConnectedStore.Session, Cancel);

        Assert.Equal(ConnectEnd.Refused, result.End); // the verifier is that of the first login
        Assert.Equal("AADSTS70008", result.Cause!.Code);
        Assert.Equal(0, await _store.Store.ReadAsync(db => db.ConnectedAccounts.CountAsync(Cancel), Cancel));
    }

    [Theory]
    [InlineData("https://evil.test/1/v2.0", null)]
    [InlineData(null, "99999999-9999-9999-9999-999999999999")]
    [Trait("Check", "OA04")]
    public async Task An_answer_of_another_authority_or_tenant_is_refused_before_any_token_is_asked_for(string? issuer, string? tenant)
    {
        var callback = office.Entra.LogIn((await _store.StartAsync("mixed@example.test", Cancel))!, "mixed@example.test");
        var before = office.Entra.TokenRequests.Count;

        var result = await _store.Get<AccountConnecting>().FinishAsync(callback with { Issuer = issuer, Tenant = tenant }, ConnectedStore.Session, Cancel);

        Assert.Equal((ConnectEnd.Refused, before), (result.End, office.Entra.TokenRequests.Count));
    }

    [Fact]
    [Trait("Check", "OA08")]
    public async Task Another_person_than_the_mailbox_is_named_and_refused_until_somebody_says_that_it_is_shared()
    {
        var connected = await _store.ConnectAsync("team@example.test", Cancel, person: "anna@example.test");
        var input = ConnectedStore.Input("team@example.test", connected.Account!.Id);

        Assert.True(connected.Account.IsOther);
        var refused = await _store.Get<MailboxEditing>().AddAsync(input, Actor.Operator, "test", Cancel);
        Assert.Contains("shared mailbox", Assert.Single(refused.Errors["data.account"]), StringComparison.Ordinal);

        await _store.Get<AccountQueries>().ShareAsync(connected.Account.Id, Cancel);
        Assert.True((await _store.Get<MailboxEditing>().AddAsync(input, Actor.Operator, "test", Cancel)).Succeeded);
    }

    [Fact]
    [Trait("Check", "OA17")]
    public async Task An_address_that_now_belongs_to_somebody_else_is_another_person()
    {
        var mailboxId = await _store.AddAsync("moved@example.test", Cancel);
        office.Entra.Add(new EntraPerson("moved@example.test", Guid.NewGuid()));

        var connected = await _store.ConnectAsync("moved@example.test", Cancel, mailboxId: mailboxId);

        Assert.True(connected.Account!.IsOther);
        Assert.NotNull(await _store.Get<MailboxEditing>().ReconnectAsync(mailboxId, connected.Account.Id, Actor.Operator, "test", Cancel));
    }

    [Fact]
    public async Task An_alias_of_the_person_is_the_person()
    {
        office.Entra.Add(new EntraPerson("karl@example.test", Guid.NewGuid()) { Aliases = ["sales@example.test"] });

        Assert.False((await _store.ConnectAsync("sales@example.test", Cancel, person: "karl@example.test")).Account!.IsOther);
    }

    [Fact]
    [Trait("Check", "OA15")]
    public async Task Removing_the_mailbox_forgets_its_tokens_and_leaves_those_of_another_mailbox_of_the_same_person()
    {
        var first = await SharedAsync("first@example.test");
        var second = await SharedAsync("second@example.test");

        await _store.Get<MailboxRemoval>().RemoveAsync(first, erase: false, Actor.Operator, "test", Cancel);
        var before = office.Entra.TokenRequests.Count;
        await _store.Get<MailboxSync>().RunAsync(first, Cancel); // a job that was under way
        await _store.Get<Delivery>().RunAsync(first, Cancel);
        await _store.Get<TokenRenewal>().RunAsync(Cancel);
        Assert.Equal(before, office.Entra.TokenRequests.Count);

        var left = await _store.Store.ReadAsync(db => db.ConnectedAccounts.AsNoTracking().ToListAsync(Cancel), Cancel);
        Assert.Equal(second, Assert.Single(left).MailboxId);
        Assert.NotEmpty(await _store.Get<AccountTokens>().GetAsync(left[0].Id, TokenFor.Mail, Cancel, early: true));

        async Task<long> SharedAsync(string address)
        {
            var connected = await _store.ConnectAsync(address, Cancel, person: "boss@example.test");
            await _store.Get<AccountQueries>().ShareAsync(connected.Account!.Id, Cancel);
            return await _store.Store.AddAsync(ConnectedStore.Input(address, connected.Account.Id), Cancel);
        }
    }

    [Fact]
    public async Task A_removed_mailbox_comes_back_in_the_way_it_is_added_again_and_its_server_is_no_person()
    {
        const string Address = "again@example.test";
        var before = await _store.Store.AddAsync(Inputs.Valid(Address), Cancel);
        Assert.Equal((MailboxMethod.Imap, true), await StateAsync(before));
        await _store.Get<MailboxRemoval>().RemoveAsync(before, erase: false, Actor.Operator, "test", Cancel);

        Assert.Equal(before, await _store.AddAsync(Address, Cancel));
        Assert.Equal((MailboxMethod.Microsoft365, false), await StateAsync(before));
        Assert.Equal((MailboxMethod.Microsoft365, false), await StateAsync(await _store.AddAsync("fresh@example.test", Cancel)));

        async Task<(MailboxMethod, bool)> StateAsync(long id)
        {
            var mailbox = await _store.Store.ReadAsync(db => db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == id, Cancel), Cancel);
            return (mailbox.Method, mailbox.Spam.JunkMovesCount);
        }
    }

    [Fact]
    public async Task An_administrators_return_is_understood_in_any_browser_and_a_made_up_one_is_not()
    {
        var connecting = _store.Get<AccountConnecting>();
        var link = await connecting.ConsentLinkAsync(ConnectedStore.Redirect, Cancel);
        var state = QueryHelpers.ParseQuery(link!.Query)["state"].ToString();
        Callback given = new(state, null, null, null, "True", EntraServer.Tenant, null);

        Assert.Equal($"/{EntraServer.Tenant}/adminconsent", link.AbsolutePath);
        Assert.Equal(ConnectEnd.ConsentGiven, (await connecting.FinishAsync(given, "", Cancel)).End);
        Assert.Equal(ConnectEnd.NotExpected, (await connecting.FinishAsync(given with { AdminConsent = null }, "", Cancel)).End);
        Assert.Equal(ConnectEnd.Refused, (await connecting.FinishAsync(given with { Error = "access_denied", ErrorDescription = "AADSTS65004: declined" }, "", Cancel)).End);
        Assert.Equal(ConnectEnd.NotExpected, (await connecting.FinishAsync(given with { State = "x" + state }, "", Cancel)).End);
    }

    [Theory]
    [InlineData(-10)]
    [InlineData(10)]
    [Trait("Check", "OA14")]
    public async Task A_clock_that_differs_from_Microsofts_by_ten_minutes_neither_keeps_anybody_out_nor_renews_more_often(int minutes)
    {
        office.Entra.Skew = TimeSpan.FromMinutes(minutes);
        var mailboxId = await _store.AddAsync("clock@example.test", Cancel);
        var (tokens, before) = (_store.Get<AccountTokens>(), office.Entra.Refreshes);

        var account = await tokens.AccountOfAsync(mailboxId, Cancel);
        Assert.Equal(await tokens.GetAsync(account, TokenFor.Mail, Cancel), await tokens.GetAsync(account, TokenFor.Mail, Cancel));
        Assert.Equal(before, office.Entra.Refreshes);
        var ends = await _store.Store.ReadAsync(db => db.ConnectedAccounts.Select(a => a.ValidUntil).SingleAsync(Cancel), Cancel);
        Assert.InRange(ends - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61)); // as long as Microsoft says, by our clock
        office.Entra.Skew = TimeSpan.Zero;
    }

    [Fact]
    [Trait("Check", "OA11")]
    public async Task A_refusal_with_a_script_in_it_leaves_a_code_and_our_own_words()
    {
        var callback = office.Entra.LogIn((await _store.StartAsync("script@example.test", Cancel))!, null);

        var result = await _store.Get<AccountConnecting>().FinishAsync(
            callback with { Error = "<script>alert(1)</script>", ErrorDescription = "<script>alert(2)</script>" }, ConnectedStore.Session, Cancel);

        Assert.Equal("scriptalert1script", result.Cause!.Code);
        Assert.DoesNotContain("<", result.Cause.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_form_is_told_of_the_login_that_brought_an_account_whichever_it_began_last()
    {
        var connecting = _store.Get<AccountConnecting>();
        var first = office.Entra.LogIn((await _store.StartAsync("twice@example.test", Cancel))!, "twice@example.test");
        var since = TimeProvider.System.GetUtcNow();
        await _store.StartAsync("twice@example.test", Cancel);
        Assert.Equal(new ConnectProgress(HasEnded: false, null, null), await ProgressAsync(knownId: null));

        var connected = await connecting.FinishAsync(first, ConnectedStore.Session, Cancel);
        Assert.Equal((true, connected.Account!.Id), await ProgressAsync(knownId: null) is { } progress ? (progress.HasEnded, progress.Account?.Id) : default);
        Assert.False((await ProgressAsync(connected.Account.Id))!.HasEnded); // who connects again waits for another one

        Task<ConnectProgress?> ProgressAsync(long? knownId) => _store.Get<AccountQueries>().ProgressAsync("form", ConnectedStore.Session, since, knownId, Cancel);
    }

    [Fact]
    public async Task An_authority_where_clouds_hand_out_secrets_is_sent_nothing()
    {
        var editing = _store.Get<Microsoft365SettingsEditing>();
        var check = _store.Get<RegistrationCheck>();
        Assert.Null((await check.RunAsync(ConnectedStore.Redirect, Cancel))[0].Cause);
        var before = office.Entra.TokenRequests.Count;

        var here = office.Registration with { Own = office.Registration.Own! with { Authority = $"https://0.0.0.0:{office.Entra.Port}" } }; // which is this machine, and forbidden
        Assert.Empty(await editing.SaveAsync(here, Actor.Operator, "test", Cancel));

        Assert.Equal("unreachable", Assert.Single(await check.RunAsync(ConnectedStore.Redirect, Cancel)).Cause!.Code);
        Assert.Equal(before, office.Entra.TokenRequests.Count);
    }

    [Fact]
    [Trait("Check", "OA16")]
    public async Task A_token_is_shown_to_no_server_but_Microsofts()
    {
        var mailboxId = await _store.AddAsync("elsewhere@example.test", Cancel);
        var mailbox = await _store.Store.ReadAsync(db => db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == mailboxId, Cancel), Cancel);
        (mailbox.Imap.Host, mailbox.Smtp.Host) = ("evil.test", "evil.test");
        var signIn = _store.Get<MailboxSignIn>();

        foreach (var connect in new Func<Task>[] { () => signIn.ImapAsync(mailbox, Cancel), () => signIn.SmtpAsync(mailbox, Cancel) })
        {
            Assert.Contains("not Microsoft's", (await Assert.ThrowsAsync<MailConnectionException>(connect)).Message, StringComparison.Ordinal);
        }
    }
}
