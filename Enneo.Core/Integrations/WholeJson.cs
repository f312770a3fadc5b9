using System.Text.Json;
using System.Text.Unicode;

namespace Enneo.Core.Integrations;

/// <summary>
/// JSON that can be kept and told again: half of a surrogate pair, which <c>"\ud800"</c> is, passes as JSON and is no text
/// (RFC 8259, section 8.2), and neither are bytes that are no UTF-8.
/// </summary>
public static class WholeJson
{
    /// <param name="json">One value, which was read as JSON before.</param>
    public static bool Is(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            return false;
        }

        Utf8JsonReader reader = new(json, new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = int.MaxValue });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped && !IsText(ref reader))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsText(ref Utf8JsonReader reader)
    {
        try
        {
            _ = reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
