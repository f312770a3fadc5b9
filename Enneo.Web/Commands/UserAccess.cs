using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Web.Shell;

namespace Enneo.Web.Commands;

/// <summary><c>user access</c>: which mailboxes a person may see.</summary>
internal sealed class UserAccess(Accounts accounts, PeopleEditing editing, MailboxQueries mailboxes) : ICommand
{
    public static readonly CommandDefinition Command = new("user access", new("--email", IsRequired: true), new("--mailboxes", IsRequired: true));

    public CommandDefinition Definition => Command;

    public async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        var (seen, unknown) = await NamedMailboxes.FindAsync(mailboxes, options["--mailboxes"], cancellationToken);
        var person = (await accounts.ListAsync(cancellationToken)).FirstOrDefault(p => p.Email.Equals(options["--email"].Trim(), StringComparison.OrdinalIgnoreCase));
        if (unknown is not null || person is null)
        {
            return Refusal.Because(unknown ?? CommandText.NoSuchPerson).Print();
        }

        var changed = await editing.ChangeAsync(person.Id, person.Role, seen, Actor.Operator, CommandAnswer.Origin, cancellationToken);
        if (!changed.Succeeded)
        {
            return Refusal.Because(changed.Problem ?? "").Print();
        }

        Console.Out.WriteLine(string.Format(CultureInfo.CurrentCulture, person.IsAdmin ? CommandText.UserAccessOfAdmin : CommandText.UserAccessSet, person.Email));
        return 0;
    }
}
