namespace Enneo.Core.Spam.Model.Exam;

/// <summary>A mail whose answer is known, and what the model said.</summary>
internal readonly record struct JudgedMail(string Source, bool IsSpam, double Probability);

/// <summary>The figures by which filters are compared (TREC spam track).</summary>
/// <param name="RocLoss">100 · (1 - area under the curve); not a number if one kind is missing.</param>
/// <param name="RecallAtTenth">Share of spam above the threshold that lets one wanted mail in a thousand through.</param>
/// <param name="RecallAtOne">The same for one in a hundred.</param>
/// <param name="Hidden">Wanted mails hidden per thousand at the threshold given.</param>
/// <param name="Caught">Share of spam caught there.</param>
internal sealed record ExamFigures(int Wanted, int Spam, double RocLoss, double RecallAtTenth, double RecallAtOne, double Hidden, double Caught)
{
    public static ExamFigures Of(IReadOnlyCollection<JudgedMail> mails, double threshold)
    {
        var wanted = mails.Where(mail => !mail.IsSpam).Select(mail => mail.Probability).Order().ToArray();
        var spam = mails.Where(mail => mail.IsSpam).Select(mail => mail.Probability).ToArray();
        return new(
            wanted.Length,
            spam.Length,
            100 * (1 - Area(wanted, spam)),
            Recall(wanted, spam, .001),
            Recall(wanted, spam, .01),
            1000 * Share(wanted, threshold),
            Share(spam, threshold));
    }

    /// <summary>Of the source that suffers most.</summary>
    /// <param name="minMails">Sources of fewer wanted mails are left out: of eleven mails a single one is ninety in a thousand.</param>
    public static (string Source, double Hidden) Worst(IEnumerable<JudgedMail> mails, double threshold, int minMails = 1) => mails
        .Where(mail => !mail.IsSpam)
        .GroupBy(mail => mail.Source)
        .Where(source => source.Count() >= minMails)
        .Select(source => (source.Key, 1000 * Share([.. source.Select(mail => mail.Probability)], threshold)))
        .OrderByDescending(source => source.Item2).ThenBy(source => source.Key, StringComparer.Ordinal)
        .FirstOrDefault(("", double.NaN));

    /// <summary>How often a spam mail stands above a wanted one; equals count half.</summary>
    private static double Area(double[] wanted, double[] spam)
    {
        double above = 0;
        foreach (var probability in spam)
        {
            above += (First(wanted, probability, isAfter: false) + First(wanted, probability, isAfter: true)) / 2.0;
        }

        return above / wanted.Length / spam.Length;
    }

    /// <summary>The first place whose value is not below, or above, the one given.</summary>
    private static int First(double[] sorted, double value, bool isAfter)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle] < value || (isAfter && sorted[middle] <= value) ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static double Recall(double[] wanted, double[] spam, double share)
    {
        if (wanted.Length == 0 || spam.Length == 0)
        {
            return double.NaN;
        }

        var let = (int)Math.Floor((share * wanted.Length) + 1e-9);
        var threshold = let < wanted.Length ? wanted[wanted.Length - 1 - let] : double.NegativeInfinity;
        return spam.Count(probability => probability > threshold) / (double)spam.Length;
    }

    private static double Share(double[] probabilities, double threshold) =>
        probabilities.Length == 0 ? double.NaN : probabilities.Count(probability => probability >= threshold) / (double)probabilities.Length;
}
