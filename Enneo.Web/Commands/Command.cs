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
        UserAdd.Command, UserInvite.Command, UserAccess.Command, UserReset.Command, UserResetFactors.Command, UserSignOut.Command,
        ApiKeyAdd.Command, MailboxAdd.Command, MailboxTest.Command, MailboxStatusReport.Command,
        MailboxFolders.Command, MailboxSyncNow.Command, MailboxRemove.Command, MailboxShadow.Command, MailboxLive.Command,
        MailboxExporting.Command, MailboxImporting.Command, SearchRebuilding.Command, Backup.Command, Restore.Command, SystemdUnit.Command,
        SpamTrain.Command, SpamScore.Command, SpamStream.Command, SpamExam.Command,
    ];

    /// <summary>What the one word that follows the name stands for; null where none does.</summary>
    public string? Operand { get; init; }

    /// <summary>Whether the database is brought to this program's version first.</summary>
    public bool NeedsDatabase { get; init; } = true;

    /// <summary>What it does if it needs neither settings nor data, so that it leaves nothing behind; null if it needs them.</summary>
    public Func<CommandOptions, CancellationToken, Task<int>>? Alone { get; init; }

    /// <returns>The command that the words before the options name; null if there is none.</returns>
    public static CommandDefinition? Find(IReadOnlyList<string> words) => All.FirstOrDefault(command =>
        command.Name == string.Join(' ', words) || (command.Operand is not null && command.Name == string.Join(' ', words.SkipLast(1))));
}

/// <summary>An option of a command.</summary>
internal sealed record CommandOption(string Name, bool TakesValue = true, bool IsRequired = false);
