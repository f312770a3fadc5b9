using Enneo.Core.Spam.Model.Training;

namespace Enneo.Core.Spam.Model.Exam;

/// <summary>Judges mails one after the other and learns on the way, as an installation does.</summary>
public static class OnlineExam
{
    private const int Seed = 5;

    /// <param name="list">A file of lines <c>path TAB spam|ham</c>, in order; the paths are as the list's folder or its parent sees them.</param>
    /// <returns>The path of each mail, and what was said of it before anything was learned from it.</returns>
    public static IEnumerable<(string Path, double Probability)> Run(SpamModel model, string list, OnlinePolicy policy) =>
        Run(model, TrainingSet.Stream(list), policy).Select(said => (said.Mail.Path, said.Probability));

    /// <returns>What was said of each mail before anything was learned from it.</returns>
    internal static IEnumerable<(TrainingMail Mail, double Probability)> Run(SpamModel model, IEnumerable<TrainingMail> mails, OnlinePolicy policy)
    {
        LocalLearning learning = new(model);
        Queue<TrainingMail> told = new();
        Random random = new(Seed);
        foreach (var mail in mails)
        {
            var probability = model.Probability(mail.Features, learning.Weights);
            yield return (mail, probability);
            var isError = probability >= .5 != mail.IsSpam;
            if (policy.ErrorShare is not { } share || (isError && random.NextDouble() < share))
            {
                told.Enqueue(mail);
            }

            while (told.Count > policy.Delay)
            {
                var next = told.Dequeue();
                learning.Learn(next.Features, next.IsSpam);
            }
        }
    }
}
