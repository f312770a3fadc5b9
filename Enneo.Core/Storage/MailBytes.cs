using Microsoft.Win32.SafeHandles;

namespace Enneo.Core.Storage;

/// <summary>
/// The raw bytes of one mail. Few are held in memory, many in a file without a name, so that the size of a
/// mail never decides how much memory is used. Whoever gets it disposes of it; the file then ends.
/// </summary>
public sealed class MailBytes : IDisposable
{
    /// <summary>What has more goes to a file.</summary>
    public const int MaxInMemory = 8 << 20;

    private readonly ReadOnlyMemory<byte> _memory;
    private readonly SafeFileHandle? _file;

    public MailBytes(ReadOnlyMemory<byte> bytes) => (_memory, Length) = (bytes, bytes.Length);

    private MailBytes(SafeFileHandle file, int length) => (_file, Length) = (file, length);

    public int Length { get; }

    public bool IsInMemory => _file is null;

    /// <summary>All of them; only when <see cref="IsInMemory"/>.</summary>
    public ReadOnlyMemory<byte> Memory => _file is null ? _memory : throw new InvalidOperationException("The mail is in a file.");

    public static implicit operator MailBytes(byte[] bytes) => new(bytes);

    public static implicit operator MailBytes(ReadOnlyMemory<byte> bytes) => new(bytes);

    /// <summary>Makes room for as many bytes, to be written to <see cref="Open"/>.</summary>
    public static MailBytes InFile(string folder, int length)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, Path.GetRandomFileName());
        var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path); // the bytes stay while the handle does: not even a crash leaves anything behind
        }

        return new(file, length);
    }

    /// <summary>Takes a mail whose size nobody told.</summary>
    /// <param name="folder">Of the file, where it has more than <paramref name="inMemory"/> bytes.</param>
    /// <returns>Null if it has more than <paramref name="longest"/>.</returns>
    /// <exception cref="StorageException">It came, and could not be written.</exception>
    public static async Task<MailBytes?> TakeAsync(Stream from, string folder, int inMemory, int longest, CancellationToken cancellationToken)
    {
        var head = new byte[inMemory];
        var length = await from.ReadAtLeastAsync(head, inMemory, throwOnEndOfStream: false, cancellationToken);
        if (length < inMemory)
        {
            return new MailBytes(head.AsMemory(0, length).ToArray());
        }

        var file = FileIn(folder);
        try
        {
            await WriteAsync(file, head, 0, cancellationToken);
            for (int read; (read = await from.ReadAsync(head, cancellationToken)) > 0; length += read)
            {
                if (length > longest - read)
                {
                    file.Dispose();
                    return null;
                }

                await WriteAsync(file, head.AsMemory(0, read), length, cancellationToken);
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }

        return new MailBytes(file, length);
    }

    /// <summary>At most <paramref name="count"/> bytes from the beginning.</summary>
    public ReadOnlyMemory<byte> Head(int count)
    {
        count = Math.Min(count, Length);
        if (_file is null)
        {
            return _memory[..count];
        }

        var head = new byte[count];
        using var stream = Open();
        stream.ReadExactly(head);
        return head;
    }

    /// <summary>A stream with a position of its own, good until these bytes are disposed of.</summary>
    public Stream Open()
    {
        if (_file is not null)
        {
            return new FileSlice(_file, 0, Length);
        }

        return System.Runtime.InteropServices.MemoryMarshal.TryGetArray(_memory, out var segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(_memory.ToArray(), writable: false);
    }

    public void Dispose() => _file?.Dispose();

    private static SafeFileHandle FileIn(string folder)
    {
        try
        {
            return InFile(folder, 0)._file!;
        }
        catch (Exception exception) when (StorageException.Covers(exception))
        {
            throw new StorageException(exception);
        }
    }

    private static async Task WriteAsync(SafeFileHandle file, ReadOnlyMemory<byte> bytes, long offset, CancellationToken cancellationToken)
    {
        try
        {
            await RandomAccess.WriteAsync(file, bytes, offset, cancellationToken);
        }
        catch (Exception exception) when (StorageException.Covers(exception))
        {
            throw new StorageException(exception);
        }
    }
}
