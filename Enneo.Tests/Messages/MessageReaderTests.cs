using System.Text;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Tests.Inbox;

namespace Enneo.Tests.Messages;

public sealed class MessageReaderTests : IAsyncLifetime
{
    private const string Mixed = "--x\r\n\r\nSee the file.\r\n--x\r\nContent-Type: text/csv; name=list.csv\r\n\r\na;b\r\n--x--";

    private readonly InboxStore _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private MessageReader Reader => _store.Get<MessageReader>();

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task A_stored_mail_is_read_with_its_parts_and_its_source()
    {
        var id = await ReceiveAsync("multipart/mixed; boundary=x", Mixed);

        var content = await Reader.FindAsync(Reach.All, id, Cancel);
        var part = await Reader.FindPartAsync(Reach.All, id, 0, Cancel);
        var source = await Reader.FindSourceAsync(Reach.All, id, Cancel);

        Assert.Equal(("See the file.", null, null), (content!.Text.Trim(), content.Html, content.Unreadable));
        Assert.Equal("list.csv", Assert.Single(content.Parts).Name);
        Assert.Equal("a;b", Encoding.ASCII.GetString(part!.Bytes));
        Assert.Contains("boundary=x", Encoding.ASCII.GetString(source!.Memory.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        var id = await ReceiveAsync("multipart/mixed; boundary=x", Mixed);

        Assert.Null(await Reader.FindAsync(Reach.All, id + 1, Cancel));
        Assert.Null(await Reader.FindPartAsync(Reach.All, id, 1, Cancel));
        Assert.Null(await Reader.FindPartAsync(Reach.All, id + 1, 0, Cancel));
        Assert.Null(await Reader.FindSourceAsync(Reach.All, id + 1, Cancel));
    }

    [Fact]
    public async Task An_unreadable_mail_says_why_and_its_source_can_still_be_had()
    {
        var mailbox = await _store.AddMailboxAsync();
        var huge = "X-Huge:" + string.Concat(Enumerable.Repeat(" word\r\n", 60_000));
        var id = (await _store.ReceiveAsync(mailbox, "Huge", headers: huge)).MessageId;

        var content = await Reader.FindAsync(Reach.All, id, Cancel);

        Assert.Contains("256 KB", content!.Unreadable, StringComparison.Ordinal);
        Assert.Equal("", content.Text);
        Assert.Null(await Reader.FindPartAsync(Reach.All, id, 0, Cancel));
        Assert.NotNull(await Reader.FindSourceAsync(Reach.All, id, Cancel));
    }

    private async Task<long> ReceiveAsync(string contentType, string body) =>
        (await _store.ReceiveAsync(await _store.AddMailboxAsync(), "Order 4711", text: body, contentType: contentType)).MessageId;
}
