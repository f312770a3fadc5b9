using System.Text;

namespace Enneo.Tests.Mail;

/// <summary>RFC 2045, 6.7, for text whose lines end in CRLF.</summary>
internal static class QuotedPrintable
{
    public static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length * 11 / 10);
        var bytes = Encoding.UTF8.GetBytes(text);
        var column = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            var value = bytes[i];
            if (value is (byte)'\r' or (byte)'\n')
            {
                encoded.Append((char)value);
                column = 0;
                continue;
            }

            var atEnd = i + 1 == bytes.Length || bytes[i + 1] == '\r';
            var literal = value is >= 33 and <= 126 and not (byte)'=' || (value == ' ' && !atEnd);
            if (column + (literal ? 1 : 3) > 75)
            {
                encoded.Append("=\r\n");
                column = 0;
            }

            column += literal ? 1 : 3;
            if (literal)
            {
                encoded.Append((char)value);
            }
            else
            {
                encoded.Append('=').Append("0123456789ABCDEF"[value >> 4]).Append("0123456789ABCDEF"[value & 15]);
            }
        }

        return encoded.ToString();
    }
}
