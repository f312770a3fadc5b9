using System.Diagnostics;
using System.Globalization;
using Enneo.Core.Spam.Model.Features;
using Enneo.Core.Spam.Model.Training;

namespace Enneo.Core.Spam.Model.Exam;

/// <summary>What a model trained on a folder of judged mails is worth, in figures.</summary>
public static class ModelExam
{
    private const int Seed = 7;

    /// <summary>From here on one mail is less than 30 in a thousand.</summary>
    private const int LargerSource = 34;

    private static readonly string[] s_policies = ["all", "delayed:200", "errors:70"];

    /// <returns>The lines of a report, each as soon as it is known.</returns>
    public static IEnumerable<string> Run(string folder, CancellationToken cancellationToken)
    {
        TrainingOptions options = new();
        var train = TrainingSet.Train(folder);
        var development = TrainingSet.Development(folder);
        var began = Environment.CpuUsage.TotalTime;
        var model = ModelTraining.Run(train, development, options);
        yield return Line($"training: {(Environment.CpuUsage.TotalTime - began).TotalSeconds:N0} CPU seconds, {Environment.ProcessorCount} processors");
        yield return Line($"model {ModelFile.Length:N0} bytes, features {FeatureExtraction.Version}, spam from {model.SpamThreshold:0.0000}, unsure from {model.UnsureThreshold:0.0000}");
        foreach (var line in Sources("DEV", CrossValidation.Judge(model, development.Mails), model.SpamThreshold))
        {
            yield return line;
        }

        List<JudgedMail> unseen = [];
        foreach (var source in CrossValidation.Run(train, development, options, cancellationToken))
        {
            unseen.AddRange(source);
            yield return Row($"without {source[0].Source}", source, model.SpamThreshold);
        }

        foreach (var line in Sum("TRAIN, each source unseen", unseen, model.SpamThreshold))
        {
            yield return line;
        }

        foreach (var policy in s_policies)
        {
            yield return Online(model, development.Mails, policy);
        }

        foreach (var line in Speed(folder, model))
        {
            yield return line;
        }
    }

    private static IEnumerable<string> Sources(string title, IReadOnlyList<JudgedMail> mails, double threshold)
    {
        foreach (var source in mails.GroupBy(mail => mail.Source).OrderBy(source => source.Key, StringComparer.Ordinal))
        {
            yield return Row($"{title} {source.Key}", [.. source], threshold);
        }

        foreach (var line in Sum(title, mails, threshold))
        {
            yield return line;
        }
    }

    private static IEnumerable<string> Sum(string title, IReadOnlyList<JudgedMail> mails, double threshold)
    {
        yield return Row($"{title}: in sum", mails, threshold);
        var (source, hidden) = ExamFigures.Worst(mails, threshold);
        yield return Line($"{title}: worst source {source}, {hidden:0.0} wanted mails hidden per 1,000");
        var (larger, hiddenOfLarger) = ExamFigures.Worst(mails, threshold, LargerSource);
        yield return Line($"{title}: worst source of {LargerSource} wanted mails and more {larger}, {hiddenOfLarger:0.0} hidden per 1,000");
    }

    private static string Row(string title, IReadOnlyList<JudgedMail> mails, double threshold)
    {
        var figures = ExamFigures.Of(mails, threshold);
        return Line($"{title,-44} wanted {figures.Wanted,5} spam {figures.Spam,5} (1-ROCA)% {figures.RocLoss,6:0.000} recall@.1% {figures.RecallAtTenth:0.000} recall@1% {figures.RecallAtOne:0.000} hidden/1000 {figures.Hidden,6:0.0} caught {figures.Caught:0.000}");
    }

    private static string Online(SpamModel model, IReadOnlyList<TrainingMail> mails, string name)
    {
        if (!OnlinePolicy.TryParse(name, out var policy))
        {
            throw new ArgumentException($"There is no policy {name}.", nameof(name));
        }

        var order = mails.ToArray();
        new Random(Seed).Shuffle(order);
        var judged = OnlineExam.Run(model, order, policy).Select(said => new JudgedMail(said.Mail.Source, said.Mail.IsSpam, said.Probability)).ToList();
        var second = judged[(judged.Count / 2)..];
        return $"{Row($"online {name}", judged, model.SpamThreshold)}; second half: {Row("", second, model.SpamThreshold).Trim()}";
    }

    private static IEnumerable<string> Speed(string folder, SpamModel model)
    {
        var files = TrainingRow.Read(Path.Combine(folder, "split", "dev.tsv")).Select(row => Path.Combine(folder, row.Path)).ToList();
        var mails = files.ConvertAll(File.ReadAllBytes);
        foreach (var mail in mails)
        {
            model.FindProbability(mail);
        }

        var before = Environment.CpuUsage.TotalTime;
        foreach (var mail in mails)
        {
            model.FindProbability(mail);
        }

        var spent = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        yield return Line($"speed: {mails.Count / spent:N0} mails per CPU second; {Process.GetCurrentProcess().WorkingSet64 >> 20} MB of memory with all mails loaded");
        if (Bogofilter.Find(folder) is { } bogofilter)
        {
            yield return Line($"bogofilter on the same mails: {bogofilter.Speed:N0} mails per CPU second, {bogofilter.Bytes:N0} bytes");
            yield return Row("bogofilter, DEV: in sum", bogofilter.Judged, .99);
        }
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
