using System.Text;
using Enneo.Core.Data;
using Enneo.Core.Storage;

namespace Enneo.Tests.Storage;

public sealed class MessageStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WhatIsStoredIsReadByteForByteAlsoAfterARestart()
    {
        byte[][] mails = [.. Enumerable.Range(0, 20).Select(i => Encoding.UTF8.GetBytes(new string((char)('a' + i), i * 1000)))];
        IReadOnlyList<StoredSource> first;
        using (var store = Open())
        {
            first = await store.AppendAsync([.. mails.Take(10).Select(m => new ReadOnlyMemory<byte>(m))], Cancelled);
        }

        using var again = Open();
        var second = await again.AppendAsync([.. mails.Skip(10).Select(m => new ReadOnlyMemory<byte>(m))], Cancelled);
        foreach (var (source, mail) in first.Concat(second).Zip(mails))
        {
            Assert.Equal(mail, await again.ReadAsync(source, Cancelled));
        }
    }

    [Fact]
    public async Task AFlippedByteIsNoticedNotServed()
    {
        using var store = Open();
        var source = (await store.AppendAsync([Encoding.ASCII.GetBytes(new string('x', 5000) + "hello")], Cancelled))[0];
        var segment = Directory.GetFiles(_folder["segments"])[0];
        var bytes = await File.ReadAllBytesAsync(segment, Cancelled);
        bytes[^3] ^= 0xFF;
        await File.WriteAllBytesAsync(segment, bytes, Cancelled);

        await Assert.ThrowsAsync<CorruptSourceException>(() => store.ReadAsync(source, Cancelled));
    }

    [Fact]
    public async Task ASegmentThatEndsTooSoonIsNoticed()
    {
        using var store = Open();
        var source = (await store.AppendAsync([Encoding.ASCII.GetBytes("hello")], Cancelled))[0];
        using (var file = File.Open(Directory.GetFiles(_folder["segments"])[0], FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(file.Length - 2);
        }

        await Assert.ThrowsAsync<CorruptSourceException>(() => store.ReadAsync(source, Cancelled));
    }

    [Fact]
    public async Task LargeMailGoesThroughFilesThatLeaveNothingBehind()
    {
        var bytes = new byte[MailBytes.MaxInMemory + 12_345];
        new Random(1).NextBytes(bytes.AsSpan(0, bytes.Length / 2));
        using var arrived = MailBytes.InFile(_folder["transit"], bytes.Length);
        using (var stream = arrived.Open())
        {
            await stream.WriteAsync(bytes, Cancelled);
        }

        using var store = Open();
        var sources = await store.AppendAsync(["before"u8.ToArray(), arrived, "after"u8.ToArray()], Cancelled);
        using var read = await store.OpenAsync(sources[1], Cancelled);

        Assert.False(read.IsInMemory);
        Assert.True(read.Head(bytes.Length).Span.SequenceEqual(bytes));
        Assert.Equal(bytes, await store.ReadAsync(sources[1], Cancelled));
        Assert.Equal("after"u8.ToArray(), await store.ReadAsync(sources[2], Cancelled));
        Assert.Empty(Directory.EnumerateFiles(_folder["transit"]));
    }

    [Fact]
    public async Task AFlippedByteOfALargeMailIsNoticedToo()
    {
        using var store = Open();
        var source = (await store.AppendAsync([new byte[MailBytes.MaxInMemory + 1]], Cancelled))[0];
        var segment = Directory.GetFiles(_folder["segments"])[0];
        var bytes = await File.ReadAllBytesAsync(segment, Cancelled);
        bytes[^20] ^= 0xFF;
        await File.WriteAllBytesAsync(segment, bytes, Cancelled);

        await Assert.ThrowsAsync<CorruptSourceException>(() => store.OpenAsync(source, Cancelled));
    }

    [Fact]
    public async Task OfMailsThatCameAtOnceEachIsReadBack_AndOneThatCannotBeReadFailsAlone()
    {
        using var store = Open();
        using var gone = MailBytes.InFile(_folder["transit"], 10);
        gone.Dispose();
        var mails = Enumerable.Range(0, 64).Select(i => Encoding.UTF8.GetBytes($"{new string('y', i * 100)} {i}")).ToList();

        var failing = Task.Run(() => store.AppendAsync(["begun"u8.ToArray(), gone], Cancelled), Cancelled);
        var stored = await Task.WhenAll(mails.Select(mail => Task.Run(() => store.AppendAsync([mail, mail], Cancelled), Cancelled)));

        await Assert.ThrowsAsync<ObjectDisposedException>(() => failing);
        foreach (var (sources, mail) in stored.Zip(mails))
        {
            Assert.Equal(mail, await store.ReadAsync(sources[0], Cancelled));
            Assert.Equal(mail, await store.ReadAsync(sources[1], Cancelled));
        }
    }

    [Fact]
    public async Task AFullDiskFailsAllWhoWaitForIt_AndOnceThereIsRoomTheNextIsStored()
    {
        using var store = Open();
        using (FullFolder full = new(_folder["segments"]))
        {
            var waiting = Enumerable.Range(0, 8).Select(_ => Task.Run(() => store.AppendAsync(["lost"u8.ToArray()], Cancelled), Cancelled)).ToList();
            foreach (var one in waiting)
            {
                await Assert.ThrowsAsync<IOException>(() => one);
            }
        }

        var source = (await store.AppendAsync(["kept"u8.ToArray()], Cancelled))[0];
        Assert.Equal("kept"u8.ToArray(), await store.ReadAsync(source, Cancelled));
    }

    private MessageStore Open() => new(new DataDirectory(_folder.Path));
}
