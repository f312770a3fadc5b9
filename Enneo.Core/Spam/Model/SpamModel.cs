using Enneo.Core.Messages;
using Enneo.Core.Spam.Model.Features;
using Enneo.Core.Storage;

namespace Enneo.Core.Spam.Model;

/// <summary>Judges mails by what is in them. It never changes; what people correct is kept beside it, as <see cref="LocalWeights"/>.</summary>
public sealed class SpamModel
{
    /// <summary>ln(.07 / .93): what a server's own filter leaves is mostly wanted.</summary>
    internal const double Prior = -2.5867;

    private static readonly Lazy<SpamModel> s_shipped = new(LoadShipped);

    internal SpamModel(WeightTable weights) => Weights = weights;

    /// <summary>The one that comes with the program.</summary>
    public static SpamModel Shipped => s_shipped.Value;

    /// <summary>From this probability on a mail is spam: on mails that it was not trained on, it hides one in a thousand wanted ones.</summary>
    public double SpamThreshold { get; init; }

    /// <summary>From this probability on a mail is clean but suspicious.</summary>
    public double UnsureThreshold { get; init; }

    internal WeightTable Weights { get; }

    internal double Bias { get; init; }

    internal double Slope { get; init; } = 1;

    internal double Offset { get; init; }

    /// <exception cref="InvalidDataException">It is no model of this program, in a sentence for people.</exception>
    public static SpamModel Load(byte[] file) => ModelFile.Read(file);

    /// <returns>What the model sees of a mail; null if it cannot be read, which never makes it spam.</returns>
    internal static MailFeatures? FindFeatures(MailBytes raw, bool isNamed = false)
    {
        if (MailLimits.Refusal(raw) is not null)
        {
            return null;
        }

        try
        {
            using var message = MailLimits.Load(raw);
            return FeatureExtraction.Of(message, isNamed);
        }
        catch (Exception exception) when (MailLimits.IsFault(exception))
        {
            return null;
        }
    }

    /// <param name="local">What this installation learned.</param>
    /// <returns>The probability with its reasons; null if the mail cannot be read, which never makes it spam.</returns>
    public Judgement? Judge(MailBytes raw, LocalWeights? local = null) =>
        FindFeatures(raw, isNamed: true) is { } features ? Explanation.Of(features, this, local) : null;

    /// <returns>The probability alone; null if the mail cannot be read.</returns>
    public double? FindProbability(MailBytes raw, LocalWeights? local = null) =>
        FindFeatures(raw) is { } features ? Probability(features, local) : null;

    internal double Probability(MailFeatures features, LocalWeights? local = null) => Logistic.Of(Evidence(features, local));

    /// <summary>Above nothing for spam, below it for a wanted mail.</summary>
    internal double Evidence(MailFeatures features, LocalWeights? local = null)
    {
        var evidence = (Slope * Score(features)) + Offset;
        return local is null ? evidence : Prior + (local.BaseShare * (evidence - Prior)) + local.Evidence(features);
    }

    /// <summary>Before calibration.</summary>
    internal double Score(MailFeatures features)
    {
        var score = Bias;
        for (var group = 0; group < FeatureGroups.Count; group++)
        {
            double sum = 0;
            foreach (var hash in features.Of(group))
            {
                sum += Weights[hash];
            }

            score += sum * FeatureGroups.Scale(group, features.Count(group));
        }

        return score;
    }

    private static SpamModel LoadShipped()
    {
        using var stream = typeof(SpamModel).Assembly.GetManifestResourceStream("base.model")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Load(bytes);
    }
}
