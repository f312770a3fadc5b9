namespace Enneo.Core.Spam.Model.Features;

/// <summary>Amounts as the model tells them apart: each step is twice the one before.</summary>
internal static class Size
{
    public static int Of(double amount)
    {
        var step = 0;
        while (amount >= 1 && step < 20)
        {
            amount /= 2;
            step++;
        }

        return step;
    }
}
