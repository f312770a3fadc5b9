using System.Globalization;
using System.Text;

namespace Enneo.Web.Demo.Composing;

/// <summary>A one-page PDF 1.4 of text: a title and lines, whose part after <c> &gt; </c> stands in a second column.</summary>
internal static class SmallPdf
{
    private const int SecondColumn = 440;

    /// <summary>WinAnsiEncoding of the PDF reference; Latin 1 holds all of it that the texts use except the euro sign.</summary>
    private static readonly Encoding s_winAnsi = Encoding.Latin1;

    /// <param name="lines"><c>---</c> draws a rule.</param>
    public static byte[] Write(string title, IReadOnlyList<string> lines)
    {
        var page = Page(title, lines);
        string[] objects =
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>",
            $"<< /Length {page.Length} >>\nstream\n{page}\nendstream",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        ];

        StringBuilder file = new("%PDF-1.4\n%âãÏÓ\n");
        List<int> offsets = [];
        foreach (var (content, number) in objects.Select((content, index) => (content, index + 1)))
        {
            offsets.Add(file.Length);
            file.Append(CultureInfo.InvariantCulture, $"{number} 0 obj\n{content}\nendobj\n");
        }

        var table = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n");
        offsets.ForEach(offset => file.Append(CultureInfo.InvariantCulture, $"{offset:D10} 00000 n \n"));
        file.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Length + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return s_winAnsi.GetBytes(file.ToString()); // one byte per character: offsets counted in characters are right
    }

    private static string Page(string title, IReadOnlyList<string> lines)
    {
        StringBuilder page = new();
        Show(page, "F2", 9, 60, 790, "Speichenhof · Fahrräder und Werkstatt · Lindenweg 4 · 50674 Köln");
        Show(page, "F2", 18, 60, 730, title);
        var y = 690;
        foreach (var line in lines)
        {
            if (line == "---")
            {
                page.Append(CultureInfo.InvariantCulture, $"0.5 w 60 {y + 4} m 535 {y + 4} l S\n");
            }
            else
            {
                var columns = line.Split(" > ");
                Show(page, "F1", 11, 60, y, columns[0]);
                if (columns.Length > 1)
                {
                    Show(page, "F1", 11, SecondColumn, y, columns[1]);
                }
            }

            y -= 20;
        }

        return page.ToString();
    }

    private static void Show(StringBuilder page, string font, int size, int x, int y, string text) =>
        page.Append(CultureInfo.InvariantCulture, $"BT /{font} {size} Tf {x} {y} Td ({Escape(text)}) Tj ET\n");

    private static string Escape(string text) => text
        .Replace("\\", @"\\", StringComparison.Ordinal)
        .Replace("(", @"\(", StringComparison.Ordinal)
        .Replace(")", @"\)", StringComparison.Ordinal)
        .Replace("€", @"\200", StringComparison.Ordinal); // 0x80 in WinAnsiEncoding
}
