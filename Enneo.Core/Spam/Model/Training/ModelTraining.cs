namespace Enneo.Core.Spam.Model.Training;

/// <summary>Makes a model from judged mails and the letters of our own, the same one every time.</summary>
public static class ModelTraining
{
    private const double HiddenWanted = .001;
    private const double SuspiciousWanted = .01;

    /// <summary>
    /// Mail of other people scatters more than what the threshold is chosen on: with each source of the training left out in
    /// turn, so much more hides less than three wanted mails in a thousand, and of no source more than thirty.
    /// </summary>
    private const double Caution = 2.6;

    /// <param name="folder">Has the mails and their lists, <c>split/train.tsv</c> and <c>split/dev.tsv</c>.</param>
    /// <returns>The file of a model: for the same mails and seed the same bytes.</returns>
    public static byte[] Run(string folder, int seed) =>
        ModelFile.Write(Run(TrainingSet.Train(folder), TrainingSet.Development(folder), new() { Seed = seed }));

    /// <summary>Calibrated, with its thresholds.</summary>
    internal static SpamModel Run(TrainingSet train, TrainingSet development, TrainingOptions options)
    {
        var letters = TrainingSet.Letters(options.LetterCopies, options.Seed);
        var model = Train([.. train.Mails, .. letters.Mails], options);
        return Calibrate(model, development.Mails);
    }

    /// <summary>Weights only; what they say is no probability yet.</summary>
    internal static SpamModel Train(IReadOnlyList<TrainingMail> mails, TrainingOptions options)
    {
        Vocabulary vocabulary = new(mails, options.MinMails);
        var counts = Trainer.MailWeights(mails, options.LetterWeight);
        var weighed = mails.Select((mail, index) => new WeighedMail(vocabulary.Number(mail.Features), mail.IsSpam, counts[index])).ToList();
        var sum = new float[vocabulary.Count];
        double bias = 0;
        var passes = ParallelEnumerable.Range(0, options.Passes).AsOrdered().Select(pass => Trainer.Train(weighed, vocabulary.Count, options with { Seed = options.Seed + pass }));
        foreach (var (weights, own) in passes)
        {
            bias += own / options.Passes;
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += weights[i] / options.Passes;
            }
        }

        return new(WeightTable.Of(vocabulary.Numbers.Select(number => KeyValuePair.Create(number.Key, sum[number.Value])))) { Bias = bias };
    }

    internal static SpamModel Calibrate(SpamModel model, IReadOnlyList<TrainingMail> mails)
    {
        var scores = mails.Select(mail => (model.Score(mail.Features), mail.IsSpam)).ToList();
        var (slope, balanced) = Calibration.Fit(scores);
        var offset = balanced + SpamModel.Prior;
        var wanted = scores.Where(score => !score.IsSpam).Select(score => (slope * score.Item1) + offset).ToList();
        return new(model.Weights)
        {
            Bias = model.Bias,
            Slope = slope,
            Offset = offset,
            SpamThreshold = Logistic.Of(Calibration.Threshold(wanted, HiddenWanted) + Caution),
            UnsureThreshold = Logistic.Of(Calibration.Threshold(wanted, SuspiciousWanted)),
        };
    }
}
