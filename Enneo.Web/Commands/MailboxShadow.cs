using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Web.Shell;

namespace Enneo.Web.Commands;

/// <summary><c>mailbox shadow</c>: from now on its servers are only read.</summary>
internal sealed class MailboxShadow(MailboxQueries queries, MailboxEditing editing) : ICommand
{
    public static readonly CommandDefinition Command = new("mailbox shadow", new CommandOption("--address", IsRequired: true));

    public CommandDefinition Definition => Command;

    public async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        var address = options["--address"].Trim();
        if (await queries.FindByAddressAsync(Reach.All, address, cancellationToken) is not { } id
            || !await editing.EnterShadowAsync(id, Actor.Operator, CommandAnswer.Origin, cancellationToken))
        {
            return Refusal.Because(string.Format(CultureInfo.CurrentCulture, CommandText.NoSuchMailbox, address)).Print();
        }

        Console.Out.WriteLine(string.Format(CultureInfo.CurrentCulture, CommandText.NowShadow, address));
        return 0;
    }
}
