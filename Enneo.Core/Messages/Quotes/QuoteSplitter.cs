namespace Enneo.Core.Messages.Quotes;

/// <summary>What a line of a mail is to its reader.</summary>
internal enum LineKind
{
    /// <summary>Written for this mail; never hidden.</summary>
    New,
    Quote,
    Signature,
}

/// <summary>One line of a mail's text, or of the text of its HTML.</summary>
/// <param name="Text">Without the marks of its quotes.</param>
/// <param name="Depth">How many times it is quoted.</param>
/// <param name="Hint">What its mailer's markup says of it.</param>
internal readonly record struct MailLine(string Text, int Depth, LineKind Hint = LineKind.New)
{
    public bool IsBlank => string.IsNullOrWhiteSpace(Text);
}

/// <summary>
/// Tells what somebody wrote from what they quote and sign with. What is not recognised for certain counts
/// as new: a quote too many costs a glance, a hidden answer costs the customer. Quotes between answers stay,
/// since the answers are about them.
/// </summary>
internal static class QuoteSplitter
{
    private const int MaxLines = 10_000;

    /// <summary>A quote before the only answer is hidden when it is longer than what one quotes to answer it.</summary>
    private const int LongQuote = 10;

    /// <summary>Where mailers break lines, a little generously.</summary>
    private const int BrokenLine = 70;

    /// <param name="isForward">What looks like a quote is the very thing that was sent.</param>
    public static LineKind[] Classify(IReadOnlyList<MailLine> lines, bool isForward = false)
    {
        var kinds = new LineKind[lines.Count];
        if (isForward || lines.Count > MaxLines)
        {
            return kinds;
        }

        for (var i = 0; i < lines.Count;)
        {
            var length = Mark(lines, kinds, i);
            if (length == 0)
            {
                break;
            }

            i += length;
        }

        MendBrokenLines(lines, kinds);
        KeepContext(lines, kinds);
        JoinBlankLines(lines, kinds);
        return kinds;
    }

    /// <returns>How many lines were looked at; 0 when the rest is as it shall be.</returns>
    private static int Mark(IReadOnlyList<MailLine> lines, LineKind[] kinds, int i)
    {
        var line = lines[i];
        if (line.Depth > 0 || line.Hint is not LineKind.New)
        {
            kinds[i] = line.Depth > 0 ? LineKind.Quote : line.Hint;
            return 1;
        }

        if (line.IsBlank)
        {
            return 1;
        }

        if (QuoteHeading.IsForward(line.Text))
        {
            return 0;
        }

        if (QuoteHeading.IsOriginalMessage(lines, i) || QuoteHeading.IsHeader(lines, i))
        {
            Array.Fill(kinds, LineKind.Quote, i, kinds.Length - i);
            MarkRuleBefore(lines, kinds, i);
            return 0;
        }

        if (QuoteAttribution.At(lines, i) is { Lines: > 0 } attribution)
        {
            return MarkQuoteAfter(lines, kinds, i, attribution);
        }

        return MailSignature.At(lines, i) is > 0 and var length ? MarkSignature(lines, kinds, i, length) : 1;
    }

    /// <summary>What follows is quoted by its marks, or, where there are none, all of it if the attribution leaves no doubt.</summary>
    private static int MarkQuoteAfter(IReadOnlyList<MailLine> lines, LineKind[] kinds, int start, QuoteAttribution attribution)
    {
        var next = NextWords(lines, start + attribution.Lines);
        var isMarked = next < lines.Count && lines[next].Depth > 0;
        if (!isMarked && !attribution.IsCertain)
        {
            return attribution.Lines;
        }

        var end = isMarked ? next : lines.Count;
        Array.Fill(kinds, LineKind.Quote, start, end - start);
        return end < lines.Count ? end - start : 0;
    }

    private static int MarkSignature(IReadOnlyList<MailLine> lines, LineKind[] kinds, int start, int length)
    {
        if (!MailSignature.IsDelimiter(lines[start].Text))
        {
            Array.Fill(kinds, LineKind.Signature, start, length);
            return length;
        }

        var end = start + 1;
        while (end < lines.Count && lines[end].Depth == 0 && !QuoteHeading.IsHeader(lines, end) && !QuoteHeading.IsOriginalMessage(lines, end)
            && !QuoteHeading.IsForward(lines[end].Text) && QuoteAttribution.At(lines, end).Lines == 0)
        {
            end++;
        }

        if (MailSignature.MayStandBelow(lines[start].Text, lines.Skip(start + 1).Take(end - start - 1)))
        {
            Array.Fill(kinds, LineKind.Signature, start, end - start);
        }

        return end - start;
    }

    /// <summary>The line of dashes above a quote belongs to it.</summary>
    private static void MarkRuleBefore(IReadOnlyList<MailLine> lines, LineKind[] kinds, int start)
    {
        for (var i = start - 1; i >= 0 && kinds[i] is LineKind.New && (lines[i].IsBlank || QuoteHeading.IsRule(lines[i].Text)); i--)
        {
            kinds[i] = LineKind.Quote;
        }
    }

    /// <summary>Some mailers break a quoted line in two and mark only the first: the end of a sentence amid a quote is no answer.</summary>
    private static void MendBrokenLines(IReadOnlyList<MailLine> lines, LineKind[] kinds)
    {
        for (var i = 1; i + 1 < lines.Count; i++)
        {
            var (before, text) = (lines[i - 1].Text.TrimEnd(), lines[i].Text);
            if (kinds[i] is LineKind.New && lines[i - 1].Depth > 0 && lines[i + 1].Depth > 0
                && before.Length >= BrokenLine && !".!?:;".Contains(before[^1], StringComparison.Ordinal)
                && text.Length > 0 && char.IsLower(text[0]))
            {
                kinds[i] = LineKind.Quote;
            }
        }
    }

    /// <summary>Quotes before the last new words stay, unless a long one stands before all of them; where nothing is new, all is shown.</summary>
    private static void KeepContext(IReadOnlyList<MailLine> lines, LineKind[] kinds)
    {
        bool IsNew(int i) => kinds[i] is LineKind.New && !lines[i].IsBlank;
        var last = kinds.Length - 1;
        while (last >= 0 && !IsNew(last))
        {
            last--;
        }

        if (last < 0)
        {
            Array.Clear(kinds);
            return;
        }

        var first = 0;
        while (!IsNew(first))
        {
            first++;
        }

        var head = Enumerable.Range(0, first).Count(i => !lines[i].IsBlank);
        var isAnsweredOnce = head > LongQuote && !Enumerable.Range(first, last - first).Any(i => kinds[i] is LineKind.Quote && !lines[i].IsBlank);
        for (var i = isAnsweredOnce ? first : 0; i < last; i++)
        {
            kinds[i] = LineKind.New;
        }
    }

    /// <summary>Blank lines within and around what is hidden are hidden with it.</summary>
    private static void JoinBlankLines(IReadOnlyList<MailLine> lines, LineKind[] kinds)
    {
        for (var i = 1; i < kinds.Length; i++)
        {
            if (lines[i].IsBlank && kinds[i] is LineKind.New)
            {
                kinds[i] = kinds[i - 1];
            }
        }

        for (var i = kinds.Length - 2; i >= 0; i--)
        {
            if (lines[i].IsBlank && kinds[i] is LineKind.New)
            {
                kinds[i] = kinds[i + 1];
            }
        }
    }

    private static int NextWords(IReadOnlyList<MailLine> lines, int start)
    {
        while (start < lines.Count && lines[start].IsBlank)
        {
            start++;
        }

        return start;
    }
}
