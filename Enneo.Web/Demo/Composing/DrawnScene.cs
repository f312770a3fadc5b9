namespace Enneo.Web.Demo.Composing;

/// <summary>The photographs of the sample mails, drawn: a bicycle, a wheel, a parcel, a road, a sign.</summary>
internal static class DrawnScene
{
    private const int Width = 480;
    private const int Height = 320;

    private static readonly Color s_dark = new(38, 40, 44);
    private static readonly Color s_steel = new(150, 156, 162);

    private static readonly string[] s_paints = ["red", "blue", "green", "yellow", "purple"];

    /// <param name="scene">Its name, and the colour of its paint if that matters.</param>
    /// <param name="name">Two pictures of a scene with different names differ in colour and grain.</param>
    public static Picture Draw(string scene, string name)
    {
        var words = scene.Split(' ');
        var seed = name.Aggregate(17u, (sum, letter) => (sum * 31) + letter);
        if (words.Length > 1)
        {
            seed = seed - (seed % (uint)s_paints.Length) + (uint)Array.IndexOf(s_paints, words[1]);
        }

        Picture picture = new(Width, Height);
        Action<Picture, uint> draw = words[0] switch
        {
            "bicycle" => Bicycle,
            "wheel" => Wheel,
            "parcel" => Parcel,
            "road" => Road,
            "sign" => Sign,
            _ => throw new FormatException($"There is no scene \"{scene}\"."),
        };
        draw(picture, seed);
        return picture;
    }

    private static Color Paint(uint seed) => (seed % (uint)s_paints.Length) switch
    {
        0 => new(178, 44, 40),
        1 => new(30, 92, 142),
        2 => new(34, 110, 78),
        3 => new(214, 150, 32),
        _ => new(96, 62, 130),
    };

    private static void Background(Picture picture, Color top, Color bottom, uint seed)
    {
        var grain = seed | 1;
        picture.Fill((_, y) =>
        {
            grain ^= grain << 13;
            grain ^= grain >> 17;
            grain ^= grain << 5;
            return Color.Mix(top, bottom, y / (float)Height).Shift((int)(grain % 5) - 2);
        });
    }

    private static void Bicycle(Picture picture, uint seed)
    {
        Background(picture, new(206, 214, 212), new(150, 146, 138), seed);
        Rectangle(picture, new(112, 108, 102), 0, 268, Width, Height);
        foreach (var x in (ReadOnlySpan<int>)[135, 345])
        {
            Ring(picture, s_dark, x, 205, 68, 7);
            Ring(picture, s_steel, x, 205, 62, 2);
            Spokes(picture, x, 205, 60, 18);
        }

        var paint = Paint(seed);
        Line(picture, paint, 135, 205, 215, 210, 5);
        Line(picture, paint, 135, 205, 195, 125, 5);
        Line(picture, paint, 215, 210, 190, 110, 7);
        Line(picture, paint, 215, 210, 310, 120, 7);
        Line(picture, paint, 195, 125, 305, 118, 6);
        Line(picture, paint, 300, 92, 345, 205, 6);
        Line(picture, s_dark, 165, 106, 212, 104, 10);
        Line(picture, s_dark, 298, 92, 330, 84, 6);
        Ring(picture, s_steel, 215, 210, 18, 5);
    }

    private static void Wheel(Picture picture, uint seed)
    {
        Background(picture, new(96, 88, 78), new(52, 48, 44), seed);
        Ring(picture, s_dark, 240, 170, 138, 22);
        Ring(picture, s_steel, 240, 170, 118, 8);
        Spokes(picture, 240, 170, 116, 28);
        Ring(picture, s_steel, 240, 170, 20, 16);
        Line(picture, Paint(seed), 300, 40, 352, 66, 5);
    }

    private static void Parcel(Picture picture, uint seed)
    {
        Background(picture, new(190, 186, 178), new(120, 112, 100), seed);
        Rectangle(picture, new(176, 136, 88), 90, 90, 390, 280);
        Rectangle(picture, new(206, 176, 120), 90, 168, 390, 196);
        Rectangle(picture, new(240, 238, 230), 250, 212, 370, 268);
        for (var i = 0; i < 22; i++)
        {
            var x = 258 + (i * 5);
            Rectangle(picture, s_dark, x, 220, x + 1 + (int)((seed >> i) & 1) + (i % 2), 246);
        }

        Line(picture, new(70, 46, 26), 96, 96, 168, 142, 6);
        Line(picture, new(70, 46, 26), 168, 142, 142, 160, 5);
    }

    private static void Road(Picture picture, uint seed)
    {
        Background(picture, new(120, 172, 220), new(232, 224, 200), seed);
        picture.Shape(new(92, 122, 96), Everywhere, (x, y) => 190 - y + (26 * MathF.Sin((x + (seed % 300)) / 60f)));
        picture.Shape(new(70, 102, 62), Everywhere, (x, y) => 222 - y + (12 * MathF.Sin((x + (seed % 170)) / 38f)));
        picture.Shape(new(104, 102, 100), Everywhere, (x, y) => y < 226 ? 1 : MathF.Abs(x - 240) - ((y - 222) * 1.6f));
        Line(picture, new(238, 236, 226), 240, 250, 240, 268, 3);
        Line(picture, new(238, 236, 226), 240, 288, 240, 318, 6);
        Ring(picture, new(250, 236, 170), 380, 62, 26, 26);
    }

    private static void Sign(Picture picture, uint seed)
    {
        Background(picture, new(246, 244, 238), new(236, 232, 222), seed);
        Ring(picture, Paint(seed), 120, 160, 74, 10);
        Spokes(picture, 120, 160, 70, 12);
        Rectangle(picture, Paint(seed), 220, 120, 440, 142);
        Rectangle(picture, s_steel, 220, 160, 400, 170);
        Rectangle(picture, s_steel, 220, 182, 360, 192);
    }

    private static (int Left, int Top, int Right, int Bottom) Everywhere => (0, 0, Width, Height);

    private static void Spokes(Picture picture, int x, int y, int radius, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var (sin, cos) = MathF.SinCos(MathF.Tau * i / count);
            Line(picture, s_steel, x, y, x + (int)(cos * radius), y + (int)(sin * radius), 1);
        }
    }

    private static void Rectangle(Picture picture, Color color, int left, int top, int right, int bottom) =>
        picture.Shape(color, (left, top, right, bottom), (_, _) => -1);

    private static void Ring(Picture picture, Color color, int x, int y, int radius, int thickness) =>
        picture.Shape(
            color, (x - radius - 2, y - radius - 2, x + radius + 2, y + radius + 2),
            (px, py) => MathF.Abs(MathF.Sqrt(((px - x) * (px - x)) + ((py - y) * (py - y))) - radius + (thickness / 2f)) - (thickness / 2f));

    private static void Line(Picture picture, Color color, int x1, int y1, int x2, int y2, int thickness)
    {
        float dx = x2 - x1, dy = y2 - y1;
        var square = (dx * dx) + (dy * dy);
        var margin = thickness + 2;
        picture.Shape(
            color,
            (Math.Min(x1, x2) - margin, Math.Min(y1, y2) - margin, Math.Max(x1, x2) + margin, Math.Max(y1, y2) + margin),
            (x, y) =>
            {
                var along = Math.Clamp((((x - x1) * dx) + ((y - y1) * dy)) / square, 0, 1);
                var (ox, oy) = (x - x1 - (along * dx), y - y1 - (along * dy));
                return MathF.Sqrt((ox * ox) + (oy * oy)) - (thickness / 2f);
            });
    }
}
