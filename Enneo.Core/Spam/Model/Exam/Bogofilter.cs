using System.Diagnostics;
using System.Globalization;
using Enneo.Core.Spam.Model.Training;

namespace Enneo.Core.Spam.Model.Exam;

/// <summary>The well-known filter of Debian, trained and asked on the same mails, to compare with.</summary>
internal sealed record Bogofilter(double Speed, long Bytes, IReadOnlyList<JudgedMail> Judged)
{
    private const string Program = "/usr/bin/bogofilter";

    /// <returns>Null if it is not installed.</returns>
    public static Bogofilter? Find(string folder)
    {
        if (!File.Exists(Program))
        {
            return null;
        }

        var words = Directory.CreateTempSubdirectory("enneo-bogofilter-");
        try
        {
            foreach (var kind in TrainingRow.Read(Path.Combine(folder, "split", "train.tsv")).GroupBy(row => row.IsSpam))
            {
                Run([kind.Key ? "-s" : "-n", "-d", words.FullName, "-b"], kind.Select(row => Path.Combine(folder, row.Path)));
            }

            var rows = TrainingRow.Read(Path.Combine(folder, "split", "dev.tsv")).ToList();
            var (answers, spent) = Run(["-T", "-v", "-d", words.FullName, "-b"], rows.Select(row => Path.Combine(folder, row.Path)));
            var judged = rows.Zip(answers, (row, answer) => new JudgedMail(row.Source, row.IsSpam, Probability(answer))).ToList();
            return new(rows.Count / spent.TotalSeconds, words.EnumerateFiles().Sum(file => file.Length), judged);
        }
        finally
        {
            words.Delete(recursive: true);
        }
    }

    private static double Probability(string answer) => double.Parse(answer.Split(' ')[^1], CultureInfo.InvariantCulture);

    private static (string[] Answers, TimeSpan Spent) Run(IEnumerable<string> arguments, IEnumerable<string> files)
    {
        var before = OfChildren();
        using Process process = new() { StartInfo = new(Program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true } };
        process.Start();
        var answers = process.StandardOutput.ReadToEndAsync();
        foreach (var file in files)
        {
            process.StandardInput.WriteLine(file);
        }

        process.StandardInput.Close();
        var text = answers.GetAwaiter().GetResult();
        process.WaitForExit();
        return (text.Split('\n', StringSplitOptions.RemoveEmptyEntries), OfChildren() - before);
    }

    /// <summary>The processor time of all programs that this one started and that ended (proc(5)), in hundredths of a second.</summary>
    private static TimeSpan OfChildren()
    {
        var status = File.ReadAllText("/proc/self/stat");
        var fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromMilliseconds(10 * (long.Parse(fields[13], CultureInfo.InvariantCulture) + long.Parse(fields[14], CultureInfo.InvariantCulture)));
    }
}
