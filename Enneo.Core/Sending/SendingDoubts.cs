using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;

namespace Enneo.Core.Sending;

/// <summary>What a sender may have overlooked; worth a question, never a refusal.</summary>
public enum SendingDoubt
{
    NoSubject,

    /// <summary>The text speaks of an attachment and there is none.</summary>
    NothingAttached,
}

public static partial class SendingDoubts
{
    /// <returns>Null when there is nothing to ask.</returns>
    public static SendingDoubt? Of(DraftView draft)
    {
        if (draft.Subject.Length == 0)
        {
            return SendingDoubt.NoSubject;
        }

        var carriesSomething = draft.Attachments.Count > 0 || draft.Mode is DraftMode.ForwardAsAttachment || draft.Html.Contains("<img", StringComparison.Ordinal);
        return !carriesSomething && Mentions().IsMatch(OwnWords(draft.Html)) ? SendingDoubt.NothingAttached : null;
    }

    /// <summary>Without what the writer quotes.</summary>
    private static string OwnWords(string html)
    {
        using var document = new HtmlParser().ParseDocument(html);
        foreach (var quote in document.QuerySelectorAll("blockquote"))
        {
            quote.Remove();
        }

        foreach (var block in document.QuerySelectorAll("div, p, li, br"))
        {
            block.After(document.CreateTextNode("\n"));
        }

        return document.Body?.TextContent ?? "";
    }

    /// <summary>English and German words; somebody else's attachment is not ours.</summary>
    [GeneratedRegex(
        @"(?<!\b(?:your|ihren?|ihrem|deinen?|deinem|euren?|eurem)\s)\b(?:attach(?:ed|ing|ments?)?|enclos(?:ed|ing|ures?)|anbei|(?:an|bei)gefügt\w*|angehängt\w*|(?:bei|an)liegend\w*|(?:im|als|den)\s+anhang|anhänge|(?:in\s+der|als)\s+anlage)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 500)]
    private static partial Regex Mentions();
}
