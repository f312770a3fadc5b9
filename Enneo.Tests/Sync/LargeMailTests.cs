using System.Text;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Storage;
using Enneo.Core.Sync;
using Enneo.Tests.Mail;
using Enneo.Tests.Mailboxes;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Sync;

/// <summary>The size of a mail, told or true, does not decide how much memory is used.</summary>
[Collection(TimedTests.Name)]
public sealed class LargeMailTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private const string Address = "large@example.test";
    private const int Mega = 1_000_000;
    private const int Large = 60 * Mega;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Five_mails_of_60_MB_among_200_small_ones_fit_into_350_MB()
    {
        using TemporaryFolder folder = new();
        GeneratedMail.WriteMaildir(folder["mails"], 200);
        await dovecot.FillMaildirAsync(Address, folder["mails"], Cancel);
        for (var i = 0; i < 5; i++)
        {
            await dovecot.DeliverAsync(Address, Mail(i, Large), Cancel);
        }

        await using var store = await EnneoStore.CreateAsync(folder["data"], Cancel);
        var mailbox = await store.AddAsync(dovecot.Mailbox(Address), Cancel);
        await using var enneo = EnneoProcess.Start(folder["data"]);
        await EnneoStore.UntilAsync(
            async () => (await store.ReportAsync(mailbox, Cancel)) is { Status: { LastSyncAt: not null }, Ledger.Imported: 205 },
            TimeSpan.FromMinutes(2),
            Cancel);
        var peak = enneo.PeakMemory;
        TestContext.Current.TestOutputHelper?.WriteLine($"peak {peak / Mega} MB");

        Assert.True(peak < 350L * Mega, $"{peak / Mega} MB");
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(folder["data"], "transit")));
        var large = await store.ReadAsync(db => db.Messages.Where(m => m.Size > Large).ToListAsync(Cancel), Cancel);
        Assert.Equal(5, large.Count);
        Assert.All(large, mail => Assert.Equal((null, true, "Here is the film."), (mail.Unreadable, mail.HasAttachments, mail.Snippet)));
        var content = await store.Get<MessageReader>().FindAsync(Reach.All, large[0].Id, Cancel);
        Assert.Equal("film.bin", Assert.Single(content!.Parts).Name);
        var onServer = (await dovecot.ListAsync(Address, Cancel)).Select(mail => mail.Sha256).Order(StringComparer.Ordinal);
        var here = await store.ReadAsync(db => db.Sources.Select(s => s.Sha256).ToListAsync(Cancel), Cancel);
        Assert.Equal(onServer, here.Select(Convert.ToHexString).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_mail_of_more_than_1_GB_is_named_in_the_ledger_and_left_on_the_server()
    {
        await using ScriptedImapServer imap = new() { ImplicitTls = true, ToldSize = 3L << 30 };
        await imap.InitializeAsync();
        await using SmtpSink sink = new();
        await sink.InitializeAsync();
        imap.Inbox.Add(Mail(1, 1000), TimeProvider.System.GetUtcNow());
        await using MailboxStore store = new();
        await store.InitializeAsync();
        var id = await store.AddAsync(imap.Mailbox(Address, sink), Cancel);

        await store.Get<MailboxSync>().RunAsync(id, Cancel);
        await store.Get<MailboxSync>().RunAsync(id, Cancel);

        var failed = Assert.Single(await store.Get<MailboxReports>().FailedAsync(id, Cancel));
        Assert.Contains("1 GB", failed.Failure, StringComparison.Ordinal);
        Assert.Equal(new LedgerCounts(1, 0, 0, 0, 1, 0, 0, 1, 0), (await store.Get<MailboxReports>().ListAsync(Cancel)).Single().Ledger);
    }

    [Fact]
    public void What_comes_is_counted_not_what_was_told()
    {
        using TemporaryFolder folder = new();
        MailReception reception = new(folder.Path);

        List<MailBytes> mails = [.. Enumerable.Range(0, 50).Select(_ => reception.Of(reception.Make(Mega)))];

        Assert.True(mails.Where(mail => mail.IsInMemory).Sum(mail => mail.Length) <= MailBytes.MaxInMemory);
        Assert.Equal(50, mails.Count);
        mails.ForEach(mail => mail.Dispose());
    }

    private static byte[] Mail(int number, int size)
    {
        StringBuilder mail = new(size + 4096);
        mail.Append("From: anna@customer.example\r\nTo: large@example.test\r\nSubject: Film ").Append(number)
            .Append("\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHere is the film.\r\n")
            .Append("--b\r\nContent-Type: application/octet-stream; name=film.bin\r\nContent-Disposition: attachment; filename=film.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n");
        var line = new byte[57];
        Random random = new(number);
        while (mail.Length < size)
        {
            random.NextBytes(line);
            mail.Append(Convert.ToBase64String(line)).Append("\r\n");
        }

        return Encoding.ASCII.GetBytes(mail.Append("--b--\r\n").ToString());
    }
}
