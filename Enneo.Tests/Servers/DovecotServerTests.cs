using System.Text;
using MailKit;
using MimeKit;

namespace Enneo.Tests.Servers;

public sealed class DovecotServerTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_keeps_appended_bytes_flags_and_date()
    {
        var source = Encoding.ASCII.GetBytes("Subject: one\r\nFrom: a@example.test\r\n\r\nBody\r\n.\r\n..dots\r\n");
        var date = new DateTimeOffset(2020, 2, 3, 4, 5, 6, TimeSpan.FromHours(2));

        var uid = await dovecot.DeliverAsync("append@example.test", source, Cancel, flags: MessageFlags.Seen | MessageFlags.Flagged, internalDate: date);

        var mail = Assert.Single(await dovecot.ListAsync("append@example.test", Cancel));
        Assert.Equal(uid, mail.Uid);
        Assert.Equal(source, mail.Source);
        Assert.Equal(MessageFlags.Seen | MessageFlags.Flagged, mail.Flags & ~MessageFlags.Recent);
        Assert.Equal(date, mail.InternalDate);
    }

    [Fact]
    public async Task It_takes_arriving_mail_and_any_folder()
    {
        using var message = new MimeMessage([MailboxAddress.Parse("a@example.test")], [MailboxAddress.Parse("arrive@example.test")], "two", new TextPart("plain") { Text = "Body" });

        await dovecot.ArriveAsync("arrive@example.test", message, Cancel);
        await dovecot.DeliverAsync("arrive@example.test", message, Cancel, "Customers");

        Assert.Equal("two", Assert.Single(await dovecot.ListAsync("arrive@example.test", Cancel)).Parse().Subject);
        Assert.Single(await dovecot.ListAsync("arrive@example.test", Cancel, "Customers"));
        Assert.Empty(await dovecot.ListAsync("arrive@example.test", Cancel, "Nowhere"));
    }

    [Fact]
    public async Task It_changes_uid_validity_and_comes_back_after_a_restart()
    {
        await using var own = new DovecotServer { ExtraConfiguration = DovecotServer.WithoutCondstore };
        await own.InitializeAsync();
        await own.DeliverAsync("u@example.test", Encoding.ASCII.GetBytes("Subject: x\r\n\r\n"), Cancel);

        await own.SetUidValidityAsync("u@example.test", "INBOX", 123456, Cancel);
        await own.RestartAsync(Cancel);

        using var client = await own.OpenAsync("u@example.test", Cancel);
        await client.Inbox!.OpenAsync(FolderAccess.ReadOnly, Cancel);
        Assert.Equal(123456u, client.Inbox.UidValidity);
        Assert.False(client.Capabilities.HasFlag(MailKit.Net.Imap.ImapCapabilities.CondStore));
    }
}
