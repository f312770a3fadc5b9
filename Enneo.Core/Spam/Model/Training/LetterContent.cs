namespace Enneo.Core.Spam.Model.Training;

/// <summary>One way to say what a letter says.</summary>
internal sealed class LetterContent
{
    private static readonly string[] s_goodLinks = ["https://www.{domain}/{word}/{n6}", "https://{domain}/{word}", "https://click.{domain}/c/{hex}", "https://mail.{domain}/ls/click?upn={hex}", "https://my.{domain}/account/{n6}", "https://{word}.{domain}/{word}?utm_source=mail&id={n6}", "https://email.{word}mail.com/c/{hex}"];
    private static readonly string[] s_badLinks = ["https://{baddomain}/{word}", "http://{baddomain}/{hex}", "https://{word}.{baddomain}/{word}.php?id={hex}", "https://{word}-{n3}.web.app/", "https://bit.ly/{n1}{word}", "http://{n2}.{n3}.{n2}.{n2}/{word}/", "https://storage.googleapis.com/{word}/{word}.html", "https://{word}.{word}.com/wp-content/{word}/login.html", "https://www.{baddomain}/go?e={own}@{orgdomain}"];

    private static readonly string[] s_elsewhere = ["https://www.facebook.com/{word}", "https://www.instagram.com/{word}", "https://twitter.com/{word}", "https://www.linkedin.com/company/{word}", "https://www.youtube.com/{word}", "https://apps.apple.com/app/id{n8}", "https://play.google.com/store/apps/details?id=com.{word}"];

    public LetterContent(Letter letter, LetterBook book, LetterWords words)
    {
        Letter = letter;
        Greeting = words.Chance(letter.IsSpam ? .5 : .85) ? words.Say(book.Find("hello")!) : words.Chance(.3) ? $"{words["own"]}," : "";
        Closing = words.Chance(letter.IsSpam ? .4 : .85) ? words.Say(book.Find("bye")!) : "";
        Signature = words.Fill(letter.IsPlain ? "{first} {last}" : "{brand}");
        Items = letter.Has('l') ? [.. Enumerable.Range(0, words.Random.Next(1, letter.Has('o') ? 10 : 5)).Select(_ => words.Say(letter.Wordings('l')))] : [];
        Button = letter.Has('b') && words.Chance(.92) ? words.Say(letter.Wordings('b')) : "";
        Target = Link(words);
        Paragraphs = [.. Say(letter, words)];
        if (!letter.IsPlain && words.Chance(.25))
        {
            Paragraphs = [.. Paragraphs.Select(paragraph => paragraph.Replace(". ", "! ", StringComparison.Ordinal))];
        }

        Quote = letter.Has('q') && words.Chance(.6) ? words.Say(letter.Wordings('q')) : "";
        ItemTargets = [.. Items.Select(_ => words.Chance(.5) ? Link(words) : "")];
        Elsewhere = !letter.IsPlain && words.Chance(.3) ? [.. s_elsewhere.Where(_ => words.Chance(.4)).Select(words.Fill)] : [];
        HasFooter = !letter.IsPlain && words.Chance(letter.IsSpam ? .3 : letter.Has('o') ? 1 : .6);
        Footer = words.Say(book.Find("foot")!);
        Unsubscribe = words.Say(book.Find("unsub")!);
        UnsubscribeTarget = Link(words);
    }

    public Letter Letter { get; }

    public string Greeting { get; }

    public string Closing { get; }

    public string Signature { get; }

    public IReadOnlyList<string> Paragraphs { get; }

    public IReadOnlyList<string> Items { get; }

    /// <summary>Where each leads to; empty for some.</summary>
    public IReadOnlyList<string> ItemTargets { get; }

    /// <summary>The sender's, or the imitated sender's, pages in social networks.</summary>
    public IReadOnlyList<string> Elsewhere { get; }

    public string Button { get; }

    public string Target { get; }

    public string Quote { get; }

    public bool HasFooter { get; }

    public string Footer { get; }

    public string Unsubscribe { get; }

    public string UnsubscribeTarget { get; }

    private string Link(LetterWords words) => words.Say(Letter.IsSpam ? s_badLinks : s_goodLinks);

    /// <summary>Mostly one wording of each paragraph, sometimes two, of a newsletter several: what they say goes together.</summary>
    private static IEnumerable<string> Say(Letter letter, LetterWords words)
    {
        foreach (var (kind, wordings) in letter.Lines.Where(line => line.Kind is 'p' or '?'))
        {
            if (kind == '?' && words.Chance(.5))
            {
                continue;
            }

            var first = words.Random.Next(wordings.Length);
            yield return words.Fill(wordings[first]);
            var more = letter.Has('o') ? words.Random.Next(wordings.Length) : wordings.Length > 3 && words.Chance(.3) ? 1 : 0;
            for (var next = 1; next <= more; next++)
            {
                yield return words.Fill(wordings[(first + next) % wordings.Length]);
            }
        }
    }
}
