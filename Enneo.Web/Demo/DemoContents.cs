using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Sync;

namespace Enneo.Web.Demo;

/// <summary>What the demo was filled with, and how to sign in to it.</summary>
internal sealed record DemoFilling(int Mailboxes, int Mails, string Email, string Password);

/// <summary>Fills an empty data directory with the sample mailboxes and one admin.</summary>
internal sealed class DemoContents(MailImport import, Accounts accounts, DemoDesk desk, TimeProvider clock)
{
    public const string Email = "demo@" + DemoMailboxes.Domain;

    private const string Origin = "demo";

    public async Task<DemoFilling> FillAsync(CancellationToken cancellationToken)
    {
        var password = PasswordRules.Generate();
        var account = await accounts.AddAsync(new NewAccount(Email, "Demo", Roles.Admin, password), Actor.System, Origin, cancellationToken);
        if (!account.Succeeded)
        {
            throw new InvalidOperationException(account.Problem);
        }

        var mails = DemoMails.Compose(clock).ToLookup(mail => mail.Mailbox);
        foreach (var mailbox in DemoMailboxes.All)
        {
            await import.AddAsync(
                new ImportedMailbox(mailbox.Name, mailbox.Address, mailbox.SenderName, IsDefault: mailbox == DemoMailboxes.All[0]),
                [.. mails[mailbox.Name].Select(mail => new ImportedMail(mail.Folder, mail.Raw, mail.ReceivedAt, mail.Seen))],
                Origin,
                cancellationToken);
        }

        await desk.FillAsync(Actor.User(account.UserId!.Value), cancellationToken);
        return new DemoFilling(DemoMailboxes.All.Count, mails.Sum(group => group.Count()), Email, password);
    }
}
