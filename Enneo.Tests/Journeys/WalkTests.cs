using System.Globalization;
using System.Text.RegularExpressions;
using Enneo.Tests.Servers;
using MailKit;
using Microsoft.Playwright;
using MimeKit;
using static Microsoft.Playwright.Assertions;

namespace Enneo.Tests.Journeys;

/// <summary>
/// The way of a newcomer, in a browser and on real servers: an empty data directory, the first admin, a mailbox on
/// Dovecot and Exim, its mail, and an answer that a customer receives and answers.
/// </summary>
public sealed partial class WalkTests(DovecotServer dovecot, Chromium chromium) : IClassFixture<DovecotServer>, IClassFixture<Chromium>
{
    private const string Support = "support@workshop.test";
    private const string Question = "Wann kommt mein Fahrrad?";
    private const string DeliveryNote = "Lieferschein März.pdf";

    private static readonly byte[] s_deliveryNote = [.. "%PDF-1.4\n"u8, .. Enumerable.Range(0, 50_000).Select(i => (byte)(i * 7))];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_newcomer_connects_a_mailbox_reads_what_arrives_and_answers_it()
    {
        await using EximServer exim = new(dovecot);
        await exim.InitializeAsync();
        Customer customer = new(dovecot, exim, "jonas@customer.test");
        await FillWithHistoryAsync();
        using TemporaryFolder folder = new();
        await using var enneo = EnneoProcess.Start(folder["data"]);
        await enneo.ReadyAsync(Cancel, "healthz");
        await using var visit = await chromium.VisitAsync(enneo.Address);
        var page = visit.Page;

        await MakeFirstAdminAsync(page);
        await ConnectMailboxAsync(page, exim);
        await FindHistoryAsync(page);

        await page.EvaluateAsync("window.neverReloaded = true");
        var question = await customer.WriteAsync(Support, Question, Asking(), Cancel);
        await ReadAsync(page);
        await AnswerAsync(page);
        await WaitUntilItIsSentAsync(page, customer);
        var answer = Received(await customer.ReceiveAsync(Cancel), question);
        await EnneoStore.UntilAsync(async () => await IsInSentAsync(answer), TimeSpan.FromSeconds(30), Cancel);

        await customer.WriteAsync(Support, "Re: " + Question, new TextPart("plain") { Text = "Danke, das passt!" }, Cancel, answered: answer);
        await SeeItJoinAsync(page);
        Assert.True(await page.EvaluateAsync<bool>("window.neverReloaded === true"));
        await SeeLedgerAsync(page);

        Assert.Single(await customer.InboxAsync(Cancel));
        Assert.True(await IsInSentAsync(answer));
        Assert.Empty(visit.Errors);
        Assert.Empty(visit.FailedRequests);
        Assert.Empty(visit.ForeignRequests);
        Assert.Equal(0, await enneo.StopAsync(Cancel));
    }

    private async Task FillWithHistoryAsync()
    {
        foreach (var (subject, days) in new[] { ("Rechnung 2041", 400), ("Bremse quietscht", 90), ("Danke für die Reparatur", 30), ("Probefahrt am Samstag", 2) })
        {
            using MimeMessage mail = new([MailboxAddress.Parse("marta@customer.test")], [MailboxAddress.Parse(Support)], subject, new TextPart("plain") { Text = subject });
            mail.Date = TimeProvider.System.GetUtcNow().AddDays(-days);
            await dovecot.DeliverAsync(Support, mail, Cancel, flags: MessageFlags.Seen, internalDate: mail.Date);
        }
    }

