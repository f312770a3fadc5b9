using System.Globalization;
using Enneo.Web.Shell;

namespace Enneo.Web.Commands;

/// <summary><c>spam score DIR</c>: what the model thinks of each raw mail in a folder.</summary>
internal static class SpamScore
{
    public static readonly CommandDefinition Command = new("spam score", new CommandOption("--model")) { Operand = "DIR", Alone = RunAsync };

    private static async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var model = SpamFiles.Model(options);
            foreach (var file in Directory.EnumerateFiles(options.Operand).Order(StringComparer.Ordinal))
            {
                var raw = await File.ReadAllBytesAsync(file, cancellationToken);
                var probability = model.FindProbability(raw) ?? 0; // what cannot be read is not spam
                await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)}\t{probability:R}"));
            }

            return 0;
        }
        catch (Exception exception) when (SpamFiles.IsFault(exception))
        {
            return Refusal.Because(exception.Message).Print();
        }
    }
}
