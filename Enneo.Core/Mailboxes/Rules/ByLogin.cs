using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.OAuth;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Mailboxes.Rules;

/// <summary>What is different with a mailbox that somebody signed in for at a provider: its servers are given, and a consent takes the place of passwords.</summary>
internal static class ByLogin
{
    public const string Field = "data.account";

    private const string Microsoft = "microsoft365";
    private const string Google = "google";
    private const string Other = "oauth";

    /// <param name="method">As in <see cref="MailboxData.Method"/>.</param>
    public static bool Is(string? method) => method is Microsoft or Google or Other;

    /// <summary>Fills in the servers, whatever was asked for; the mailbox itself is the user, a shared one too.</summary>
    /// <param name="stored">Null when adding.</param>
    public static async Task<MailboxInput> ApplyAsync(MailboxInput input, Mailbox? stored, IDbContextFactory<EnneoDbContext> dbFactory, CancellationToken cancellationToken)
    {
        if (!Is(input.Data.Method))
        {
            return input;
        }

        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await HomeAsync(db, input, stored, cancellationToken) is { } home
            ? input with { Data = input.Data with { Imap = ServerOf(home.Imap, input.Data.Address), Smtp = ServerOf(home.Smtp, input.Data.Address) } }
            : input;
    }

    /// <param name="mailboxId">Null when adding.</param>
    /// <returns>Why the mailbox cannot be used with the consent that there is; null when it can.</returns>
    public static async Task<string?> ProblemAsync(EnneoDbContext db, MailboxInput wanted, long? mailboxId, CancellationToken cancellationToken)
    {
        if (!Is(wanted.Data.Method))
        {
            return null;
        }

        var accountId = wanted.Data.Account
            ?? await db.ConnectedAccounts.Where(a => a.MailboxId == mailboxId && mailboxId != null).Select(a => (long?)a.Id).SingleOrDefaultAsync(cancellationToken);
        return accountId is { } id ? await ProblemAsync(db, id, wanted.Data.Method, wanted.Data.Address!, mailboxId, cancellationToken)
            : mailboxId is null ? MailboxText.AccountMissing
            : null; // it waits for somebody to connect it, and may be changed meanwhile
    }

    /// <param name="method">As in <see cref="MailboxData.Method"/>.</param>
    public static async Task<string?> ProblemAsync(EnneoDbContext db, long accountId, string method, string address, long? mailboxId, CancellationToken cancellationToken)
    {
        var account = await db.ConnectedAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == accountId, cancellationToken);
        return account is null || (account.MailboxId is { } owner && owner != mailboxId) || await MethodOfAsync(db, account.ProviderId, cancellationToken) != method ? MailboxText.AccountMissing
            : !string.Equals(account.Address, address, StringComparison.OrdinalIgnoreCase) ? MailboxText.AccountOfOtherAddress
            : account is not { IsOther: true, IsShared: false } ? null
            : method == Microsoft ? MailboxText.AccountNotConfirmed
            : MailboxText.AccountOfOtherPerson;
    }

    /// <summary>Whether the mailbox was connected by another one so far.</summary>
    public static Task<bool> IsOfAnotherProviderAsync(EnneoDbContext db, long accountId, long mailboxId, CancellationToken cancellationToken) => db.ConnectedAccounts.AnyAsync(
        a => a.MailboxId == mailboxId && a.Id != accountId && !db.ConnectedAccounts.Any(other => other.Id == accountId && (other.ProviderId ?? 0) == (a.ProviderId ?? 0)),
        cancellationToken);

    public static Task BindAsync(EnneoDbContext db, MailboxInput wanted, long mailboxId, CancellationToken cancellationToken) =>
        wanted.Data is { Account: { } accountId } && Is(wanted.Data.Method) ? BindAsync(db, accountId, mailboxId, cancellationToken) : Task.CompletedTask;

    /// <summary>The consent before is forgotten.</summary>
    public static async Task BindAsync(EnneoDbContext db, long accountId, long mailboxId, CancellationToken cancellationToken)
    {
        await db.ConnectedAccounts.Where(a => a.MailboxId == mailboxId && a.Id != accountId).ExecuteDeleteAsync(cancellationToken);
        await db.ConnectedAccounts.Where(a => a.Id == accountId).ExecuteUpdateAsync(set => set.SetProperty(a => a.MailboxId, (long?)mailboxId), cancellationToken);
    }

    /// <returns>Of the account that was connected just now, else of the stored one, else as the mailbox is stored; null for none of them.</returns>
    private static async Task<MailHome?> HomeAsync(EnneoDbContext db, MailboxInput input, Mailbox? stored, CancellationToken cancellationToken)
    {
        if (input.Data.Method == Microsoft)
        {
            return await MailHome.OfAsync(db, providerId: null, cancellationToken);
        }

        var (accountId, mailboxId) = (input.Data.Account, stored?.Id);
        var account = await db.ConnectedAccounts.AsNoTracking()
            .SingleOrDefaultAsync(a => accountId != null ? a.Id == accountId : mailboxId != null && a.MailboxId == mailboxId, cancellationToken);
        return account?.ProviderId is { } providerId ? await MailHome.OfAsync(db, providerId, cancellationToken)
            : stored is not null ? new MailHome(stored.ImapEndpoint, stored.SmtpEndpoint, TokenMechanism.XOAuth2)
            : null;
    }

    private static async Task<string> MethodOfAsync(EnneoDbContext db, long? providerId, CancellationToken cancellationToken) =>
        providerId is null ? Microsoft : await db.OAuthProviders.AnyAsync(p => p.Id == providerId && p.IsGoogle, cancellationToken) ? Google : Other;

    private static ServerInput ServerOf(MailEndpoint server, string? address) =>
        new() { Host = server.Host, Port = server.Port, Security = server.Security, User = address, TrustedCertificate = server.TrustedCertificate };
}
