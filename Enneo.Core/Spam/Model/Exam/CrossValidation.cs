using Enneo.Core.Spam.Model.Training;

namespace Enneo.Core.Spam.Model.Exam;

/// <summary>
/// Judges every source by a model that was trained without it: what the model is worth to somebody whose mail nobody
/// has seen.
/// </summary>
internal static class CrossValidation
{
    /// <summary>One training per source would take hours with as many passes as the shipped model has; with fewer it is a little worse.</summary>
    private const int Passes = 2;

    public static IEnumerable<IReadOnlyList<JudgedMail>> Run(TrainingSet train, TrainingSet development, TrainingOptions options, CancellationToken cancellationToken)
    {
        var letters = TrainingSet.Letters(options.LetterCopies, options.Seed).Mails;
        foreach (var source in train.Mails.Select(mail => mail.Source).Distinct().Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var others = train.Mails.Where(mail => mail.Source != source).Concat(letters).ToList();
            var model = ModelTraining.Calibrate(ModelTraining.Train(others, options with { Passes = Passes }), development.Mails);
            yield return Judge(model, train.Mails.Where(mail => mail.Source == source));
        }
    }

    public static IReadOnlyList<JudgedMail> Judge(SpamModel model, IEnumerable<TrainingMail> mails) =>
        [.. mails.Select(mail => new JudgedMail(mail.Source, mail.IsSpam, model.Probability(mail.Features)))];
}
