using System.Text.RegularExpressions;
using Enneo.Core.Sending;
using Enneo.Tests.Servers;
using Microsoft.Extensions.Options;
using Microsoft.Playwright;
using MimeKit;
using static Microsoft.Playwright.Assertions;

namespace Enneo.Tests.Journeys;

/// <summary>Everything that is written here, in a browser and on real servers, as it arrives at the other end.</summary>
[Trait("Category", "Browser")]
public sealed partial class ComposeTests(DovecotServer dovecot, Chromium chromium) : IClassFixture<DovecotServer>, IClassFixture<Chromium>, IAsyncLifetime
{
    private static readonly byte[] s_offer = [.. "%PDF-1.4\n"u8, .. Enumerable.Range(0, 50_000).Select(i => (byte)(i * 7))];

    /// <summary>One red dot.</summary>
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

    private const string PasteOrDropPicture = """
        ([type, base64]) => {
          const bytes = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
          const data = new DataTransfer();
          data.items.add(new File([bytes], 'dot.png', { type: 'image/png' }));
          const editor = document.querySelector('[data-editor]');
          editor.focus();
          editor.dispatchEvent(type === 'paste'
            ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
            : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
        }
        """;

    private const string DrawPicture = """
        () => {
          const canvas = Object.assign(document.createElement('canvas'), { width: 100, height: 60 });
          return canvas.toDataURL('image/png').split(',')[1];
        }
        """;

    private readonly SmtpSink _sink = new() { User = "support@workshop.test" };
    private readonly EnneoApp _app = new() { Settings = new Dictionary<string, string> { ["Enneo:Sending:UndoTime"] = "00:00:00" } };
    private string _user = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _sink.InitializeAsync();
        await _app.InitializeAsync();
        _user = dovecot.NewUser();
        var mailbox = dovecot.Mailbox(_user, _sink);
        await _app.AddAsync(
            mailbox with
            {
                Name = "Support",
                Data = mailbox.Data with { SenderName = "Workshop", Aliases = ["help@workshop.test"], Signature = "%NAME%\nWorkshop, %ADDRESS%" },
            },
            Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _sink.DisposeAsync();
    }

