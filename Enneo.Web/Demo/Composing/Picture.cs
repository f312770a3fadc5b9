using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Enneo.Web.Demo.Composing;

/// <summary>Pixels to draw on, and the PNG of them (ISO/IEC 15948).</summary>
internal sealed class Picture(int width, int height)
{
    private readonly byte[] _pixels = new byte[width * height * 3];

    public int Width => width;

    public int Height => height;

    public void Fill(Func<int, int, Color> paint)
    {
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                Set(x, y, paint(x, y));
            }
        }
    }

    /// <summary>Paints where <paramref name="distance"/> from the shape's edge is negative, with soft edges.</summary>
    public void Shape(Color color, (int Left, int Top, int Right, int Bottom) bounds, Func<float, float, float> distance)
    {
        for (var y = Math.Max(0, bounds.Top); y < Math.Min(height, bounds.Bottom); y++)
        {
            for (var x = Math.Max(0, bounds.Left); x < Math.Min(width, bounds.Right); x++)
            {
                var cover = Math.Clamp(0.5f - distance(x, y), 0, 1);
                if (cover > 0)
                {
                    Set(x, y, Color.Mix(Get(x, y), color, cover));
                }
            }
        }
    }

    public byte[] ToPng()
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2); // eight bits of red, green and blue

        using MemoryStream png = new();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        WriteChunk(png, "IHDR", header);
        WriteChunk(png, "IDAT", Compressed());
        WriteChunk(png, "IEND", []);
        return png.ToArray();
    }

    private byte[] Compressed()
    {
        using MemoryStream data = new();
        using (ZLibStream zlib = new(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var y = 0; y < height; y++)
            {
                zlib.WriteByte(0); // this line is not filtered
                zlib.Write(_pixels.AsSpan(y * width * 3, width * 3));
            }
        }

        return data.ToArray();
    }

    private static void WriteChunk(MemoryStream png, string type, byte[] data)
    {
        byte[] typed = [.. Encoding.ASCII.GetBytes(type), .. data];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(typed);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(typed));
        png.Write(number);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        return ~crc;
    }

    private Color Get(int x, int y)
    {
        var at = ((y * width) + x) * 3;
        return new Color(_pixels[at], _pixels[at + 1], _pixels[at + 2]);
    }

    private void Set(int x, int y, Color color)
    {
        var at = ((y * width) + x) * 3;
        (_pixels[at], _pixels[at + 1], _pixels[at + 2]) = (color.Red, color.Green, color.Blue);
    }
}

internal readonly record struct Color(byte Red, byte Green, byte Blue)
{
    /// <param name="share">Of <paramref name="b"/>, from 0 to 1.</param>
    public static Color Mix(Color a, Color b, float share) =>
        new(Mix(a.Red, b.Red, share), Mix(a.Green, b.Green, share), Mix(a.Blue, b.Blue, share));

    /// <param name="step">Added to each part, kept within bounds.</param>
    public Color Shift(int step) => new(Clamp(Red + step), Clamp(Green + step), Clamp(Blue + step));

    private static byte Mix(byte a, byte b, float share) => Clamp((int)MathF.Round(a + ((b - a) * share)));

    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);
}
