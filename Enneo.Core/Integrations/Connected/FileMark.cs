using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Enneo.Core.Messages;

namespace Enneo.Core.Integrations.Connected;

/// <summary>By what a file of a note is known again on the other side; what is not said of one is not compared.</summary>
/// <param name="Sha256">Of its bytes, in lower-case hex.</param>
internal sealed record FileMark(string Name, long? Size, string? Sha256)
{
    private const char Break = '\n';

    public static FileMark Of(GivenFile file) => new(LineOf(file.Name), file.Bytes.Length, Convert.ToHexStringLower(SHA256.HashData(file.Bytes)));

    public static FileMark Of(OtherFile file) => new(LineOf(file.Name), file.Size, file.Sha256);

    public static FileMark Of(MessagePart part) => new(LineOf(part.Name), part.Size, part.Sha256);

    public static FileMark Parse(string text)
    {
        var parts = text.Split(Break);
        return new FileMark(parts[0], parts.Length > 1 ? long.Parse(parts[1], CultureInfo.InvariantCulture) : null, parts.Length > 2 ? parts[2] : null);
    }

    public bool Is(FileMark other) => Name == other.Name
        && (Size is null || other.Size is null || Size == other.Size)
        && (Sha256 is null || other.Sha256 is null || Sha256 == other.Sha256);

    public bool IsAmong(IEnumerable<FileMark> others) => others.Any(Is);

    /// <summary>As it is kept.</summary>
    public override string ToString() => Size is not { } size ? Name
        : string.Create(CultureInfo.InvariantCulture, $"{Name}{Break}{size}{(Sha256 is null ? "" : Break + Sha256)}");

    private static string LineOf(string name) => name.Replace(Break, ' ');
}

/// <summary>Which files of a note are known.</summary>
/// <param name="Both">Those that both sides have had at the same time: one that is missing on one of them since was taken out there.</param>
/// <param name="Others">Those that are on their way, or stay on one side alone. They are not given again.</param>
internal sealed record FileMarks(IReadOnlyList<FileMark> Both, IReadOnlyList<FileMark> Others)
{
    public IEnumerable<FileMark> All => Both.Concat(Others);

    /// <summary>Also as it was kept once, as a list of all.</summary>
    public static FileMarks Parse(string? json)
    {
        if (json is null)
        {
            return new FileMarks([], []);
        }

        if (json.StartsWith('['))
        {
            return new FileMarks([], Read(JsonSerializer.Deserialize<string[]>(json)!));
        }

        var kept = JsonSerializer.Deserialize<Kept>(json)!;
        return new FileMarks(Read(kept.Both), Read(kept.Others));
    }

    public string ToJson() => JsonSerializer.Serialize(new Kept(Write(Both), Write(Others)));

    /// <summary>Whether these are there on both sides, and no others on any.</summary>
    public bool AreAll(IReadOnlyList<FileMark> theirs) => Others.Count == 0 && theirs.All(mark => mark.IsAmong(Both)) && Both.All(mark => mark.IsAmong(theirs));

    /// <summary>What they are once both sides were read: what neither has any more is forgotten, and may come again.</summary>
    public FileMarks Seen(IReadOnlyList<FileMark> ours, IReadOnlyList<FileMark> theirs)
    {
        var both = ours.Where(mark => mark.IsAmong(theirs)).ToList();
        return new FileMarks(both, [.. All.Where(mark => !mark.IsAmong(both) && (mark.IsAmong(ours) || mark.IsAmong(theirs)))]);
    }

    /// <summary>Until these are taken out on both sides, it is known that both have had them.</summary>
    public FileMarks Until(IEnumerable<FileMark> gone) => this with { Both = [.. Both, .. gone] };

    /// <param name="gone">Taken out, or left on one side.</param>
    /// <param name="added">Put to one side.</param>
    public FileMarks After(IEnumerable<FileMark> gone, IEnumerable<FileMark> added)
    {
        var left = gone.ToList();
        return new FileMarks([.. Both.Where(mark => !mark.IsAmong(left))], [.. Others, .. left, .. added]);
    }

    private static FileMark[] Read(IEnumerable<string> marks) => [.. marks.Select(FileMark.Parse)];

    private static string[] Write(IEnumerable<FileMark> marks) => [.. marks.Select(mark => mark.ToString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private sealed record Kept(string[] Both, string[] Others);
}
