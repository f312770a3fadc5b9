using Enneo.Core.Connections;
using Enneo.Core.Mailboxes;
using Enneo.Core.OAuth;
using Enneo.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Microsoft365;

/// <summary>A mailbox has a token for Outlook and one for Graph: each may be refused alone, and only what the mailbox lives by concerns it.</summary>
public sealed class TwoTokensTests(Office365 microsoft) : IClassFixture<Office365>, IDisposable
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private EntraServer Entra => microsoft.Entra;

    public void Dispose() => Entra.TokenRefusals.Clear();

    [Theory]
    [InlineData(65001)]
    [InlineData(530003)]
    public async Task A_refusal_of_the_token_for_Graph_is_remembered_and_shown_and_leaves_the_other_alone(int code)
    {
        var refusal = $"AADSTS{code}";
        await using var reader = await GraphReader.ConnectAsync(microsoft);
        var (tokens, account) = await AccountAsync(reader);
        Entra.TokenRefusals["refresh_token"] = new EntraRefusal("invalid_grant", code);
        var before = Entra.Refreshes;

        var refused = await Assert.ThrowsAsync<MailConnectionException>(() => tokens.GetAsync(account, TokenFor.Graph, Cancel, early: true));
        var again = await Assert.ThrowsAsync<MailConnectionException>(() => tokens.GetAsync(account, TokenFor.Graph, Cancel, early: true));

        Assert.Equal((ConnectionProblem.SignInRefused, refused.Message, before + 1), (again.Problem, again.Message, Entra.Refreshes));
        Assert.Equal(refusal, (await reader.Get<AccountQueries>().FindAsync(reader.Id, Cancel))!.Cause?.Code);
        Entra.TokenRefusals.Clear();
        Assert.NotEmpty(await tokens.GetAsync(account, TokenFor.Mail, Cancel, early: true));
        Assert.Equal(refusal, (await reader.Get<AccountQueries>().FindAsync(reader.Id, Cancel))!.Cause?.Code);

        await reader.ChangeAsync(db => db.ConnectedAccounts.ExecuteUpdateAsync(set => set.SetProperty(a => a.GraphProblemAt, TimeProvider.System.GetUtcNow().AddMinutes(-16)), Cancel));
        await reader.Get<TokenRenewal>().RunAsync(Cancel); // nobody else may ask for it for long
        Assert.Null((await reader.Get<AccountQueries>().FindAsync(reader.Id, Cancel))!.Cause);
    }

    [Fact]
    public async Task What_ends_the_sign_in_as_a_whole_is_asked_for_once_for_both_and_is_well_again_for_both()
    {
        await using var reader = await GraphReader.ConnectAsync(microsoft);
        var (tokens, account) = await AccountAsync(reader);
        Entra.TokenRefusals["refresh_token"] = new EntraRefusal("invalid_grant", 50057);
        var before = Entra.Refreshes;

        await Assert.ThrowsAsync<MailConnectionException>(() => tokens.GetAsync(account, TokenFor.Graph, Cancel, early: true));
        await Assert.ThrowsAsync<MailConnectionException>(() => tokens.GetAsync(account, TokenFor.Mail, Cancel, early: true));
        Assert.Equal(before + 1, Entra.Refreshes);

        Entra.TokenRefusals.Clear();
        await reader.ChangeAsync(db => db.ConnectedAccounts.ExecuteUpdateAsync(
            set => set.SetProperty(a => a.ProblemAt, (DateTimeOffset?)null).SetProperty(a => a.GraphProblemAt, (DateTimeOffset?)null), Cancel));
        await tokens.GetAsync(account, TokenFor.Mail, Cancel, early: true);
        Assert.Null((await reader.Get<AccountQueries>().FindAsync(reader.Id, Cancel))!.Cause);
    }

    [Fact]
    public async Task A_mailbox_that_lives_by_Graph_alone_does_not_need_the_token_for_Outlook()
    {
        await using var reader = await GraphReader.ConnectAsync(microsoft);
        var (tokens, account) = await AccountAsync(reader);
        await reader.ChangeAsync(db => db.Mailboxes.ExecuteUpdateAsync(set => set.SetProperty(m => m.SendsByGraph, true), Cancel));
        Entra.TokenRefusals["refresh_token"] = new EntraRefusal("invalid_grant", 53003); // a policy for Exchange's mail servers
        await Assert.ThrowsAsync<MailConnectionException>(() => tokens.GetAsync(account, TokenFor.Mail, Cancel, early: true));
        Entra.TokenRefusals.Clear();
        reader.Mail.Deliver(GraphReader.Letter("By Graph"));

        await reader.SyncAsync();
        Assert.Equal(["By Graph"], await reader.SubjectsAsync());
        Assert.Null((await reader.Get<AccountQueries>().FindAsync(reader.Id, Cancel))!.Cause);

        await reader.ChangeAsync(db => db.ConnectedAccounts.ExecuteUpdateAsync(set => set.SetProperty(a => a.ValidUntil, TimeProvider.System.GetUtcNow()), Cancel));
        var before = Entra.Refreshes;
        await reader.Get<TokenRenewal>().RunAsync(Cancel);
        await reader.Get<TokenRenewal>().RunAsync(Cancel);
        Assert.Equal(before + 1, Entra.Refreshes);
        Assert.Contains("/graph/", Entra.TokenRequests.Last()["scope"], StringComparison.Ordinal);
        Assert.Equal(MailboxState.Ok, await reader.ReadAsync(db => db.MailboxStatuses.Select(s => s.State).SingleAsync(Cancel)));
    }

    [Fact]
    public async Task Fetches_that_meet_a_refused_token_one_after_the_other_renew_it_once()
    {
        await using var reader = await GraphReader.ConnectAsync(microsoft);
        foreach (var subject in (string[])["One", "Two", "Three"])
        {
            reader.Mail.Deliver(GraphReader.Letter(subject));
        }

        var (before, given, met) = (Entra.Refreshes, Entra.GivenTokens.ToHashSet(StringComparer.Ordinal), 0);
        reader.Server.RejectsAsync = async request =>
        {
            if (!request.Path.Value!.EndsWith("/$value", StringComparison.Ordinal) || !given.Contains(request.Headers.Authorization.ToString()["Bearer ".Length..]))
            {
                return false;
            }

            if (Interlocked.Increment(ref met) > 1) // these come when the first has a new one
            {
                while (Entra.Refreshes == before)
                {
                    await Task.Delay(20, Cancel);
                }

                await Task.Delay(200, Cancel);
            }

            return true;
        };

        await reader.SyncAsync();

        Assert.Equal((3, before + 1), (met, Entra.Refreshes));
        Assert.Equal(3, (await reader.SubjectsAsync()).Count);
    }

    private static async Task<(AccountTokens Tokens, long Account)> AccountAsync(GraphReader reader) =>
        (reader.Get<AccountTokens>(), await reader.Get<AccountTokens>().AccountOfAsync(reader.Id, Cancel));
}
