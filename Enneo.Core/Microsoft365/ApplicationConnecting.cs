using Enneo.Core.Data;
using Enneo.Core.OAuth;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Microsoft365;

/// <summary>
/// Connects a mailbox by the app's own access, with no person behind it who may leave (client credentials, RFC 6749, section 4.4).
/// Exchange says which mailboxes that opens by IMAP and SMTP. Permissions of Graph that were given to the app in Entra open every mailbox of
/// the organisation; Exchange can give them for some mailboxes in place of that (RBAC for Applications). For admins.
/// </summary>
public sealed class ApplicationConnecting
{
    private readonly IDbContextFactory<EnneoDbContext> _dbFactory;
    private readonly WriterLane _lane;
    private readonly Registration _registration;
    private readonly TimeProvider _clock;

    internal ApplicationConnecting(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, Registration registration, TimeProvider clock) =>
        (_dbFactory, _lane, _registration, _clock) = (dbFactory, lane, registration, clock);

    /// <summary>Gets a first token, which proves the registration; that the mailbox is opened by it shows when it is signed in to.</summary>
    public async Task<ConnectProgress> ConnectAsync(string address, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        var settings = await Microsoft365Settings.ReadAsync(db, cancellationToken);
        if (!settings.IsUsable)
        {
            return Refused(Causes.NotSetUp);
        }

        if (!settings.NamesDirectory)
        {
            return Refused(Causes.TenantMissing); // an app alone belongs to no "organizations"
        }

        try
        {
            var cache = _registration.Cache();
            var result = await _registration.Application(settings, cache).AcquireTokenForClient(Scopes.ApplicationOf(settings.Addresses, TokenFor.Mail)).ExecuteAsync(cancellationToken);
            ConnectedAccount account = new()
            {
                Address = address,
                TenantId = settings.Tenant,
                ObjectId = "",
                HomeAccountId = "",
                ConnectedAs = settings.ClientId,
                ConnectedAt = _clock.GetUtcNow(),
                ProtectedTokens = cache.Tokens ?? [],
                ValidUntil = result.ExpiresOn,
                RenewedAt = _clock.GetUtcNow(),
                IsApplication = true,
            };
            await _lane.RunAsync(
                async (writing, token) =>
                {
                    writing.ConnectedAccounts.Add(account);
                    await writing.SaveChangesAsync(token);
                },
                cancellationToken);
            return new ConnectProgress(HasEnded: true, AccountView.Of(account), null);
        }
        catch (Exception exception) when (SignInFailure.Covers(exception) && !cancellationToken.IsCancellationRequested)
        {
            return Refused(SignInFailure.Of(exception).Code);
        }
    }

    private static ConnectProgress Refused(string code) => new(HasEnded: true, null, Causes.Of(code));
}
