using System.Globalization;
using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Mailboxes;
using Enneo.Web.Shell;

namespace Enneo.Web.Commands;

/// <summary><c>mailbox add</c>: connects the mailbox that a file describes.</summary>
internal sealed class MailboxAdd(MailboxEditing editing) : ICommand
{
    public static readonly CommandDefinition Command = new("mailbox add", new CommandOption("--file", IsRequired: true));

    public CommandDefinition Definition => Command;

    public async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        var path = options["--file"];
        MailboxInput? input;
        try
        {
            await using var file = File.OpenRead(path);
            input = await JsonSerializer.DeserializeAsync<MailboxInput>(file, MailboxJson.Options, cancellationToken);
        }
        catch (JsonException exception)
        {
            return Refuse(CommandText.FileNotMailbox, path, Where(exception));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Refuse(CommandText.FileUnreadable, path, exception.Message);
        }

        return input is { Data: not null }
            ? Report(input, await editing.AddAsync(input, Actor.Operator, CommandAnswer.Origin, cancellationToken))
            : Refuse(CommandText.FileNotMailbox, path, CommandText.FileSaysNothing);
    }

    private static int Report(MailboxInput input, MailboxEditResult added)
    {
        if (!added.Succeeded)
        {
            var lines = from error in added.Errors
                        from text in error.Value
                        select error.Key.Length > 0 ? $"{error.Key}: {text}" : text;
            return new Refusal(Refusal.Failure, [.. lines]).Print();
        }

        Console.Out.WriteLine(string.Format(CultureInfo.CurrentCulture, CommandText.MailboxAdded, input.Data.Address, added.MailboxId));
        foreach (var note in added.Notes)
        {
            Console.Out.WriteLine(note);
        }

        return 0;
    }

    /// <summary>Never the message of the exception, which may quote the file, and with it a password.</summary>
    private static string Where(JsonException exception) =>
        string.Format(CultureInfo.CurrentCulture, CommandText.JsonWhere, (exception.LineNumber ?? 0) + 1, exception.Path ?? "$");

    private static int Refuse(string text, params object[] values) =>
        Refusal.Because(string.Format(CultureInfo.CurrentCulture, text, values)).Print();
}
