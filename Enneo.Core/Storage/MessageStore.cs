using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Enneo.Core.Data;
using Microsoft.Win32.SafeHandles;
using ZstdSharp;

namespace Enneo.Core.Storage;

/// <summary>
/// Raw mail in append-only segment files, each mail a zstd frame of its own. A mail is found by its
/// row (<see cref="StoredSource"/>); bytes that no row names, left by a crash between the two, are
/// dead weight and harm nothing. A segment is never rewritten.
/// </summary>
public sealed class MessageStore : IDisposable
{
    private const long SegmentSize = 1L << 30;
    private const int CompressionLevel = 1; // mail is mostly base64: higher levels cost much and win little

    private const int CopyBuffer = 1 << 16;
    private const string OtherHash = "its SHA-256 is another";

    private readonly DataDirectory _directory;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ConcurrentQueue<Appending> _waiting = new();
    private readonly Compressor _compressor = new(CompressionLevel);
    private FileStream? _segment;
    private int _segmentNumber;

    public MessageStore(DataDirectory directory) => _directory = directory;

    /// <summary>
    /// Appends mails and forces them to disk before returning: once for the whole batch, and for all batches that wait
    /// meanwhile, since a disk may take milliseconds for it.
    /// </summary>
    /// <returns>One row per mail, in order, for the caller to save in its own transaction.</returns>
    public async Task<IReadOnlyList<StoredSource>> AppendAsync(
        IReadOnlyList<MailBytes> sources, CancellationToken cancellationToken)
    {
        Appending mine = new(sources, cancellationToken);
        _waiting.Enqueue(mine);
        await _turn.WaitAsync(CancellationToken.None); // once it waits, another's turn may be reading its mails
        try
        {
            if (!mine.Rows.IsCompleted)
            {
                AppendWaiting();
            }
        }
        finally
        {
            _turn.Release();
        }

        return await mine.Rows;
    }

    /// <summary>Reads a mail, the large ones into a file.</summary>
    /// <exception cref="CorruptSourceException">The bytes are not those that were stored.</exception>
    public async Task<MailBytes> OpenAsync(StoredSource source, CancellationToken cancellationToken)
    {
        if (source.RawLength <= MailBytes.MaxInMemory)
        {
            return await ReadAsync(source, cancellationToken);
        }

        using var segment = OpenForReading(source.Segment);
        var mail = MailBytes.InFile(_directory.Transit, source.RawLength);
        try
        {
            await using var frame = new DecompressionStream(new FileSlice(segment, source.Offset, source.StoredLength));
            await using var raw = mail.Open();
            if (!CopyAndHash(frame, raw).AsSpan().SequenceEqual(source.Sha256))
            {
                throw new CorruptSourceException(source, OtherHash);
            }

            return mail;
        }
        catch (Exception exception) when (exception is ZstdException or EndOfStreamException or InvalidDataException)
        {
            mail.Dispose();
            throw new CorruptSourceException(source, exception.Message);
        }
        catch
        {
            mail.Dispose();
            throw;
        }
    }

    /// <summary>Reads a mail into memory, whatever its size.</summary>
    /// <exception cref="CorruptSourceException">The bytes are not those that were stored.</exception>
    public async Task<byte[]> ReadAsync(StoredSource source, CancellationToken cancellationToken)
    {
        var frame = new byte[source.StoredLength];
        using (var handle = OpenForReading(source.Segment))
        {
            var read = 0;
            while (read < frame.Length)
            {
                var count = await RandomAccess.ReadAsync(handle, frame.AsMemory(read), source.Offset + read, cancellationToken);
                if (count == 0)
                {
                    throw new CorruptSourceException(source, "the segment ends before the mail does");
                }

                read += count;
            }
        }

        return Unwrap(source, frame);
    }

    public void Dispose()
    {
        CloseSegment();
        _compressor.Dispose();
        _turn.Dispose();
    }

    private void AppendWaiting()
    {
        List<Appending> together = [];
        try
        {
            while (_waiting.TryDequeue(out var next))
            {
                together.Add(next);
                next.Run(Append);
            }

            _segment?.Flush(flushToDisk: true);
            together.ForEach(appended => appended.Succeed());
        }
        catch (Exception exception) // whatever it is, nobody may wait for what does not come
        {
            together.ForEach(appended => appended.Fail(exception));
            CloseSegment(); // a half-written frame must not become the middle of the file we go on writing to
        }
    }

