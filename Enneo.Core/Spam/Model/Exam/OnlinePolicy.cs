using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Enneo.Core.Spam.Model.Exam;

/// <summary>When people tell the model what a mail was.</summary>
/// <param name="Delay">How many mails later.</param>
/// <param name="ErrorShare">How many of its errors they correct, and nothing else; null if they tell it of every mail.</param>
public sealed record OnlinePolicy(int Delay, double? ErrorShare)
{
    /// <summary><c>all</c>, <c>delayed:N</c> or <c>errors:P</c>, P as a share or in percent.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out OnlinePolicy? policy)
    {
        policy = text.Split(':') switch
        {
            ["all"] => new(0, null),
            ["delayed", var delay] when int.TryParse(delay, NumberStyles.None, CultureInfo.InvariantCulture, out var mails) => new(mails, null),
            ["errors", var share] when double.TryParse(share, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var part) && part <= 100 =>
                new(0, part > 1 ? part / 100 : part),
            _ => null,
        };
        return policy is not null;
    }
}
