using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Web.Shell;

namespace Enneo.Web.Commands;

/// <summary><c>user add</c>: lets a person in.</summary>
internal sealed class UserAdd(Accounts accounts, MailboxQueries mailboxes) : ICommand
{
    public static readonly CommandDefinition Command = new(
        "user add", new("--email", IsRequired: true), new("--role", IsRequired: true), new("--name"), new("--mailboxes"));

    public CommandDefinition Definition => Command;

    public async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        var (seen, unknown) = await NamedMailboxes.FindAsync(mailboxes, options.Find("--mailboxes"), cancellationToken);
        if (unknown is not null)
        {
            return Refusal.Because(unknown).Print();
        }

        var password = await CommandPassword.ReadAsync(cancellationToken);
        NewAccount account = new(options["--email"], options.Find("--name") ?? "", options["--role"], password.Value, seen);
        var added = await accounts.AddAsync(account, Actor.Operator, CommandAnswer.Origin, cancellationToken);
        return password.Report(added, string.Format(CultureInfo.CurrentCulture, CommandText.UserAdded, account.Email, account.Role));
    }
}

/// <summary><c>user reset</c>: a new password, and an end to every session.</summary>
internal sealed class UserReset(Accounts accounts) : ICommand
{
    public static readonly CommandDefinition Command = new("user reset", new CommandOption("--email", IsRequired: true));

    public CommandDefinition Definition => Command;

    public async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        var password = await CommandPassword.ReadAsync(cancellationToken);
        var reset = await accounts.ResetAsync(options["--email"], password.Value, Actor.Operator, CommandAnswer.Origin, cancellationToken);
        return password.Report(reset, string.Format(CultureInfo.CurrentCulture, CommandText.UserReset, options["--email"]));
    }
}
