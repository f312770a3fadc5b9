using System.Text;
using Enneo.Core.Backup;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using MimeKit;

namespace Enneo.Tests.Backup;

public sealed class MailboxExportTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EachMailIsThereOnce_OldestFirst_WithItsVeryLines()
    {
        using TemporaryFolder folder = new();
        await using var store = await EnneoStore.CreateAsync(folder["data"], Cancel);
        var start = new DateTimeOffset(2026, 3, 4, 9, 0, 0, TimeSpan.Zero);
        string[] bodies = ["From here on\r\n>From there\r\nit is\r\n", "no line end", "first\r\n\r\nFrom \r\n"];
        var mails = bodies.Select((body, index) => Encoding.UTF8.GetBytes($"From: a{index}@example.test\r\nSubject: {index}\r\n\r\n{body}")).ToList();
        await store.Get<MailImport>().AddAsync(
            new ImportedMailbox("Support", "support@example.test", "Support", true),
            [.. mails.Select((raw, index) => new ImportedMail(FolderRole.Inbox, raw, start.AddHours(-index), true))],
            "test",
            Cancel);
        using MemoryStream mbox = new();

        var written = await store.Get<MailboxExport>().WriteAsync(
            (await store.Get<MailboxQueries>().FindByAddressAsync(Reach.All, "support@example.test", Cancel))!.Value, mbox, Cancel);

        Assert.Equal(3, written);
        var lines = Encoding.UTF8.GetString(mbox.ToArray());
        Assert.StartsWith("From a2@example.test Wed Mar 04 07:00:00 2026\n", lines, StringComparison.Ordinal);
        Assert.Contains("\n>From here on\n>>From there\nit is\n\n", lines, StringComparison.Ordinal);
        mbox.Position = 0;
        MimeParser parser = new(mbox, MimeFormat.Mbox);
        List<string> subjects = [];
        while (!parser.IsEndOfStream)
        {
            using var message = await parser.ParseMessageAsync(Cancel);
            subjects.Add(message.Subject ?? "");
        }

        Assert.Equal(["2", "1", "0"], subjects);
    }
}
