using System.Text.Json;
using Enneo.Core.Sync;

namespace Enneo.Web.Commands;

/// <summary><c>mailbox status</c>: how each mailbox is doing, for people or, with <c>--json</c>, for programs.</summary>
internal sealed class MailboxStatusReport(MailboxReports reports) : ICommand
{
    public static readonly CommandDefinition Command = new("mailbox status", new CommandOption("--json", TakesValue: false));

    public CommandDefinition Definition => Command;

    public async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        var mailboxes = await reports.ListAsync(cancellationToken);
        if (options.Has("--json"))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(mailboxes.Select(MailboxStatusResponse.From), MailboxStatusResponse.Json));
        }
        else
        {
            MailboxTable.Print(mailboxes, Console.Out);
        }

        return 0;
    }
}
