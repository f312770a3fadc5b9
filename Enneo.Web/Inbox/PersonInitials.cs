using System.Globalization;

namespace Enneo.Web.Inbox;

/// <summary>One or two letters that stand for a person.</summary>
internal static class PersonInitials
{
    public static string Of(string name)
    {
        var words = name.Split([' ', '.', '@', '-', '_', ','], StringSplitOptions.RemoveEmptyEntries)
            .Where(word => char.IsLetterOrDigit(word, 0))
            .ToList();
        return words switch
        {
            [] => "·",
            [var only] => First(only),
            [var first, .., var last] => name.Contains('@', StringComparison.Ordinal) ? First(first) : First(first) + First(last),
        };
    }

    private static string First(string word) => StringInfo.GetNextTextElement(word).ToUpper(CultureInfo.CurrentCulture);
}
