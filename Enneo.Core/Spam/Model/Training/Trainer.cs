using Enneo.Core.Spam.Model.Features;

namespace Enneo.Core.Spam.Model.Training;

/// <summary>
/// Logistic regression by AdaGrad: the same mails, order and options give the same weights. Both kinds of mail count
/// alike in sum, and within a kind a large source does not drown the small ones.
/// </summary>
internal sealed class Trainer
{
    private const double MaxMailWeight = 4;
    private const double BiasShare = .1;

    private readonly TrainingOptions _options;
    private readonly float[] _weights;
    private readonly float[] _squares;
    private readonly double[] _scales = new double[FeatureGroups.Count];
    private readonly int[] _ends = new int[FeatureGroups.Count];
    private readonly uint _hidden;
    private int[] _shown = [];
    private double _bias;
    private double _biasSquares;

    private Trainer(int features, TrainingOptions options)
    {
        _options = options;
        _weights = new float[features];
        _squares = new float[features];
        _hidden = (uint)(options.Hidden * uint.MaxValue);
    }

    /// <param name="mails">Numbered, with what each is and what it counts.</param>
    public static (float[] Weights, double Bias) Train(IReadOnlyList<WeighedMail> mails, int features, TrainingOptions options)
    {
        Trainer trainer = new(features, options);
        Random random = new(options.Seed);
        var order = Enumerable.Range(0, mails.Count).ToArray();
        for (var round = 0; round < options.Rounds; round++)
        {
            random.Shuffle(order);
            foreach (var index in order)
            {
                trainer.Learn(mails[index], random);
            }
        }

        return (trainer._weights, trainer._bias);
    }

    /// <summary>What each mail counts: a source as the root of its number of mails.</summary>
    /// <param name="ofLetters">What a letter of our own counts against a mail of other people.</param>
    public static double[] MailWeights(IReadOnlyList<TrainingMail> mails, double ofLetters)
    {
        var counts = mails.GroupBy(mail => (mail.IsSpam, mail.Source)).ToDictionary(source => source.Key, source => source.Count());
        double Own(string source) => LetterWriter.IsOwn(source) ? ofLetters : 1;
        double Total(bool isSpam) => counts.Where(source => source.Key.IsSpam == isSpam).Sum(source => Own(source.Key.Source) * Math.Sqrt(source.Value));
        double[] totals = [Total(false), Total(true)];
        return [.. mails.Select(mail => Math.Min(
            MaxMailWeight,
            Own(mail.Source) * mails.Count / 2.0 / Math.Sqrt(counts[(mail.IsSpam, mail.Source)]) / totals[mail.IsSpam ? 1 : 0]))];
    }

    private void Learn(WeighedMail mail, Random random)
    {
        Withhold(mail.Mail, random);
        Show(mail.Mail, (uint)random.Next() | 1);
        var error = (Logistic.Of(Sum()) - (mail.IsSpam ? 1 : 0)) * mail.Weight;
        if (Math.Abs(error) < 1e-4)
        {
            return;
        }

        for (var group = 0; group < FeatureGroups.Count; group++)
        {
            Step(Shown(group), error * _scales[group]);
        }

        _biasSquares += error * error;
        _bias -= BiasShare * _options.Rate * error / (Math.Sqrt(_biasSquares) + 1e-3);
    }

    private void Step(ReadOnlySpan<int> numbers, double gradient)
    {
        foreach (var number in numbers)
        {
            var own = gradient + (_options.Decay * _weights[number]);
            _squares[number] += (float)(own * own);
            _weights[number] -= (float)(_options.Rate * own / (Math.Sqrt(_squares[number]) + 1e-3));
        }
    }

    /// <summary>Leaves out the groups and the features that are withheld this time.</summary>
    private void Show(NumberedMail mail, uint salt)
    {
        if (_shown.Length < mail.Numbers.Length)
        {
            _shown = new int[mail.Numbers.Length];
        }

        var start = 0;
        var count = 0;
        for (var group = 0; group < FeatureGroups.Count; group++)
        {
            var end = mail.Ends[group];
            foreach (var number in mail.Numbers.AsSpan(start, _scales[group] == 0 ? 0 : end - start))
            {
                _shown[count] = number;
                count += ((uint)number + 1) * 2654435761u * salt < _hidden ? 0 : 1;
            }

            start = end;
            _ends[group] = count;
        }
    }

    private ReadOnlySpan<int> Shown(int group)
    {
        var start = group == 0 ? 0 : _ends[group - 1];
        return _shown.AsSpan(start, _ends[group] - start);
    }

    /// <summary>Two groups at least stay, beside the signs. What stays counts more, for all of it will be there when a mail is judged.</summary>
    private void Withhold(NumberedMail mail, Random random)
    {
        int kept;
        do
        {
            kept = 0;
            for (var group = 0; group < FeatureGroups.Count; group++)
            {
                var isWithheld = random.NextDouble() < _options.Withheld;
                _scales[group] = isWithheld ? 0 : mail.Scales[group] / (1 - _options.Withheld) / (1 - _options.Hidden);
                kept += isWithheld || group == (int)FeatureGroup.Signs ? 0 : 1;
            }
        }
        while (kept < 2);
    }

    private double Sum()
    {
        var sum = _bias;
        for (var group = 0; group < FeatureGroups.Count; group++)
        {
            double own = 0;
            foreach (var number in Shown(group))
            {
                own += _weights[number];
            }

            sum += own * _scales[group];
        }

        return sum;
    }
}

/// <summary>A mail to learn from.</summary>
internal readonly record struct WeighedMail(NumberedMail Mail, bool IsSpam, double Weight);