    private static async Task MakeFirstAdminAsync(IPage page)
    {
        await page.GotoAsync("/");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Welcome to Enneo" })).ToBeVisibleAsync();
        await page.GetByLabel("Your name").FillAsync("Anna Berg");
        await page.GetByLabel("Email address").FillAsync("anna@workshop.test");
        await page.GetByLabel("Password").FillAsync("vier Räder sind zwei zu viel");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the account and sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "No mailbox is connected yet" })).ToBeVisibleAsync();
    }

    private async Task ConnectMailboxAsync(IPage page, EximServer exim)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Add the first mailbox" }).ClickAsync();
        await page.GetByLabel("Email address").FillAsync(Support);
        await page.GetByLabel("Email address").PressAsync("Tab");
        await Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Support");
        var imap = page.GetByRole(AriaRole.Group, new() { Name = "Receiving (IMAP)" });
        await FillServerAsync(imap, dovecot.ImapsPort, "TLS");
        await FillServerAsync(page.GetByRole(AriaRole.Group, new() { Name = "Sending (SMTP)" }), exim.Port, "STARTTLS");
        await imap.GetByLabel("Password").FillAsync("not the password");

        var test = page.GetByRole(AriaRole.Button, new() { Name = "Test Email Receipt" });
        var steps = page.GetByRole(AriaRole.Listitem);
        await test.ClickAsync();
        await Expect(steps.Filter(new() { HasText = "nobody vouches for it" })).ToContainTextAsync(dovecot.CertificateFingerprint);
        await page.GetByRole(AriaRole.Button, new() { Name = "Trust this certificate for this mailbox" }).ClickAsync();
        await Expect(steps.Filter(new() { HasText = "localhost refused the user name or the password" })).ToContainTextAsync("Authentication failed");

        await imap.GetByLabel("Password").FillAsync(DovecotServer.Password);
        await test.ClickAsync();
        await Expect(steps.Filter(new() { HasText = "INBOX opened, mails in it: 4" })).ToBeVisibleAsync();
        await Expect(page.GetByText("Nothing was imported, no flag was changed.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("Added. Its mail is on the way, newest first.")).ToBeVisibleAsync();
    }

    private static async Task FillServerAsync(ILocator server, int port, string security)
    {
        await server.GetByLabel("Host").FillAsync(DovecotServer.Host);
        await server.GetByLabel("Port").FillAsync(port.ToString(CultureInfo.InvariantCulture));
        await server.GetByLabel("Security").SelectOptionAsync(new SelectOptionValue { Label = security });
    }

    /// <summary>What lay there before is no news: it is closed, but for what is recent and still in the INBOX.</summary>
    private static async Task FindHistoryAsync(IPage page)
    {
        var account = page.GetByRole(AriaRole.Row).Filter(new() { HasText = Support });
        await Expect(account).ToContainTextAsync("push");
        await Expect(account).ToContainTextAsync("4 = 4");
        await page.GetByRole(AriaRole.Link, new() { Name = "Settings" }).ClickAsync();
        await Expect(Rows(page)).ToHaveTextAsync([new Regex("Probefahrt am Samstag")]);
        await View(page, "Closed").ClickAsync();
        await Expect(Rows(page)).ToHaveTextAsync([new Regex("Danke für die Reparatur"), new Regex("Bremse quietscht"), new Regex("Rechnung 2041")]);
        await View(page, "All inboxes").ClickAsync();
        await Expect(Rows(page)).ToHaveCountAsync(1);
    }

    private static MultipartAlternative Asking() =>
    [
        new TextPart("plain") { Text = "Guten Tag,\r\nwann kommt mein Fahrrad?\r\n" },
        new TextPart("html") { Text = "<p>Guten Tag,</p><p>wann kommt mein <b>Fahrrad</b>?</p>" },
    ];

    private async Task ReadAsync(IPage page)
    {
        var row = Rows(page).Filter(new() { HasText = Question });
        await Expect(row).ToBeVisibleAsync();
        await Expect(row.GetByText("Jonas Müller")).ToHaveCSSAsync("font-weight", Bold());
        await Expect(Rows(page).Filter(new() { HasText = "Probefahrt" }).GetByText("marta@customer.test")).Not.ToHaveCSSAsync("font-weight", Bold());
        Assert.False(await IsSeenAsync(Question));

        await row.ClickAsync();
        await Expect(page.FrameLocator("iframe[title='Jonas Müller']").GetByText("wann kommt mein Fahrrad?")).ToBeVisibleAsync();
        await EnneoStore.UntilAsync(() => IsSeenAsync(Question), TimeSpan.FromSeconds(30), Cancel);
        await Expect(row.GetByText("Jonas Müller")).Not.ToHaveCSSAsync("font-weight", Bold());
    }

    private static async Task AnswerAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Reply R$|^ReplyR$") }).ClickAsync();
        var text = page.GetByRole(AriaRole.Textbox, new() { Name = "Your answer" });
        await text.ClickAsync();
        await text.PressSequentiallyAsync("Es kommt ");
        await text.PressAsync("Control+b");
        await text.PressSequentiallyAsync("am Freitag");
        await text.PressAsync("Control+b");
        await text.PressSequentiallyAsync(".");
        await text.PressAsync("Enter");
        await text.PressSequentiallyAsync("Viele Grüße, Anna");
        await Expect(text.Locator("b")).ToHaveTextAsync("am Freitag");
        await page.Locator("[data-files]").SetInputFilesAsync(new FilePayload { Name = DeliveryNote, MimeType = "application/pdf", Buffer = s_deliveryNote });
        await Expect(Composer(page).GetByRole(AriaRole.Listitem).Filter(new() { HasText = DeliveryNote })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).DblClickAsync();
    }

    private static async Task WaitUntilItIsSentAsync(IPage page, Customer customer)
    {
        await Expect(Composer(page)).Not.ToBeAttachedAsync();
        await Expect(page.GetByText(SendingIn())).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Undo" })).ToBeVisibleAsync();
        Assert.Empty(await customer.InboxAsync(Cancel));
        await Expect(page.GetByText(SentAt())).ToBeVisibleAsync();
    }

    private static MimeMessage Received(IReadOnlyList<MimeMessage> mails, MimeMessage question)
    {
        var answer = Assert.Single(mails);
        Assert.Equal(Support, Assert.Single(answer.From.Mailboxes).Address);
        Assert.Equal("Re: " + Question, answer.Subject);
        Assert.Equal(question.MessageId, answer.InReplyTo);
        Assert.Equal(question.MessageId, answer.References[^1]); // before it stands our mark, for servers that give the mail another id
        Assert.Equal(2, answer.References.Count);
        var text = answer.TextBody?.ReplaceLineEndings("\n");
        Assert.StartsWith("Es kommt am Freitag.\nViele Grüße, Anna\n", text, StringComparison.Ordinal);
        Assert.Contains("\n> wann kommt mein Fahrrad?", text, StringComparison.Ordinal);
        Assert.Contains("<b>am Freitag</b>.", answer.HtmlBody, StringComparison.Ordinal);
        var file = Assert.IsType<MimePart>(Assert.Single(answer.Attachments));
        Assert.Equal((DeliveryNote, "application/pdf"), (file.FileName, file.ContentType.MimeType));
        using MemoryStream content = new();
        file.Content!.DecodeTo(content, Cancel);
        Assert.Equal(s_deliveryNote, content.ToArray());
        return answer;
    }

    /// <summary>Once, and nothing else is there.</summary>
    private async Task<bool> IsInSentAsync(MimeMessage answer) =>
        await dovecot.ListAsync(Support, Cancel, "Sent") is [var copy] && copy.Parse().MessageId == answer.MessageId && copy.Flags.HasFlag(MessageFlags.Seen);

    private async Task<bool> IsSeenAsync(string subject) =>
        (await dovecot.ListAsync(Support, Cancel)).Single(mail => mail.Parse().Subject == subject).Flags.HasFlag(MessageFlags.Seen);

    private static async Task SeeItJoinAsync(IPage page)
    {
        await Expect(page.FrameLocator("iframe[title='Jonas Müller'] >> nth=-1").GetByText("Danke, das passt!")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Article)).ToContainTextAsync("Support · Open");
        await Expect(Rows(page)).ToHaveCountAsync(2);
        await Expect(Rows(page).Filter(new() { HasText = Question }).GetByTitle("3 messages")).ToBeVisibleAsync();
    }

    private static async Task SeeLedgerAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Settings" }).ClickAsync();
        var account = page.GetByRole(AriaRole.Row).Filter(new() { HasText = Support });
        await Expect(account).ToContainTextAsync("7 = 7");
        await Expect(account).ToContainTextAsync("difference 0");
    }

    private static ILocator Rows(IPage page) => page.Locator("[data-row]");

    private static ILocator Composer(IPage page) => page.GetByRole(AriaRole.Region, new() { Name = "Your answer" });

    private static ILocator View(IPage page, string name) =>
        page.GetByRole(AriaRole.Navigation, new() { Name = "Mailboxes" }).GetByRole(AriaRole.Link, new() { Name = name });

    [GeneratedRegex("^[6-9]00$")]
    private static partial Regex Bold();

    [GeneratedRegex(@"^Sending in \d+ s")]
    private static partial Regex SendingIn();

    [GeneratedRegex(@"^Sent \d\d:\d\d")]
    private static partial Regex SentAt();
}
