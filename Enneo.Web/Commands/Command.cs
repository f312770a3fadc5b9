namespace Enneo.Web.Commands;

/// <summary>A command that can be given in place of starting the server.</summary>
internal interface ICommand
{
    CommandDefinition Definition { get; }

    /// <summary>Writes its answer to standard output.</summary>
    /// <returns>The exit code.</returns>
    Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken);
}

/// <summary>What a command is called and which options it takes.</summary>
internal sealed record CommandDefinition(string Name, params IReadOnlyList<CommandOption> Options)
{
    /// <summary>Every command there is.</summary>
    public static readonly IReadOnlyList<CommandDefinition> All =
        [
            UserAdd.Command, UserReset.Command, MailboxAdd.Command, MailboxTest.Command, MailboxStatusReport.Command,
            MailboxFolders.Command, MailboxSyncNow.Command, MailboxRemove.Command,
        ];
}

/// <summary>An option of a command.</summary>
internal sealed record CommandOption(string Name, bool TakesValue = true, bool IsRequired = false);
