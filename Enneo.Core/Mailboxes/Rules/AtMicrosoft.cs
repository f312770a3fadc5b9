using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Microsoft365;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Mailboxes.Rules;

/// <summary>What is different with a mailbox at Microsoft 365: its servers are given, and a consent takes the place of passwords.</summary>
internal static class AtMicrosoft
{
    public const string Field = "data.microsoft365Account";

    /// <summary>Fills in the servers, whatever was asked for; the mailbox itself is the user, a shared one too.</summary>
    public static async Task<MailboxInput> ApplyAsync(MailboxInput input, IDbContextFactory<EnneoDbContext> dbFactory, CancellationToken cancellationToken)
    {
        if (input.Data.Method != "microsoft365")
        {
            return input;
        }

        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return Apply(input, (await Microsoft365Settings.ReadAsync(db, cancellationToken)).Addresses);
    }

    public static MailboxInput Apply(MailboxInput input, CloudAddresses cloud)
    {
        var address = input.Data.Address;
        var (imapHost, imapPort) = CloudAddresses.Parse(cloud.Imap, 993);
        var (smtpHost, smtpPort) = CloudAddresses.Parse(cloud.Smtp, 587);
        return input with
        {
            Data = input.Data with
            {
                Imap = new ServerInput { Host = imapHost, Port = imapPort, Security = ConnectionSecurity.Tls, User = address, TrustedCertificate = cloud.TrustedCertificate },
                Smtp = new ServerInput { Host = smtpHost, Port = smtpPort, Security = ConnectionSecurity.StartTls, User = address, TrustedCertificate = cloud.TrustedCertificate },
            },
        };
    }

    /// <param name="mailboxId">Null when adding.</param>
    /// <returns>Why the mailbox cannot be used with the consent that there is; null when it can.</returns>
    public static async Task<string?> ProblemAsync(EnneoDbContext db, MailboxInput wanted, long? mailboxId, CancellationToken cancellationToken)
    {
        if (wanted.Data.Method != "microsoft365")
        {
            return null;
        }

        var accountId = wanted.Data.Microsoft365Account
            ?? await db.Microsoft365Accounts.Where(a => a.MailboxId == mailboxId && mailboxId != null).Select(a => (long?)a.Id).SingleOrDefaultAsync(cancellationToken);
        return accountId is { } id ? await ProblemAsync(db, id, wanted.Data.Address!, mailboxId, cancellationToken)
            : mailboxId is null ? MailboxText.AccountMissing
            : null; // it waits for somebody to connect it, and may be changed meanwhile
    }

    public static async Task<string?> ProblemAsync(EnneoDbContext db, long accountId, string address, long? mailboxId, CancellationToken cancellationToken)
    {
        var account = await db.Microsoft365Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == accountId, cancellationToken);
        return account is null || (account.MailboxId is { } owner && owner != mailboxId) ? MailboxText.AccountMissing
            : !string.Equals(account.Address, address, StringComparison.OrdinalIgnoreCase) ? MailboxText.AccountOfOtherAddress
            : account is { IsOther: true, IsShared: false } ? MailboxText.AccountNotConfirmed
            : null;
    }

    public static Task BindAsync(EnneoDbContext db, MailboxInput wanted, long mailboxId, CancellationToken cancellationToken) =>
        wanted.Data is { Method: "microsoft365", Microsoft365Account: { } accountId } ? BindAsync(db, accountId, mailboxId, cancellationToken) : Task.CompletedTask;

    /// <summary>The consent before is forgotten.</summary>
    public static async Task BindAsync(EnneoDbContext db, long accountId, long mailboxId, CancellationToken cancellationToken)
    {
        await db.Microsoft365Accounts.Where(a => a.MailboxId == mailboxId && a.Id != accountId).ExecuteDeleteAsync(cancellationToken);
        await db.Microsoft365Accounts.Where(a => a.Id == accountId).ExecuteUpdateAsync(set => set.SetProperty(a => a.MailboxId, (long?)mailboxId), cancellationToken);
    }
}
