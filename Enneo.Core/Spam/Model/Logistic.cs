namespace Enneo.Core.Spam.Model;

/// <summary>
/// Exponential and logarithm by additions and multiplications alone, so that a training gives the same bytes on every
/// processor: those of the run-time library differ in their last digit.
/// </summary>
internal static class Logistic
{
    private const double Ln2 = 0.693147180559945309417;
    private const double Limit = 35;

    /// <returns>1 / (1 + e^-z).</returns>
    public static double Of(double z) => 1 / (1 + Exp(-Math.Clamp(z, -Limit, Limit)));

    /// <returns>The z whose probability it is.</returns>
    public static double Inverse(double probability) => Math.Log(probability / (1 - probability));

    private static double Exp(double x)
    {
        var power = (int)Math.Floor((x / Ln2) + .5);
        var rest = x - (power * Ln2);
        var sum = 1.0;
        for (var i = 13; i > 0; i--)
        {
            sum = 1 + (sum * rest / i);
        }

        return BitConverter.Int64BitsToDouble((power + 1023L) << 52) * sum;
    }
}
