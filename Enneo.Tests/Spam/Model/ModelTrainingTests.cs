using System.Security.Cryptography;
using Enneo.Core.Spam.Model;
using Enneo.Core.Spam.Model.Training;

namespace Enneo.Tests.Spam.Model;

public sealed class ModelTrainingTests
{
    private static readonly TrainingOptions s_small = new() { LetterCopies = 1, Passes = 2, Rounds = 2 };

    [Fact]
    public void TheSameMailsGiveTheSameBytes()
    {
        using var folder = Mails();

        var first = Train(folder.Path, s_small);
        var second = Train(folder.Path, s_small);
        var other = Train(folder.Path, s_small with { Seed = 2 });

        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public void WhatIsLearnedHoldsForMailsThatWereNotSeen()
    {
        using var folder = Mails();
        var model = SpamModel.Load(Train(folder.Path, s_small));
        var unseen = TrainingSet.Letters(copies: 1, seed: 77).Mails;

        Assert.True(unseen.Count(mail => model.Probability(mail.Features) >= .3 == mail.IsSpam) > unseen.Count * .9);
    }

    /// <summary>On the collections that the shipped model was made of, where they are at hand.</summary>
    [Fact]
    public async Task TheShippedModelIsWhatTrainingMakes()
    {
        var folder = await Exams.RequireAsync("spam");

        var trained = ModelTraining.Run(folder, seed: 1);

        Assert.Equal(Convert.ToHexString(SHA256.HashData(ModelFile.Write(SpamModel.Shipped))), Convert.ToHexString(SHA256.HashData(trained)));
    }

    [Fact]
    public void OurOwnLettersAreTheSameEveryTime_OfBothKindsInEveryLanguage()
    {
        var letters = TrainingSet.Letters(copies: 1, seed: 3).Mails;

        Assert.Equal(letters.Select(mail => mail.Features.Hashes), TrainingSet.Letters(copies: 1, seed: 3).Mails.Select(mail => mail.Features.Hashes));
        Assert.InRange(letters.Count(mail => mail.IsSpam), letters.Count / 3, letters.Count * 2 / 3);
        Assert.All(LetterBook.All, book => Assert.True(book.Letters.Count(letter => !letter.IsSpam) >= 9 && book.Letters.Count(letter => letter.IsSpam) >= 5, book.Language));
        Assert.DoesNotContain(letters, mail => mail.Features.Hashes.Length < 50);
    }

    [Fact]
    public void ThresholdsHideNoMoreThanTheShareAllowed()
    {
        var wanted = Enumerable.Range(0, 2000).Select(i => i / 10.0).ToList();

        Assert.Equal(2, wanted.Count(evidence => evidence > Calibration.Threshold(wanted, .001)));
        Assert.Equal(0, wanted.Count(evidence => evidence > Calibration.Threshold(wanted, 0)));
    }

    private static byte[] Train(string folder, TrainingOptions options) =>
        ModelFile.Write(ModelTraining.Run(TrainingSet.Train(folder), TrainingSet.Development(folder), options));

    /// <summary>Two lists of a few mails each, laid out as the collections are.</summary>
    private static TemporaryFolder Mails()
    {
        TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["split"]);
        foreach (var (list, seed) in new[] { ("train", 11), ("dev", 12) })
        {
            List<string> rows = ["path\tlabel\tsource"];
            foreach (var (isSpam, source, message) in LetterWriter.Write(copies: 1, seed))
            {
                using (message)
                {
                    var path = $"{list}-{rows.Count}.eml";
                    message.WriteTo(folder[path]);
                    rows.Add($"{path}\t{(isSpam ? "spam" : "ham")}\t{source}");
                }
            }

            File.WriteAllLines(Path.Combine(folder["split"], $"{list}.tsv"), rows);
        }

        return folder;
    }
}
