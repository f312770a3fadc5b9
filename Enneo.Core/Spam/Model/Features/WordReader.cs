namespace Enneo.Core.Spam.Model.Features;

/// <summary>Reads folded text word by word. Numbers of one length are one word, so that a price or a date is a form and not a value.</summary>
internal ref struct WordReader(ReadOnlySpan<char> text)
{
    private const int MaxWord = 24;

    private readonly ReadOnlySpan<char> _text = text;
    private readonly char[] _word = new char[MaxWord + 1];
    private int _at;

    /// <summary>Whether the last word mixed Latin letters with such as only look like them.</summary>
    public bool IsMixed { get; private set; }

    public ReadOnlySpan<char> Word { get; private set; }

    public bool Read()
    {
        while (_at < _text.Length)
        {
            var start = _at;
            while (_at < _text.Length && IsWord(_at, start))
            {
                _at++;
            }

            var length = _at - start;
            _at += length == 0 ? 1 : 0;
            if (length >= 2 || (length == 1 && (_text[start] > '\u2E80' || _text[start] is '$' or '€' or '£')))
            {
                Word = length > MaxWord ? "~long~" : Fold(_text.Slice(start, length));
                return true;
            }
        }

        return false;
    }

    private readonly bool IsWord(int at, int start)
    {
        var c = _text[at];
        return char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '$' or '€' or '£' or '%' || (c > 127 && char.IsLetterOrDigit(c))
            || (c is '\'' or '-' or '’' && at > start && at + 1 < _text.Length && char.IsLetter(_text[at + 1]));
    }

    private ReadOnlySpan<char> Fold(ReadOnlySpan<char> word)
    {
        var digits = 0;
        var hasLatin = false;
        var hasOther = false;
        foreach (var c in word)
        {
            digits += char.IsDigit(c) ? 1 : 0;
            hasLatin |= char.IsAsciiLetterLower(c);
            hasOther |= c is >= '\u0370' and <= '\u058F';
        }

        IsMixed = hasLatin && hasOther;
        if (!IsMixed && (digits == 0 || (word.Length <= 4 && digits < word.Length)))
        {
            return word;
        }

        for (var i = 0; i < word.Length; i++)
        {
            _word[i] = char.IsDigit(word[i]) ? '0' : IsMixed ? FoldedText.Latin(word[i]) : word[i];
        }

        return _word.AsSpan(0, word.Length);
    }
}
