using Enneo.Core.Spam.Model.Exam;
using Enneo.Web.Shell;

namespace Enneo.Web.Commands;

/// <summary><c>spam exam</c>: trains a model and prints what it is worth.</summary>
internal static class SpamExam
{
    public static readonly CommandDefinition Command = new("spam exam", new CommandOption("--data", IsRequired: true)) { Alone = RunAsync };

    private static async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var line in ModelExam.Run(options["--data"], cancellationToken))
            {
                await Console.Out.WriteLineAsync(line);
            }

            return 0;
        }
        catch (Exception exception) when (SpamFiles.IsFault(exception))
        {
            return Refusal.Because(exception.Message).Print();
        }
    }
}
