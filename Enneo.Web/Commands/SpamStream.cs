using System.Globalization;
using Enneo.Core.Spam.Model.Exam;
using Enneo.Web.Shell;

namespace Enneo.Web.Commands;

/// <summary><c>spam stream FILE.tsv</c>: judges a stream of mails and learns from each, or from some, as people do.</summary>
internal static class SpamStream
{
    public static readonly CommandDefinition Command = new("spam stream", new("--policy", IsRequired: true), new("--model")) { Operand = "FILE.tsv", Alone = RunAsync };

    private static async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        if (!OnlinePolicy.TryParse(options["--policy"], out var policy))
        {
            return Refusal.Because(CommandText.SpamPolicyWrong).Print();
        }

        try
        {
            foreach (var (path, probability) in OnlineExam.Run(SpamFiles.Model(options), options.Operand, policy))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{path}\t{probability:R}"));
            }

            return 0;
        }
        catch (Exception exception) when (SpamFiles.IsFault(exception))
        {
            return Refusal.Because(exception.Message).Print();
        }
    }
}
