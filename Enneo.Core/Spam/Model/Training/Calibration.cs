namespace Enneo.Core.Spam.Model.Training;

/// <summary>Makes scores probabilities (Platt), as if wanted mail and spam were as many, and finds the thresholds.</summary>
internal static class Calibration
{
    private const int Steps = 4000;
    private const double Rate = .5;

    public static (double Slope, double Offset) Fit(IReadOnlyList<(double Score, bool IsSpam)> scores)
    {
        var spam = scores.Count(score => score.IsSpam);
        var (ofSpam, ofHam) = (.5 / spam, .5 / (scores.Count - spam));
        double slope = 1, offset = 0;
        for (var step = 0; step < Steps; step++)
        {
            double slopeGradient = 0, offsetGradient = 0;
            foreach (var (score, isSpam) in scores)
            {
                var error = (Logistic.Of((slope * score) + offset) - (isSpam ? 1 : 0)) * (isSpam ? ofSpam : ofHam);
                slopeGradient += error * score;
                offsetGradient += error;
            }

            slope -= Rate * slopeGradient;
            offset -= Rate * offsetGradient;
        }

        return (slope, offset);
    }

    /// <summary>The evidence above which at most this share of the wanted mails lies, halfway to the next of them.</summary>
    public static double Threshold(IEnumerable<double> wanted, double share)
    {
        var sorted = wanted.OrderDescending().ToList();
        var hidden = Math.Min((int)Math.Floor((share * sorted.Count) + 1e-9), sorted.Count - 1);
        return (sorted[hidden] + sorted[Math.Max(0, hidden - 1)]) / 2;
    }
}