    [Fact]
    public async Task A_new_message_is_begun_here_finished_on_another_device_and_arrives()
    {
        await using var visit = await _app.SignInAsync(chromium);
        var page = visit.Page;
        await OpenAsync(page);
        await page.Keyboard.PressAsync("c");
        await Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "To" })).ToBeFocusedAsync();
        await page.GetByLabel("Subject", new() { Exact = true }).FillAsync("Opening hours");
        await Text(page).PressSequentiallyAsync("We open at eight.");
        await Expect(page.Locator("[data-saved]")).ToContainTextAsync("Saved");

        await using var other = await _app.SignInAsync(chromium, 390, 844);
        await other.Page.GotoAsync("/inbox?view=drafts");
        await other.Page.Locator("[data-row]").Filter(new() { HasText = "Opening hours" }).ClickAsync();
        await Expect(Text(other.Page)).ToContainTextAsync("We open at eight.");
        await Expect(other.Page.GetByLabel("Subject", new() { Exact = true })).ToHaveValueAsync("Opening hours");
        await other.Page.GetByRole(AriaRole.Combobox, new() { Name = "To" }).FillAsync("jonas@customer.test");
        await other.Page.GetByLabel("From").SelectOptionAsync(new SelectOptionValue { Label = "Workshop <help@workshop.test>" });
        await Send(other.Page).ClickAsync();

        await Expect(other.Page.GetByRole(AriaRole.Heading, new() { Name = "Opening hours" })).ToBeVisibleAsync();
        using var mail = await ArrivedAsync(other.Page);
        Assert.Equal(("Opening hours", "help@workshop.test", null), (mail.Subject, Assert.Single(mail.From.Mailboxes).Address, mail.InReplyTo));
        Assert.Matches(Signed(), mail.TextBody!.ReplaceLineEndings("\n"));
        Assert.Empty(visit.Errors.Concat(other.Errors));
    }

    [Fact]
    public async Task Who_types_before_the_editor_is_there_goes_on_in_the_same_line()
    {
        TaskCompletionSource loaded = new();
        await using var visit = await _app.SignInAsync(chromium);
        var page = visit.Page;
        await page.RouteAsync("**/lib/squire.mjs*", async route =>
        {
            await loaded.Task;
            await route.ContinueAsync();
        });
        await OpenAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "New message" }).First.ClickAsync();
        var subject = page.GetByLabel("Subject", new() { Exact = true });
        await subject.FillAsync("Opening ");
        loaded.SetResult();
        await Text(page).WaitForAsync();
        await page.Keyboard.TypeAsync("hours");

        await Expect(subject).ToHaveValueAsync("Opening hours");
    }

    [Fact]
    public async Task Taken_back_it_can_be_written_on_and_is_signed_once()
    {
        var sending = _app.Get<IOptions<SendingOptions>>().Value;
        sending.UndoTime = TimeSpan.FromMinutes(2); // however slow the machine is
        await using var visit = await _app.SignInAsync(chromium);
        var page = visit.Page;
        await OpenAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "New message" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Combobox, new() { Name = "To" }).FillAsync("jonas@customer.test");
        await page.GetByLabel("Subject", new() { Exact = true }).FillAsync("One");
        await Text(page).PressSequentiallyAsync("First words.");
        await Send(page).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        sending.UndoTime = TimeSpan.Zero;

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "New message" })).ToBeVisibleAsync();
        await Expect(Text(page)).ToContainTextAsync("First words.");
        await page.GetByLabel("Subject", new() { Exact = true }).FillAsync("Two");
        await Expect(page.Locator("[data-saved]")).ToContainTextAsync("Saved");
        await Send(page).ClickAsync();

        using var mail = await ArrivedAsync(page);
        Assert.Equal("Two", mail.Subject);
        Assert.Single(Regex.Matches(mail.TextBody!, "Workshop, "));
        Assert.Single(Regex.Matches(mail.HtmlBody!, "Workshop, "));
        Assert.Empty(visit.Errors);
    }

    [Fact]
    public async Task A_mail_with_a_file_is_forwarded_and_the_file_arrives_byte_for_byte()
    {
        using (MimeMessage letter = new([new MailboxAddress("Jonas", "jonas@customer.test")], [MailboxAddress.Parse(_user)], "Offer", new Multipart("mixed")
        {
            new TextPart("plain") { Text = "The offer." },
            new MimePart("application", "pdf") { FileName = "offer.pdf", Content = new MimeContent(new MemoryStream(s_offer)), ContentTransferEncoding = ContentEncoding.Base64 },
        }))
        {
            await dovecot.DeliverAsync(_user, letter, Cancel);
        }

        await using var visit = await _app.SignInAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync("/inbox");
        await page.Locator("[data-row]").Filter(new() { HasText = "Offer" }).ClickAsync();
        await page.Locator("[data-heading]").WaitForAsync();
        await page.Keyboard.PressAsync("f");
        await Expect(page.Locator(".composer .attachments li")).ToContainTextAsync("offer.pdf");
        await Expect(page.GetByLabel("Subject", new() { Exact = true })).ToHaveValueAsync("Fwd: Offer");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "To" }).FillAsync("colleague@elsewhere.test");
        await Text(page).PressSequentiallyAsync("See attached.");
        await Send(page).ClickAsync();

        using var mail = await ArrivedAsync(page);
        Assert.Contains("---------- Forwarded message ----------\nFrom: Jonas <jonas@customer.test>", mail.TextBody!.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        var file = Assert.IsType<MimePart>(Assert.Single(mail.Attachments), exactMatch: false);
        Assert.Equal(s_offer, await BytesAsync(file));
        Assert.Empty(visit.Errors);
    }

    [Fact]
    public async Task Pictures_that_are_pasted_or_dropped_stand_in_the_text_and_arrive_there()
    {
        await using var visit = await _app.SignInAsync(chromium);
        var page = visit.Page;
        await OpenAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "New message" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Combobox, new() { Name = "To" }).FillAsync("jonas@customer.test");
        await page.GetByLabel("Subject", new() { Exact = true }).FillAsync("A dot");
        await Text(page).PressSequentiallyAsync("Look: ");
        await page.EvaluateAsync(PasteOrDropPicture, new[] { "paste", Png });
        await Expect(Text(page).Locator("img")).ToHaveCountAsync(1);
        await page.EvaluateAsync(PasteOrDropPicture, new[] { "drop", Png });
        await Expect(Text(page).Locator("img")).ToHaveCountAsync(2);
        Assert.True(await Text(page).Locator("img").First.EvaluateAsync<bool>("async image => { await image.decode(); return image.naturalWidth === 1; }"));
        await Expect(page.Locator("[data-saved]")).ToContainTextAsync("Saved");
        await Send(page).ClickAsync();

        using var mail = await ArrivedAsync(page);
        var pictures = mail.BodyParts.OfType<MimePart>().Where(part => part.ContentId is not null).ToList();
        Assert.Equal(2, pictures.Count);
        foreach (var picture in pictures)
        {
            Assert.Contains($"src=\"cid:{picture.ContentId}\"", mail.HtmlBody, StringComparison.Ordinal);
            Assert.Equal(Convert.FromBase64String(Png), await BytesAsync(picture));
        }

        Assert.Empty(mail.Attachments);
        Assert.Empty(visit.FailedRequests);
        Assert.Empty(visit.ForeignRequests);
    }

    [Fact]
    public async Task A_picture_that_is_made_larger_in_the_text_is_as_large_in_the_mail()
    {
        await using var visit = await _app.SignInAsync(chromium);
        var page = visit.Page;
        await OpenAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "New message" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Combobox, new() { Name = "To" }).FillAsync("jonas@customer.test");
        await page.GetByLabel("Subject", new() { Exact = true }).FillAsync("A larger dot");
        await Text(page).PressSequentiallyAsync("Look: ");
        var drawn = await page.EvaluateAsync<string>(DrawPicture);
        await page.EvaluateAsync(PasteOrDropPicture, new[] { "paste", drawn });
        await Text(page).Locator("img").ClickAsync();
        var corner = (await page.Locator(".squire-resize-handle-se").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(corner.X + (corner.Width / 2), corner.Y + (corner.Height / 2));
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(corner.X + (corner.Width / 2) + 30, corner.Y + 10);
        await page.Mouse.UpAsync();
        var width = await Text(page).Locator("img").EvaluateAsync<double>("image => image.getBoundingClientRect().width");
        Assert.InRange(width, 150, 170);
        await page.GetByLabel("Subject", new() { Exact = true }).FillAsync("A larger picture");
        await Expect(page.Locator("[data-saved]")).ToContainTextAsync("Saved");
        await Send(page).ClickAsync();

        using var mail = await ArrivedAsync(page);
        Assert.Matches($"<img src=\"cid:[^\"]+\" width=\"{(int)width}\">", mail.HtmlBody);
        Assert.Empty(visit.Errors);
    }

    [Fact]
    public async Task What_was_overlooked_is_asked_for_once_and_can_be_sent_anyway()
    {
        await using var visit = await _app.SignInAsync(chromium);
        var page = visit.Page;
        await OpenAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "New message" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Combobox, new() { Name = "To" }).FillAsync("jonas@customer.test");
        await Text(page).PressSequentiallyAsync("Die Rechnung finden Sie anbei.");
        await Send(page).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync("no subject");
        await page.GetByRole(AriaRole.Button, new() { Name = "Go back" }).ClickAsync();
        await page.GetByLabel("Subject", new() { Exact = true }).FillAsync("Rechnung");
        await Send(page).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync("no file is attached");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send anyway" }).ClickAsync();

        using var mail = await ArrivedAsync(page);
        Assert.Equal("Rechnung", mail.Subject);
    }

    /// <summary>Until it answers to keys and clicks.</summary>
    private static async Task OpenAsync(IPage page)
    {
        await page.GotoAsync("/inbox");
        await Expect(page.GetByText("No mail yet.")).ToBeVisibleAsync();
    }

    private static ILocator Text(IPage page) => page.Locator("[data-editor]:not([hidden])");

    private static ILocator Send(IPage page) => page.Locator("[data-send]");

    private async Task<MimeMessage> ArrivedAsync(IPage page)
    {
        try
        {
            await EnneoStore.UntilAsync(() => Task.FromResult(_sink.Received.Count > 0), TimeSpan.FromSeconds(30), Cancel);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail("Nothing arrived. The page says: " + await page.Locator("body").InnerTextAsync());
        }

        return Assert.Single(_sink.Received).Parse();
    }

    private static async Task<byte[]> BytesAsync(MimePart part)
    {
        using MemoryStream bytes = new();
        await part.Content!.DecodeToAsync(bytes, Cancel);
        return bytes.ToArray();
    }

    [GeneratedRegex(@"^We open at eight\.\n\n-- \n.+\nWorkshop, help@workshop\.test\n$")]
    private static partial Regex Signed();
}
