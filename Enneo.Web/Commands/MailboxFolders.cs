using System.Globalization;
using System.Text.Json;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Web.Shell;

namespace Enneo.Web.Commands;

/// <summary><c>mailbox folders</c>: the folders of a mailbox, what each is for and whether it is synced.</summary>
internal sealed class MailboxFolders(MailboxQueries queries) : ICommand
{
    public static readonly CommandDefinition Command =
        new("mailbox folders", new CommandOption("--address", IsRequired: true), new CommandOption("--json", TakesValue: false));

    public CommandDefinition Definition => Command;

    public async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        if (await queries.FindByAddressAsync(Reach.All, options["--address"], cancellationToken) is not { } id)
        {
            return Refusal.Because(string.Format(CultureInfo.CurrentCulture, CommandText.NoSuchMailbox, options["--address"].Trim())).Print();
        }

        var folders = await queries.FolderDetailsAsync(Reach.All, id, cancellationToken);
        if (options.Has("--json"))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(folders.Select(FolderResponse.From), MailboxStatusResponse.Json));
            return 0;
        }

        foreach (var folder in folders)
        {
            var purpose = folder.Role is FolderRole.None ? "" : folder.Role.ToString();
            var count = folder.IsSynced ? folder.Count.ToString(CultureInfo.InvariantCulture) : CommandText.FolderNotSynced;
            Console.Out.WriteLine($"{new string(' ', folder.Depth * 2) + folder.Name,-40} {purpose,-8} {count}".TrimEnd());
            if (folder.Problem is { } problem)
            {
                Console.Out.WriteLine(problem);
            }
        }

        return 0;
    }

    /// <summary>A folder as <c>--json</c> prints it.</summary>
    private sealed record FolderResponse(string Name, string Purpose, bool Synced, int Messages, int Unread, string? Problem)
    {
        public static FolderResponse From(FolderDetail folder) =>
            new(folder.FullName, folder.Role.ToString().ToLowerInvariant(), folder.IsSynced, folder.Count, folder.UnreadCount, folder.Problem);
    }
}
