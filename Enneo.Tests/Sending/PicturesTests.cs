using Enneo.Core.Sending;
using Enneo.Tests.Servers;
using MimeKit;

namespace Enneo.Tests.Sending;

public sealed class PicturesTests : IAsyncLifetime
{
    private static readonly byte[] s_png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];

    private readonly SmtpSink _sink = new() { User = Office.Address };
    private Office _office = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _sink.InitializeAsync();
        _office = await Office.OpenAsync(_sink);
    }

    public async ValueTask DisposeAsync()
    {
        await _office.DisposeAsync();
        await _sink.DisposeAsync();
    }

    [Fact]
    public async Task What_the_text_shows_arrives_within_it_and_the_rest_stays_here()
    {
        var draft = await _office.WriteAsync();
        var (shown, unused) = (await AddAsync(draft, s_png), await AddAsync(draft, s_png));
        draft = await WriteAsync(draft, $"<div>Look: <img src=\"{shown}\" width=\"40\" onclick=\"x()\"><img src=\"/draft/image/999\"></div>");
        Assert.Equal($"<div>Look: <img src=\"{shown}\" width=\"40\"><img src=\"/draft/image/999\"></div>", draft.Html);
        Assert.NotEqual(shown, unused);
        Assert.Empty(draft.Attachments);
        await _office.SendAsync(draft);

        await _office.DeliverAsync();

        using var mail = Assert.Single(_sink.Received).Parse();
        var picture = Assert.Single(mail.BodyParts.OfType<MimePart>(), part => part.ContentType.IsMimeType("image", "png"));
        Assert.StartsWith($"<html><body><div>Look: <img src=\"cid:{picture.ContentId}\" width=\"40\"></div>", mail.HtmlBody, StringComparison.Ordinal);
        Assert.IsType<MultipartRelated>(Assert.IsType<MultipartAlternative>(mail.Body)[1]);
        using MemoryStream bytes = new();
        await picture.Content!.DecodeToAsync(bytes, Cancel);
        Assert.Equal(s_png, bytes.ToArray());
    }

    [Theory]
    [InlineData("width=\"320\" height=\"200\"", " width=\"320\" height=\"200\"")]
    [InlineData("width=\"2000\"", " width=\"2000\"")]
    [InlineData("width=\"2001\"", "")]
    [InlineData("width=\"0\"", "")]
    [InlineData("width=\"-5\"", "")]
    [InlineData("width=\"50%\"", "")]
    [InlineData("width=\"99999999999\"", "")]
    [InlineData("style=\"width: 320.4px; height: auto;\"", " width=\"320\"")]
    [InlineData("width=\"40\" height=\"30\" style=\"width: 320px; height: auto;\"", " width=\"320\"")]
    [InlineData("style=\"max-width: 320px\"", "")]
    [InlineData("style=\"width: 9999px\"", "")]
    public async Task A_size_is_kept_within_limits(string attributes, string kept)
    {
        var draft = await _office.WriteAsync();
        var address = await AddAsync(draft, s_png);

        draft = await WriteAsync(draft, $"<div><img src=\"{address}\" {attributes}></div>");

        Assert.Equal($"<div><img src=\"{address}\"{kept}></div>", draft.Html);
    }

    [Theory]
    [InlineData("https://tracker.example/x.png")]
    [InlineData("//tracker.example/x.png")]
    [InlineData("data:image/png;base64,AAAA")]
    [InlineData("/draft/image/1/../../../message/1/source")]
    [InlineData("/message/1/part/0")]
    [InlineData("cid:x")]
    public async Task Only_pictures_of_drafts_are_kept(string address)
    {
        var draft = await _office.WriteAsync($"<div>a<img src=\"{address}\">b</div>");

        Assert.Equal("<div>ab</div>", draft.Html);
    }

    [Fact]
    public async Task A_picture_is_told_by_its_bytes()
    {
        var draft = await _office.WriteAsync();

        await Assert.ThrowsAsync<NotAPictureException>(() => AddAsync(draft, "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"u8.ToArray()));
        await Assert.ThrowsAsync<NotAPictureException>(() => AddAsync(draft, []));
        await Assert.ThrowsAsync<AttachmentTooLargeException>(() => AddAsync(draft, [.. s_png, .. new byte[5_000_000]]));
    }

    [Theory]
    [InlineData("GIF89a", "image/gif")]
    [InlineData("RIFF....WEBPVP8 ", "image/webp")]
    [InlineData("\u00ff\u00d8\u00ff\u00e0", "image/jpeg")]
    [InlineData("RIFF....WAVEfmt ", null)]
    [InlineData("%PDF-1.4", null)]
    public void Its_kind_is_one_of_four(string bytes, string? type) => Assert.Equal(type, DraftPictures.TypeOf(System.Text.Encoding.Latin1.GetBytes(bytes)));

    [Fact]
    public async Task Nobody_else_sees_it()
    {
        var draft = await _office.WriteAsync();
        var id = long.Parse((await AddAsync(draft, s_png)).Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal("image/png", (await _office.Drafts.FindPictureAsync(id, Office.Person, Cancel))!.ContentType);
        Assert.Null(await _office.Drafts.FindPictureAsync(id, Office.Person + 1, Cancel));
    }

    private async Task<string> AddAsync(DraftView draft, byte[] bytes)
    {
        using MemoryStream content = new(bytes);
        return Assert.IsType<string>(await _office.Drafts.AddPictureAsync(draft.Id, "x.svg", content, Office.Person, Cancel));
    }

    private async Task<DraftView> WriteAsync(DraftView draft, string html) => Assert.IsType<DraftView>(
        await _office.Drafts.SaveAsync(draft.Id, new DraftSave(draft.Revision + 1, draft.To, [], [], draft.Subject, html), Office.Person, Cancel));
}
