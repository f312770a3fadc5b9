using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.OAuth;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Microsoft365;

/// <summary>Whether Graph takes what a mailbox sends.</summary>
/// <param name="IsOpen">Null where it could not be asked.</param>
/// <param name="Words">Why it does not, or could not be asked; for people.</param>
public sealed record GraphRoadAnswer(bool? IsOpen, string? Words = null);

/// <summary>Asks Graph whether it would take what a mailbox sends; nothing is sent, and nothing is kept there.</summary>
public sealed class GraphRoad
{
    /// <summary>A draft that nobody has: who may send is told that it is not there, and who may not is told that.</summary>
    internal const string NoDraft = "/messages/AAMkNoSuchDraft/send";

    internal const string Drafts = "/mailFolders/drafts?$select=id";

    private readonly AccountTokens _tokens;
    private readonly CloudHttp _http;
    private readonly IDbContextFactory<EnneoDbContext> _dbFactory;

    internal GraphRoad(AccountTokens tokens, CloudHttp http, IDbContextFactory<EnneoDbContext> dbFactory) => (_tokens, _http, _dbFactory) = (tokens, http, dbFactory);

    /// <param name="address">Of the mailbox.</param>
    public async Task<GraphRoadAnswer> AskAsync(long accountId, string address, CancellationToken cancellationToken)
    {
        try
        {
            return await IsConsentedAsync(accountId, cancellationToken)
                ? await AskMailboxAsync(accountId, address, cancellationToken)
                : new GraphRoadAnswer(false, Causes.Of(Causes.GraphDenied).Sentence);
        }
        catch (MailConnectionException refused)
        {
            return new GraphRoadAnswer(refused.Problem is ConnectionProblem.SignInRefused ? false : null, refused.Message);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new GraphRoadAnswer(null, Microsoft365Text.GraphUnreachable);
        }
    }

    /// <summary>A person's token names what was agreed to. The app's does not: what Exchange itself lets it do stands in none.</summary>
    private async Task<bool> IsConsentedAsync(long accountId, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        if (await db.ConnectedAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == accountId, cancellationToken) is not { IsApplication: false } account)
        {
            return true;
        }

        var agreed = await _tokens.ScopesAsync(accountId, TokenFor.Graph, cancellationToken);
        return agreed.Contains(account.IsOther ? "Mail.Send.Shared" : "Mail.Send");
    }

    private async Task<GraphRoadAnswer> AskMailboxAsync(long accountId, string address, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        var cloud = (await Microsoft365Settings.ReadAsync(db, cancellationToken)).Addresses;
        GraphSession session = new(_tokens, _http.For(cloud), accountId, await GraphAddress.OfAsync(db, cloud, accountId, address, cancellationToken));
        await session.SignInAsync(cancellationToken);
        using var drafts = await session.AskAsync(HttpMethod.Get, Drafts, cancellationToken);
        if (!drafts.IsSuccessStatusCode)
        {
            return await RefusedAsync(drafts, cancellationToken);
        }

        using var sent = await session.AskAsync(HttpMethod.Post, NoDraft, cancellationToken, () => new ByteArrayContent([]));
        return sent.StatusCode is System.Net.HttpStatusCode.BadRequest or System.Net.HttpStatusCode.NotFound ? new GraphRoadAnswer(true) : await RefusedAsync(sent, cancellationToken);
    }

    private static async Task<GraphRoadAnswer> RefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var answer = await GraphSending.ReadAsync(response, cancellationToken);
        return new GraphRoadAnswer(answer.End is GraphEnd.Refused or GraphEnd.SignInAgain ? false : null, answer.Words);
    }
}
