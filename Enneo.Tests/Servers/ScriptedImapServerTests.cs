using System.Text;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using MailKit.Security;

namespace Enneo.Tests.Servers;

public sealed class ScriptedImapServerTests : IAsyncLifetime
{
    private readonly ScriptedImapServer _server = new() { OfferStartTls = true };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task MailKit_reads_from_it()
    {
        var source = Encoding.ASCII.GetBytes("Subject: one\r\n\r\nBody\r\n");
        _server.Inbox.Add(source, new DateTimeOffset(2020, 1, 2, 3, 4, 5, TimeSpan.Zero), MessageFlags.Flagged);
        _server.Inbox.Add(source, new DateTimeOffset(2020, 1, 2, 3, 4, 5, TimeSpan.Zero));
        using var client = await OpenAsync(SecureSocketOptions.StartTls);

        var inbox = (ImapFolder)client.Inbox!;
        await inbox.OpenAsync(FolderAccess.ReadWrite, Cancel);
        var uids = await inbox.SearchAsync(SearchQuery.All, Cancel);
        await inbox.AddFlagsAsync(uids[1], MessageFlags.Seen, true, Cancel);
        var summaries = await inbox.FetchAsync(0, -1, MessageSummaryItems.UniqueId | MessageSummaryItems.Flags | MessageSummaryItems.InternalDate, Cancel);
        var stream = await inbox.GetStreamAsync(uids[0], Cancel);

        Assert.Equal([1u, 2u], uids.Select(uid => uid.Id));
        Assert.Equal([MessageFlags.Flagged, MessageFlags.Seen], summaries.Select(summary => summary.Flags));
        Assert.Equal(source.Length, stream.Length);
        Assert.Equal("Sent", client.GetFolder(SpecialFolder.Sent)?.FullName);
        Assert.NotNull(await client.GetFolder(SpecialFolder.Sent)!.AppendAsync(new MimeKit.MimeMessage(), MessageFlags.Seen, Cancel));
    }

    [Fact]
    public async Task It_tells_those_who_wait()
    {
        using var client = await OpenAsync(SecureSocketOptions.StartTls);
        await client.Inbox!.OpenAsync(FolderAccess.ReadOnly, Cancel);
        using var done = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        client.Inbox.CountChanged += (_, _) => done.Cancel();

        var idle = client.IdleAsync(done.Token, Cancel);
        await _server.ArriveAsync("Subject: x\r\n\r\n"u8.ToArray());
        await idle;

        Assert.Equal(1, client.Inbox.Count);
    }

    [Fact]
    public async Task It_cuts_a_literal_and_answers_as_told()
    {
        _server.Inbox.Add(Encoding.ASCII.GetBytes("Subject: x\r\n\r\n" + new string('x', 10_000)), TimeProvider.System.GetUtcNow());
        _server.CutLiteralAfter = 5000;
        _server.OfferStartTls = false;
        using var client = await OpenAsync(SecureSocketOptions.None);
        await client.Inbox!.OpenAsync(FolderAccess.ReadOnly, Cancel);

        await Assert.ThrowsAnyAsync<Exception>(() => client.Inbox.GetMessageAsync(new UniqueId(1), Cancel));
        Assert.False(client.IsConnected);

        _server.Override = async (command, session) =>
        {
            if (command.Name != "UID SEARCH")
            {
                return false;
            }

            await session.WriteAsync($"{command.Tag} NO [LIMIT] too much");
            return true;
        };
        using var again = await OpenAsync(SecureSocketOptions.None);
        await again.Inbox!.OpenAsync(FolderAccess.ReadOnly, Cancel);
        await Assert.ThrowsAsync<ImapCommandException>(() => again.Inbox.SearchAsync(SearchQuery.All, Cancel));
    }

    private async Task<ImapClient> OpenAsync(SecureSocketOptions security)
    {
        var client = new ImapClient
        {
            CheckCertificateRevocation = false,
            ServerCertificateValidationCallback = (_, certificate, _, _) => _server.Certificate.Is(certificate),
        };
        await client.ConnectAsync("localhost", _server.Port, security, Cancel);
        await client.AuthenticateAsync("u@example.test", "any", Cancel);
        return client;
    }
}
