using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Core.Sync;
using Enneo.Tests.Mail;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Sync;

/// <summary>The first sync of a mailbox with years of mail in it: history is not news, and nobody is written to.</summary>
public sealed class OldMailTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private const string Address = "years@example.test";
    private const int Received = 5000;
    private const int Sent = Received / 10;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task First_sync_of_5000_old_mails_sends_nothing_and_announces_nothing()
    {
        using TemporaryFolder folder = new();
        OldMail.Write(folder["inbox"], folder["sent"], Address, Received, TimeProvider.System.GetUtcNow());
        await dovecot.FillMaildirAsync(Address, folder["inbox"], Cancel);
        await dovecot.FillMaildirAsync(Address, folder["sent"], Cancel, "Sent");
        await using SmtpSink sink = new() { OfferStartTls = true, User = Address };
        await sink.InitializeAsync();
        await using EnneoApp app = new() { Settings = new Dictionary<string, string> { ["Enneo:Sending:UndoTime"] = "00:00:00" } };
        await app.InitializeAsync();

        var mailbox = await app.AddAsync(dovecot.Mailbox(Address, sink), Cancel);
        await EnneoStore.UntilAsync(() => IsDoneAsync(app, mailbox), TimeSpan.FromMinutes(3), Cancel);

        Assert.Equal(0, sink.Connections);
        await LiesHereAsNoNewsAsync(app);
        Assert.Equal(Received / 5, await dovecot.CountAsync(Address, Cancel, unseenOnly: true));

        await AnswerOneThatArrivesAsync(app, sink);
        Assert.Equal("Re: Is anybody there?", Assert.Single(sink.Received).Parse().Subject);
    }

    private static async Task<bool> IsDoneAsync(EnneoApp app, long mailbox)
    {
        var report = (await app.Get<MailboxReports>().ListAsync(Cancel)).Single(report => report.Mailbox.Id == mailbox);
        return report is { Ledger: { Imported: Received + Sent, Difference: 0, Failed: 0 }, Status: { ProgressTotal: 0, LastSyncAt: not null } }
            && !await ReadAsync(app, db => db.Ledger.AnyAsync(entry => entry.AwaitsIntake, Cancel));
    }

    private static async Task LiesHereAsNoNewsAsync(EnneoApp app)
    {
        var kinds = (await ReadAsync(app, db => db.Messages.GroupBy(m => m.Automatic).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(Cancel)))
            .ToDictionary(kind => kind.Key, kind => kind.Count);
        Assert.Equal((Received / 5, Received / 5, Received / 5), (kinds[AutomaticKind.AutoReply], kinds[AutomaticKind.Bounce], kinds[AutomaticKind.Bulk]));
        Assert.False(await ReadAsync(app, db => db.Outbox.AnyAsync(Cancel)));
        Assert.False(await ReadAsync(app, db => db.Drafts.AnyAsync(Cancel)));

        var told = await ReadAsync(app, db => db.Activity.Select(entry => entry.Kind).Distinct().ToListAsync(Cancel));
        Assert.Contains(ActivityKind.MailboxImported, told);
        Assert.DoesNotContain(told, kind => kind is ActivityKind.MessageReceived or ActivityKind.TicketCreated or ActivityKind.TicketStatusChanged);
    }

    /// <summary>So that it is known that what would have left would have been seen.</summary>
    private async Task AnswerOneThatArrivesAsync(EnneoApp app, SmtpSink sink)
    {
        using MimeMessage mail = new([MailboxAddress.Parse("new@customer.test")], [MailboxAddress.Parse(Address)], "Is anybody there?", new TextPart("plain") { Text = "Hello?" });
        await dovecot.ArriveAsync(Address, mail, Cancel);
        var id = 0L;
        await EnneoStore.UntilAsync(
            async () => (id = await ReadAsync(app, db => db.Messages.Where(m => m.Subject == mail.Subject).Select(m => m.Id).FirstOrDefaultAsync(Cancel))) != 0,
            TimeSpan.FromSeconds(60), Cancel);
        var person = (await app.Get<Core.Identity.Accounts>().ListAsync(Cancel)).Single().Id;
        var draft = await app.Get<Drafts>().StartReplyAsync(id, DraftMode.Reply, person, Cancel);
        Assert.NotNull(draft);
        await app.Get<Drafts>().SaveAsync(draft.Id, new DraftSave(draft.Revision + 1, draft.To, draft.Cc, draft.Bcc, draft.Subject, "<p>Yes.</p>"), person, Cancel);
        Assert.Null((await app.Get<Outbox>().SendAsync(draft.Id, person, Cancel)).Problem);
        await sink.WaitForAsync("Re: Is anybody there?", Cancel);
    }

    private static async Task<T> ReadAsync<T>(EnneoApp app, Func<EnneoDbContext, Task<T>> read)
    {
        await using var db = await app.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        return await read(db);
    }
}
