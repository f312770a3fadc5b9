using System.Globalization;
using System.Text;

namespace Enneo.Core.Spam.Model.Training;

/// <summary>Fills the places of one letter. A name that comes twice in it, such as the sender's brand, is the same one.</summary>
internal sealed class LetterWords
{
    private const string Consonants = "bcdfghklmnprstvwz";
    private const string Vowels = "aeiou";

    private static readonly string[] s_roots =
        ["nord", "alpen", "green", "bright", "blue", "stadt", "casa", "luna", "terra", "river", "oak", "pixel", "open", "fein", "bella", "vita", "solar", "cloud", "maple", "hafen", "sole", "velo", "piano", "atlas", "delta", "fox", "linden", "mare", "monte", "nova"];

    private static readonly string[] s_trades =
        ["werk", "shop", "energie", "books", "bank", "market", "garden", "media", "desk", "tools", "sport", "design", "haus", "mode", "food", "systems", "travel", "care", "labs", "studio", "stadtwerke", "versand", "academy", "partner", "kitchen", "mobil"];

    private static readonly string[] s_badEndings = ["top", "xyz", "us", "icu", "shop", "online", "click", "com", "com", "info", "site", "live", "club", "ru", "cn", "com.br", "it", "in", "my.id", "store", "net"];
    private static readonly string[] s_lures = ["secure", "account", "update", "delivery", "service", "info", "login", "support", "client", "paket", "verify", "alert", "online", "portal"];
    private static readonly string[] s_freeMail = ["gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "gmx.de", "web.de", "orange.fr", "icloud.com", "aol.com", "uol.com.br", "ziggo.nl", "t-online.de", "live.com", "proton.me", "libero.it"];
    private static readonly string[] s_own = ["agent", "support", "info", "service", "office", "contact"];

    private readonly LetterBook _book;
    private readonly Dictionary<string, string> _chosen = new(StringComparer.Ordinal);

    public LetterWords(LetterBook book, Random random)
    {
        (_book, Random) = (book, random);
        var brand = Brand();
        _chosen["brand"] = brand;
        _chosen["domain"] = $"{Slug(brand)}.{Pick(book.Find("ending")!)}";
        _chosen["carrier"] = Pick(book.Find("carrier")!);
        _chosen["carrierdomain"] = $"{Slug(_chosen["carrier"])}.{Pick(book.Find("ending")!)}";
        _chosen["baddomain"] = BadDomain();
        _chosen["own"] = Pick(s_own);
        _chosen["orgdomain"] = $"{Slug(Brand())}.{Pick(book.Find("ending")!)}";
    }

    public Random Random { get; }

    public string this[string name] => _chosen[name];

    public string Pick(IReadOnlyList<string> wordings) => wordings[Random.Next(wordings.Count)];

    public bool Chance(double share) => Random.NextDouble() < share;

    /// <summary>One of the wordings, its places filled.</summary>
    public string Say(IReadOnlyList<string> wordings) => Fill(Pick(wordings));

    public string Fill(string wording)
    {
        StringBuilder text = new();
        var at = 0;
        for (int open; (open = wording.IndexOf('{', at)) >= 0;)
        {
            var close = wording.IndexOf('}', open);
            text.Append(wording, at, open - at).Append(Word(wording[(open + 1)..close]));
            at = close + 1;
        }

        return text.Append(wording, at, wording.Length - at).ToString();
    }

    /// <summary>Letters and digits that mean nothing.</summary>
    public string Code(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => "0123456789abcdefghijklmnopqrstuvwxyz"[Random.Next(36)]));

    public string Pronounceable() => string.Concat(Enumerable.Range(0, Random.Next(2, 5)).Select(_ => $"{Consonants[Random.Next(Consonants.Length)]}{Vowels[Random.Next(5)]}"));

    /// <summary>A name of letters a to z, as in an address.</summary>
    public static string Slug(string name)
    {
        var plain = name.ToLowerInvariant().Replace("ä", "ae", StringComparison.Ordinal).Replace("ö", "oe", StringComparison.Ordinal).Replace("ü", "ue", StringComparison.Ordinal).Replace("ß", "ss", StringComparison.Ordinal);
        return string.Concat(plain.Normalize(NormalizationForm.FormD).Where(c => char.IsAsciiLetterOrDigit(c) || c == '-'));
    }

    private string Word(string place) => place switch
    {
        ['n', >= '1' and <= '9'] => Number(place[1] - '0'),
        "d" => Random.Next(1, 29).ToString(CultureInfo.InvariantCulture),
        "lfirst" => Slug(Person("first")),
        "llast" => Slug(Person("last")),
        "first" or "last" => Chance(.8) ? Person(place) : Pick(_book.Find(place)!),
        "date" => Say(_book.Find("dateform")!),
        "phone" => $"0{Number(3)} {Number(3)} {Number(4)}",
        "freemail" => Pick(s_freeMail),
        "hex" => Code(32),
        "word" => Pronounceable(),
        _ => _chosen.TryGetValue(place, out var chosen) ? chosen : Say(_book.Find(place) ?? throw new InvalidOperationException($"Nothing is known for {{{place}}} in {_book.Language}.")),
    };

    private string Person(string part)
    {
        if (!_chosen.TryGetValue(part, out var name))
        {
            _chosen.Add(part, name = Pick(_book.Find(part)!));
        }

        return name;
    }

    private string Number(int digits) => string.Concat(Enumerable.Range(0, digits).Select(place => (char)('0' + Random.Next(place == 0 ? 1 : 0, 10))));

    private string Brand()
    {
        var root = Pick(s_roots);
        var name = Random.Next(3) switch
        {
            0 => root + Pick(s_trades),
            1 => $"{root} {Pick(s_trades)}",
            _ => Pronounceable(),
        };
        return CultureInfo.InvariantCulture.TextInfo.ToTitleCase(name);
    }

    private string BadDomain()
    {
        var name = Random.Next(4) switch
        {
            0 => string.Concat(Enumerable.Range(0, Random.Next(6, 12)).Select(_ => (char)('a' + Random.Next(26)))),
            1 => $"{Pick(s_lures)}-{Pick(s_lures)}{Random.Next(100)}",
            2 => $"{Pronounceable()}.{Pronounceable()}",
            _ => Slug(Brand()),
        };
        return $"{name}.{Pick(s_badEndings)}";
    }
}
