using System.Globalization;
using Enneo.Core.Spam.Model.Training;
using Enneo.Web.Shell;

namespace Enneo.Web.Commands;

/// <summary><c>spam train</c>: makes the file of the spam model from judged mails.</summary>
internal static class SpamTrain
{
    public static readonly CommandDefinition Command = new("spam train", new("--data", IsRequired: true), new("--out", IsRequired: true), new("--seed")) { Alone = RunAsync };

    private static async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        if (!int.TryParse(options.Find("--seed") ?? "1", NumberStyles.None, CultureInfo.InvariantCulture, out var seed))
        {
            return Refusal.Because(CommandText.SpamSeedWrong).Print();
        }

        try
        {
            var model = ModelTraining.Run(options["--data"], seed);
            await File.WriteAllBytesAsync(options["--out"], model, cancellationToken);
            Console.Out.WriteLine(string.Format(CultureInfo.CurrentCulture, CommandText.SpamTrained, options["--out"], model.Length));
            return 0;
        }
        catch (Exception exception) when (SpamFiles.IsFault(exception))
        {
            return Refusal.Because(exception.Message).Print();
        }
    }
}