    private StoredSource Append(MailBytes mail)
    {
        var segment = CurrentSegment();
        var offset = segment.Position;
        byte[] sha256;
        if (mail.IsInMemory)
        {
            sha256 = SHA256.HashData(mail.Memory.Span);
            segment.Write(_compressor.Wrap(mail.Memory.Span));
        }
        else
        {
            using CompressionStream frame = new(segment, CompressionLevel, leaveOpen: true);
            using var raw = mail.Open();
            sha256 = CopyAndHash(raw, frame);
        }

        return new StoredSource
        {
            Segment = _segmentNumber,
            Offset = offset,
            StoredLength = checked((int)(segment.Position - offset)),
            RawLength = mail.Length,
            Sha256 = sha256,
        };
    }

    private static byte[] CopyAndHash(Stream from, Stream to)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[CopyBuffer];
        int read;
        while ((read = from.Read(buffer)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            to.Write(buffer, 0, read);
        }

        return hash.GetHashAndReset();
    }

    private static byte[] Unwrap(StoredSource source, byte[] frame)
    {
        var raw = new byte[source.RawLength];
        using Decompressor decompressor = new();
        try
        {
            if (decompressor.Unwrap(frame, raw) != raw.Length || !SHA256.HashData(raw).AsSpan().SequenceEqual(source.Sha256))
            {
                throw new CorruptSourceException(source, OtherHash);
            }
        }
        catch (ZstdException exception)
        {
            throw new CorruptSourceException(source, exception.Message);
        }

        return raw;
    }

    private FileStream CurrentSegment()
    {
        if (_segment is { Position: >= SegmentSize } full)
        {
            full.Flush(flushToDisk: true); // what waits to be on disk may be in both
            CloseSegment();
        }

        return _segment ??= OpenForAppending();
    }

    private FileStream OpenForAppending()
    {
        Directory.CreateDirectory(_directory.Segments);
        _segmentNumber = Math.Max(1, HighestSegment());
        if (new FileInfo(PathOf(_segmentNumber)) is { Exists: true, Length: >= SegmentSize })
        {
            _segmentNumber++;
        }

        return new FileStream(PathOf(_segmentNumber), FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 1 << 17);
    }

    private void CloseSegment()
    {
        var segment = _segment;
        _segment = null;
        segment?.Dispose();
    }

    private int HighestSegment() => Directory.EnumerateFiles(_directory.Segments, "*.seg")
        .Select(file => int.TryParse(Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture, out var number) ? number : 0)
        .DefaultIfEmpty(0)
        .Max();

    private SafeFileHandle OpenForReading(int segment) =>
        File.OpenHandle(PathOf(segment), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, FileOptions.RandomAccess | FileOptions.Asynchronous);

    /// <summary>What the file of a segment is called.</summary>
    internal static string FileName(int segment) => segment.ToString("D6", CultureInfo.InvariantCulture) + ".seg";

    private string PathOf(int segment) => Path.Combine(_directory.Segments, FileName(segment));

    /// <summary>A batch that waits to be on disk.</summary>
    private sealed class Appending(IReadOnlyList<MailBytes> sources, CancellationToken cancellationToken)
    {
        private readonly TaskCompletionSource<IReadOnlyList<StoredSource>> _rows = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<StoredSource> _appended = new(sources.Count);

        public Task<IReadOnlyList<StoredSource>> Rows => _rows.Task;

        /// <summary>What is wrong with the disk is everybody's; any other fault is its own, and what was appended of it is dead weight.</summary>
        public void Run(Func<MailBytes, StoredSource> append)
        {
            try
            {
                foreach (var source in sources)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    _appended.Add(append(source));
                }
            }
            catch (Exception exception) when (exception is not IOException)
            {
                Fail(exception);
            }
        }

        public void Succeed() => _rows.TrySetResult(_appended);

        public void Fail(Exception exception) => _rows.TrySetException(exception);
    }
}
