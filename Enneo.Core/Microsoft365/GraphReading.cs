using System.Globalization;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.OAuth;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Microsoft365;

/// <summary>Opens mailboxes by Microsoft Graph, where IMAP is not to be had. A mailbox that Graph wants left alone for long is, whoever asks.</summary>
public sealed class GraphReading
{
    private readonly KeptPauses _pauses;
    private readonly AccountTokens _tokens;
    private readonly CloudHttp _http;
    private readonly IDbContextFactory<EnneoDbContext> _dbFactory;
    private readonly TimeProvider _clock;

    internal GraphReading(KeptPauses pauses, AccountTokens tokens, CloudHttp http, IDbContextFactory<EnneoDbContext> dbFactory, TimeProvider clock) =>
        (_pauses, _tokens, _http, _dbFactory, _clock) = (pauses, tokens, http, dbFactory, clock);

    /// <param name="accountId">See <see cref="AccountTokens.AccountOfAsync"/>.</param>
    /// <param name="address">The mailbox, a shared one too.</param>
    /// <param name="isReadOnly">Shadow mode: nothing may be changed there.</param>
    /// <exception cref="MailConnectionException">There is no token, or Graph wants to be left alone; in words, why.</exception>
    public async Task<GraphMailbox> OpenAsync(long accountId, string address, bool isReadOnly, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"graph {accountId}");
        if (await _pauses.FindAsync(name, cancellationToken) is not null)
        {
            throw GraphFailure.Throttled();
        }

        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        var cloud = (await Microsoft365Settings.ReadAsync(db, cancellationToken)).Addresses;
        GraphSession session = new(_tokens, _http.For(cloud), accountId, await GraphAddress.OfAsync(db, cloud, accountId, address, cancellationToken))
        {
            Preferences = ["IdType=\"ImmutableId\"", "odata.maxpagesize=500"],
            LeavesBodies = true,
        };
        await session.SignInAsync(cancellationToken);
        GraphRequests requests = new(session, new Uri(cloud.Graph), (pause, token) => _pauses.NoteAsync(name, pause, ConnectionProblem.ServerUnavailable, words: null, token), _clock);
        return new GraphMailbox(requests, isReadOnly);
    }

    /// <summary>Looks whether Graph opens the mailbox, and changes nothing.</summary>
    /// <returns>Why it does not, in words; null when it does.</returns>
    public async Task<string?> ProblemAsync(long accountId, string address, CancellationToken cancellationToken)
    {
        try
        {
            var mailbox = await OpenAsync(accountId, address, isReadOnly: true, cancellationToken);
            await mailbox.InboxAsync(cancellationToken);
            return null;
        }
        catch (MailConnectionException exception)
        {
            return exception.Message;
        }
    }
}
