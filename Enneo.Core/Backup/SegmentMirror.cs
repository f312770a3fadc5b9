using System.Globalization;
using Enneo.Core.Storage;

namespace Enneo.Core.Backup;

/// <summary>Carries raw mail from one folder of segments to another. Segments are only ever added to, so what is there already is not copied again.</summary>
internal static class SegmentMirror
{
    private const int Buffer = 1 << 20;
    private const int Overlap = 4096;

    /// <param name="needed">Bytes of each segment, by its number.</param>
    /// <returns>The number of a segment that is another one there; null when all is copied and on disk.</returns>
    public static async Task<int?> CopyAsync(string from, string to, IReadOnlyDictionary<int, long> needed, CancellationToken cancellationToken)
    {
        BackupFolder.Create(to);
        foreach (var (number, length) in needed)
        {
            var name = MessageStore.FileName(number);
            if (!await CopyAsync(Path.Combine(from, name), Path.Combine(to, name), length, cancellationToken))
            {
                return number;
            }
        }

        return null;
    }

    /// <summary>The highest number of a segment in a folder; 0 when there is none.</summary>
    public static int Highest(string folder) => !Directory.Exists(folder) ? 0 : Directory.EnumerateFiles(folder, "*.seg")
        .Select(file => int.TryParse(Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture, out var number) ? number : 0)
        .DefaultIfEmpty(0)
        .Max();

    private static async Task<bool> CopyAsync(string from, string to, long length, CancellationToken cancellationToken)
    {
        await using FileStream source = new(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, Buffer, FileOptions.Asynchronous);
        await using FileStream target = new(to, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, Buffer, FileOptions.Asynchronous);
        var present = Math.Min(target.Length, length);
        if (!await IsSameAsync(source, target, Math.Max(0, present - Overlap), present, cancellationToken))
        {
            return false;
        }

        source.Position = target.Position = present;
        var buffer = new byte[Buffer];
        for (var left = length - present; left > 0;)
        {
            var read = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), cancellationToken);
            if (read == 0)
            {
                throw new EndOfStreamException($"{from} ends before the mail that it shall hold.");
            }

            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            left -= read;
        }

        target.Flush(flushToDisk: true);
        return true;
    }

    private static async Task<bool> IsSameAsync(FileStream one, FileStream other, long start, long end, CancellationToken cancellationToken)
    {
        var (first, second) = (new byte[end - start], new byte[end - start]);
        one.Position = other.Position = start;
        await one.ReadExactlyAsync(first, cancellationToken);
        await other.ReadExactlyAsync(second, cancellationToken);
        return first.AsSpan().SequenceEqual(second);
    }
}
