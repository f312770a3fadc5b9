using System.Globalization;
using System.Text;

namespace Enneo.Tests.Mail;

/// <summary>Words whose frequencies fall off as those of a language do, and paragraphs, pages and names made of them.</summary>
internal sealed class GeneratedText
{
    private static readonly string[] s_syllables = "ka to ri men sol ber ain dor fel gur hos in jol kre lum mar nor opt pra qui res ser tal und ver wen xan yor zel ch stra ung lich tion".Split(' ');
    private static readonly string[] s_common = "the of and to in a is that for it on with as was your invoice order contract meeting please find attached customer offer delivery payment reminder thanks regards support ticket refund price question update report project deadline bitte Rechnung Angebot Lieferung Größe für über Grüße Termin Vertrag Kunde Straße".Split(' ');
    private static readonly string[] s_firstNames = "Anna Bernd Carla Dieter Eva Frank Greta Hans Ines Jens Karla Lars Mia Nils Olga Paul Rita Sven Tina Uwe".Split(' ');
    private static readonly string s_style = Style();

    private readonly Random _random;
    private readonly List<string> _vocabulary;
    private readonly double[] _cumulative;
    private readonly string[] _paragraphs;

    public GeneratedText(Random random)
    {
        _random = random;
        var words = new HashSet<string>();
        for (var i = 0; i < 30_000; i++)
        {
            words.Add(string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => s_syllables[random.Next(s_syllables.Length)])));
        }

        _vocabulary = [.. words];
        _cumulative = new double[_vocabulary.Count];
        var total = 0.0;
        for (var i = 0; i < _cumulative.Length; i++)
        {
            total += 1.0 / (i + 2);
            _cumulative[i] = total;
        }

        _paragraphs = [.. Enumerable.Range(0, 6000).Select(_ => Capital(Words(random.Next(30, 121))) + ".")];
    }

    public string Word()
    {
        if (_random.NextDouble() < 0.35)
        {
            return s_common[_random.Next(s_common.Length)];
        }

        var place = Array.BinarySearch(_cumulative, _random.NextDouble() * _cumulative[^1]);
        return _vocabulary[place < 0 ? ~place : place];
    }

    public string Words(int count) => string.Join(' ', Enumerable.Range(0, count).Select(_ => Word()));

    public string FirstName() => s_firstNames[_random.Next(s_firstNames.Length)];

    public string Name() => Capital(Label());

    /// <summary>ASCII letters only, as in the name of a host.</summary>
    public string Label() => _vocabulary[_random.Next(_vocabulary.Count)];

    public string Text(int kilobytes)
    {
        var text = new StringBuilder();
        for (var length = 0; length < kilobytes * 1024;)
        {
            var paragraph = _paragraphs[_random.Next(_paragraphs.Length)];
            text.Append(text.Length > 0 ? "\r\n\r\n" : "").Append(paragraph)
                .Append(CultureInfo.InvariantCulture, $" {Word()}{_random.Next(1, 100_000)}");
            length += paragraph.Length;
        }

        return text.ToString();
    }

    public string Html(string text, bool styled)
    {
        var html = new StringBuilder("<!DOCTYPE html><html><head><meta charset=\"utf-8\">").Append(styled ? s_style : "").Append("</head><body><table width=\"600\">");
        foreach (var paragraph in text.Split("\r\n\r\n"))
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><td class=\"c{_random.Next(60)}\" style=\"padding:8px 0 0 0;font-family:Arial,sans-serif;font-size:14px\">{paragraph}<br><a href=\"https://example.test/t/{_random.NextInt64():x16}?u={_random.Next()}\">{Word()}</a></td></tr>");
        }

        return html.Append("</table></body></html>").ToString();
    }

    /// <summary>Lines of at most 76 characters.</summary>
    public static string Wrap(string text)
    {
        var wrapped = new StringBuilder(text.Length + text.Length / 30);
        foreach (var line in text.Split("\r\n"))
        {
            var rest = line.AsSpan();
            while (rest.Length > 76)
            {
                var space = rest[..76].LastIndexOf(' ');
                var end = space < 1 ? 76 : space;
                wrapped.Append(rest[..end]).Append("\r\n");
                rest = rest[end..].TrimStart(' ');
            }

            wrapped.Append(rest).Append("\r\n");
        }

        wrapped.Length -= 2;
        return wrapped.ToString();
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Style()
    {
        var style = new StringBuilder("<style>");
        for (var i = 0; i < 60; i++)
        {
            style.Append(CultureInfo.InvariantCulture, $".c{i}{{font:12px Arial;color:#{i * 4097 % 0xffffff:x6};padding:{i % 20}px;margin:0 auto}}");
        }

        return style.Append("</style>").ToString();
    }
}
