using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sending;

/// <summary>Files attached to drafts, in the uploads folder under names of our own: nothing of a name that came from outside reaches the file system.</summary>
internal sealed class DraftUploads(DataDirectory directory, IDbContextFactory<EnneoDbContext> dbFactory, TimeProvider clock)
{
    private const int BufferSize = 81_920;
    private const string Unfinished = ".part";

    /// <summary>Whatever is younger may belong to an upload whose row is not written yet.</summary>
    private static readonly TimeSpan s_sweepAge = TimeSpan.FromHours(1);

    /// <param name="room">Bytes that may still come.</param>
    /// <returns>The stored name and its bytes; null when there was more than <paramref name="room"/>, and then nothing is kept.</returns>
    public async Task<(string StoredName, long Size)?> WriteAsync(Stream content, long room, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory.Uploads);
        var name = Guid.NewGuid().ToString("N");
        var unfinished = PathOf(name) + Unfinished;
        try
        {
            if (await CopyAsync(content, unfinished, room, cancellationToken) is not { } size)
            {
                return null;
            }

            File.Move(unfinished, PathOf(name));
            return (name, size);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <exception cref="FileNotFoundException">The file is gone.</exception>
    public Task<byte[]> ReadAsync(string storedName, CancellationToken cancellationToken) =>
        File.ReadAllBytesAsync(PathOf(storedName), cancellationToken);

    /// <returns>Null if the file is gone.</returns>
    public async Task<byte[]?> FindAsync(string storedName, CancellationToken cancellationToken) =>
        File.Exists(PathOf(storedName)) ? await ReadAsync(storedName, cancellationToken) : null;

    public void Delete(IEnumerable<string> storedNames)
    {
        if (Directory.Exists(directory.Uploads))
        {
            foreach (var name in storedNames)
            {
                File.Delete(PathOf(name));
            }
        }
    }

    /// <summary>Removes what no draft names: left behind when the process ended between a file and its row.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(directory.Uploads))
        {
            return;
        }

        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var named = await db.DraftAttachments.Where(a => a.StoredName != null).Select(a => a.StoredName!).ToHashSetAsync(cancellationToken);
        var before = clock.GetUtcNow() - s_sweepAge;
        Delete(new DirectoryInfo(directory.Uploads).EnumerateFiles()
            .Where(file => !named.Contains(file.Name) && file.LastWriteTimeUtc < before.UtcDateTime)
            .Select(file => file.Name)
            .ToList());
    }

    private static async Task<long?> CopyAsync(Stream content, string path, long room, CancellationToken cancellationToken)
    {
        await using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize, useAsync: true);
        var buffer = new byte[BufferSize];
        long size = 0;
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            size += read;
            if (size > room)
            {
                return null;
            }

            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        file.Flush(flushToDisk: true);
        return size;
    }

    private string PathOf(string storedName) => Path.Combine(directory.Uploads, Path.GetFileName(storedName));
}
