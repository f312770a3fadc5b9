using Enneo.Core.Spam.Model.Features;

namespace Enneo.Core.Spam.Model.Training;

/// <summary>Mails that were judged, as folders of raw mails with a list: <c>path TAB spam|ham TAB source</c>.</summary>
internal sealed class TrainingSet
{
    private TrainingSet(IReadOnlyList<TrainingMail> mails) => Mails = mails;

    public IReadOnlyList<TrainingMail> Mails { get; }

    /// <summary>What the model is made of.</summary>
    public static TrainingSet Train(string folder) => Read(folder, "train.tsv");

    /// <summary>What it is calibrated on; never trained on.</summary>
    public static TrainingSet Development(string folder) => Read(folder, "dev.tsv");

    public static TrainingSet Read(string folder, string list) =>
        new([.. TrainingRow.Read(Path.Combine(folder, "split", list)).Select(row => Load(folder, row))]);

    /// <summary>One by one, for those who judge and learn on the way.</summary>
    public static IEnumerable<TrainingMail> Stream(string list)
    {
        var own = Path.GetDirectoryName(Path.GetFullPath(list))!;
        var parent = Path.GetDirectoryName(own) ?? own;
        return TrainingRow.Read(list).Select(row => Load(File.Exists(Path.Combine(own, row.Path)) ? own : parent, row));
    }

    /// <summary>The mails of our own.</summary>
    public static TrainingSet Letters(int copies, int seed) =>
        new([.. LetterWriter.Write(copies, seed).Select((letter, index) => Load(letter.Message, letter.IsSpam, letter.Source, $"{letter.Source}/{index}"))]);

    private static TrainingMail Load(MimeKit.MimeMessage message, bool isSpam, string source, string name)
    {
        using var written = message;
        using MemoryStream raw = new();
        message.WriteTo(raw);
        return new(name, isSpam, source, Features(raw.ToArray()));
    }

    private static TrainingMail Load(string folder, TrainingRow row) =>
        new(row.Path, row.IsSpam, row.Source, Features(File.ReadAllBytes(Path.Combine(folder, row.Path))));

    private static MailFeatures Features(byte[] raw) => SpamModel.FindFeatures(raw) ?? FeatureExtraction.OfUnreadable();
}

/// <summary>A line of a list.</summary>
internal sealed record TrainingRow(string Path, bool IsSpam, string Source)
{
    public static IEnumerable<TrainingRow> Read(string list)
    {
        foreach (var line in File.ReadLines(list))
        {
            if (line.Split('\t') is [var path, var label, .. var rest] && label is "spam" or "ham")
            {
                yield return new(path, label is "spam", rest is [var source, ..] ? source : "");
            }
        }
    }
}
