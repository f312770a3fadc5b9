namespace Enneo.Core.Messages;

/// <summary>HTML that passed the allow-list.</summary>
/// <param name="BlockedRemoteImages">How many addresses on other hosts were taken out.</param>
public sealed record SafeHtml(string Html, int BlockedRemoteImages);

/// <summary>How a mail is shown.</summary>
/// <param name="InlineImage">The address that serves a Content-ID (without brackets) of this mail, or null if it has none.</param>
public sealed record MailView(Func<string, string?> InlineImage)
{
    /// <summary>The address at which this program serves a picture of another host, or null; without it all of them are blocked.</summary>
    public Func<string, string?>? RemoteImage { get; init; }

    /// <summary>Quotes and signatures stand behind a toggle.</summary>
    public bool FoldsQuotes { get; init; }

    /// <summary>What looks like a quote is what was sent.</summary>
    public bool IsForward { get; init; }
}

/// <summary>Makes the HTML of a stranger harmless, by an allow-list of our own. Sanitising twice changes nothing.</summary>
public sealed class MailHtml
{
    private const int MaxLength = 4 * 1024 * 1024;

    /// <summary>HTML that a browser would mend into something else settles after two passes, or it is not shown.</summary>
    private const int MaxPasses = 5;

    private const int MaxFallbackLength = 200_000;
    private const int MaxFallbackLines = 15_000;

    /// <param name="inlineImage">The address that serves a Content-ID (without brackets) of this mail, or null if it has none.</param>
    public SafeHtml Sanitize(string html, Func<string, string?> inlineImage) => Sanitize(html, new MailView(inlineImage));

    public SafeHtml Sanitize(string html, MailView view)
    {
        if (html.Length > MaxLength)
        {
            return AsText(html);
        }

        MailHtmlPass first = new(view);
        var clean = first.Run(html);
        for (var pass = 1; pass < MaxPasses && clean is not null; pass++)
        {
            // What is parsed again must come out the same: the browser is one more parser of it.
            var again = new MailHtmlPass(view with { FoldsQuotes = false }).Run(clean);
            if (again == clean)
            {
                return new(clean, first.BlockedImages);
            }

            clean = again;
        }

        return AsText(html);
    }

    /// <summary>Plain text as HTML: encoded, with links to http, https and mailto addresses.</summary>
    public string FromText(string text) => MailText.ToHtml(text);

    /// <summary>As <see cref="FromText"/>, with quotes and signatures behind a toggle.</summary>
    /// <param name="isForward">What looks like a quote is what was sent.</param>
    public string FoldedFromText(string text, bool isForward) => MailText.ToFoldedHtml(text, isForward);

    /// <summary>The text of HTML, for snippets and plain alternatives.</summary>
    public string ToText(string html) => HtmlText.Of(html, MaxLength);

    /// <summary>Too much or too deep for a tree: the words are shown.</summary>
    private static SafeHtml AsText(string html)
    {
        var text = HtmlText.Of(html, MaxFallbackLength);
        var lines = text.Split('\n');
        var shown = lines.Length <= MaxFallbackLines ? text : string.Join('\n', lines.Take(MaxFallbackLines));
        return new(new MailHtmlPass(new MailView(_ => null)).Run(MailText.ToHtml($"{MessageText.WordsOnly}\n\n{shown}")) ?? "", 0);
    }
}
