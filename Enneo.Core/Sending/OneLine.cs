namespace Enneo.Core.Sending;

/// <summary>Text of a header as somebody else wrote it, made fit for a header of ours.</summary>
internal static class OneLine
{
    /// <returns>Without control characters, at most <paramref name="length"/> long.</returns>
    public static string Of(string text, int length)
    {
        var clean = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return clean.Length <= length ? clean : clean[..(char.IsHighSurrogate(clean[length - 1]) ? length - 1 : length)];
    }
}
