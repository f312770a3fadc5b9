using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Sync;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using Enneo.Tests.Shell;
using MailKit;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Messages;

/// <summary>Odd and broken mail that others collected, on a real server, through the whole program: kept, listed, shown, answered, forwarded.</summary>
[Trait("Category", "Server")]
public sealed partial class MimeMailboxExamTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private readonly List<string> _faults = [];
    private readonly Dictionary<string, int> _counts = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public Task EveryMail_IsKeptOnceByteForByte_Listed_AndShown_AndOneOfThreeAnsweredOrForwarded() => JudgeAsync(everyWay: false);

    [Fact(Explicit = true)]
    [Trait("Category", "Long")]
    public Task EveryMail_CanBeForwardedEitherWay() => JudgeAsync(everyWay: true);

    /// <param name="everyWay">Each mail is answered, forwarded as text and forwarded whole; else every third is, in one of these ways.</param>
    private async Task JudgeAsync(bool everyWay)
    {
        var user = dovecot.NewUser();
        var cases = await DeliverAsync(user);
        using TemporaryFolder pickup = new();
        await using EnneoApp app = new()
        {
            Settings = new Dictionary<string, string> { ["Enneo:Sending:UndoTime"] = "00:00:00", ["Enneo:Sending:PickupDirectory"] = pickup["out"] },
        };
        await app.InitializeAsync();
        var mailbox = await app.AddAsync(dovecot.Mailbox(user), Cancel);
        await SyncedAsync(app, mailbox, cases.Count);

        var onServer = (await dovecot.ListAsync(user, Cancel)).ToDictionary(mail => mail.Uid);
        var kept = await KeptAsync(app, mailbox);
        Assert.Equal(cases.Keys.Order(), kept.Select(mail => mail.Uid).Order());
        Assert.Equal(onServer.Values.Select(mail => mail.Sha256).Order(StringComparer.Ordinal), kept.Select(mail => mail.Sha256).Order(StringComparer.Ordinal));
        Assert.All(onServer.Values, mail => Assert.False(mail.Flags.HasFlag(MessageFlags.Seen)));

        using WebVisitor visitor = new(app.Address);
        using (await visitor.SignInAsync(EnneoStore.PersonEmail, EnneoStore.PersonPassword))
        {
        }

        var listed = await ListedAsync(app, mailbox);
        foreach (var mail in kept.Where(mail => mail.Outcome is not LedgerOutcome.Duplicate))
        {
            await JudgeAsync(app, visitor, mail, cases[mail.Uid], onServer[mail.Uid].Source, listed[mail.MessageId!.Value]);
        }

        foreach (var duplicate in kept.Where(mail => mail.Outcome is LedgerOutcome.Duplicate))
        {
            Judge(cases[duplicate.Uid], kept.Exists(mail => mail.Outcome is not LedgerOutcome.Duplicate && mail.Sha256 == duplicate.Sha256), "is called a duplicate of nothing");
        }

        var files = kept.Where(mail => mail.Outcome is not LedgerOutcome.Duplicate).ToDictionary(mail => mail.MessageId!.Value, mail => cases[mail.Uid]);
        IEnumerable<Listed> Turn(int turn) => listed.Values.Where((_, index) => everyWay || index % 9 == turn * 3);
        await AnswerAllAsync(app, Turn(0), files, pickup["out"]);
        await ForwardAllAsync(app, Turn(1), files, pickup["out"], asAttachment: false);
        await ForwardAllAsync(app, Turn(2), files, pickup["out"], asAttachment: true);
        Count("mails", cases.Count);
        Count("imported", kept.Count(mail => mail.Outcome is LedgerOutcome.Imported));
        Count("duplicate", kept.Count(mail => mail.Outcome is LedgerOutcome.Duplicate));
        Count("listed as failed", kept.Count(mail => mail.Outcome is LedgerOutcome.Failed));
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Join(", ", _counts.Select(count => $"{count.Key}: {count.Value}")) + $", faults: {_faults.Count}\n{string.Join('\n', _faults)}");
        Assert.True(cases.Count > 1000);
        Assert.Empty(_faults);
    }

    /// <returns>By UID.</returns>
    private async Task<Dictionary<uint, MimeCase>> DeliverAsync(string user)
    {
        Dictionary<uint, MimeCase> cases = [];
        await using var wire = await ImapWire.OpenAsync(dovecot, Cancel);
        await wire.SendAsync($"LOGIN {ImapWire.Quote(user)} {ImapWire.Quote(DovecotServer.Password)}", Cancel);
        await foreach (var mail in MimeCase.ReadAsync())
        {
            if (mail.Raw.Length > 0) // RFC 9051, section 6.3.12: an empty literal cannot be appended
            {
                cases.Add(await wire.AppendAsync("INBOX", mail.Raw, MessageFlags.None, null, Cancel), mail);
            }
        }

        return cases;
    }

    private static async Task SyncedAsync(EnneoApp app, long mailbox, int mails)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        while (true)
        {
            var report = (await app.Get<MailboxReports>().ListAsync(limit.Token)).Single(r => r.Mailbox.Id == mailbox);
            var awaits = await ReadAsync(app, db => db.Ledger.CountAsync(entry => entry.AwaitsIntake, limit.Token));
            if (report.Ledger.OnServer == mails && awaits == 0)
            {
                Assert.Equal((mails, 0), (report.Ledger.Announced, report.Ledger.Difference));
                return;
            }

            await Task.Delay(100, limit.Token);
        }
    }

    private static Task<List<Kept>> KeptAsync(EnneoApp app, long mailbox) => ReadAsync(app, async db => (await (
        from entry in db.Ledger
        join folder in db.Folders on entry.FolderId equals folder.Id
        join source in db.Sources on entry.SourceId equals source.Id
        where folder.MailboxId == mailbox && entry.OnServer
        select new { entry.Uid, entry.Outcome, entry.MessageId, source.Sha256, entry.Failure }).ToListAsync(Cancel))
        .ConvertAll(row => new Kept(row.Uid, row.Outcome, row.MessageId, Convert.ToHexString(row.Sha256), row.Failure)));

    /// <summary>As the inbox lists them: each conversation, and in each its messages.</summary>
    private static async Task<Dictionary<long, Listed>> ListedAsync(EnneoApp app, long mailbox)
    {
        var queries = app.Get<TicketQueries>();
        Dictionary<long, Listed> listed = [];
        foreach (var view in new[] { TicketView.Open, TicketView.Closed, TicketView.Junk })
        {
            foreach (var ticket in await queries.ListAsync(Reach.All, new TicketFilter(mailbox, view), null, 5000, Cancel))
            {
                foreach (var message in (await queries.FindThreadAsync(Reach.All, ticket.Id, Cancel))!.Messages)
                {
                    listed.Add(message.Id, new Listed(ticket, message));
                }
            }
        }

        return listed;
    }

    private async Task JudgeAsync(EnneoApp app, WebVisitor visitor, Kept mail, MimeCase mime, byte[] source, Listed listed)
    {
        var id = mail.MessageId!.Value;
        Judge(mime, await AnswerOfAsync(visitor, $"message/{id}/source") is (HttpStatusCode.OK, var download) && Hash(download) == mail.Sha256, "the download differs");
        Judge(mime, listed.Message.ReceivedAt != default, "no date");
        var body = await AnswerOfAsync(visitor, $"message/{id}/body");
        Judge(mime, body.Status is HttpStatusCode.OK, $"its body answers {body.Status}");
        var content = (await app.Get<MessageReader>().FindAsync(Reach.All, id, Cancel))!;
        if (mail.Outcome is LedgerOutcome.Failed)
        {
            Judge(mime, mail.Failure?.Length > 0 && listed.Message.Unreadable == mail.Failure, "failed without a reason");
            Judge(mime, mail.Failure != MessageText.TookTooLong, "took too long");
        }

        if (mime.Baseline is null)
        {
            return;
        }

        Judge(mime, mail.Outcome is LedgerOutcome.Imported, $"failed: {mail.Failure}");
        await JudgeFieldsAsync(app, mime, id, listed.Message);
        using var reference = MimeMessage.Load(new MemoryStream(source), Cancel);
        var lost = !string.Concat(reference.BodyParts.OfType<TextPart>().Select(part => part.Text)).Contains('\uFFFD')
            && (content.Text + content.Html).Contains('\uFFFD');
        Judge(mime, !lost, "U+FFFD in the body");
        await JudgeAttachmentsAsync(visitor, mime, id, reference, content.Parts);
    }

    private async Task JudgeFieldsAsync(EnneoApp app, MimeCase mime, long id, ThreadMessage shown)
    {
        var row = await ReadAsync(app, db => db.Messages.AsNoTracking().SingleAsync(m => m.Id == id, Cancel));
        var (subject, from, to) = (mime.BaselineOf("subject") ?? "", mime.BaselineOf("from") ?? "", mime.BaselineOf("to") ?? "");
        Judge(mime, string.IsNullOrWhiteSpace(subject) || Same(subject, row.Subject), $"subject {row.Subject}, baseline {subject}");
        Judge(mime, AddressesIn(from).Count == 0 || AddressesIn(from).Contains(shown.FromAddress, StringComparer.OrdinalIgnoreCase), $"from {shown.FromName} <{shown.FromAddress}>, baseline {from}");
        Judge(mime, string.IsNullOrWhiteSpace(from) || shown.FromAddress.Length + shown.FromName.Length > 0, $"no sender, baseline {from}");
        var missing = AddressesIn(to).Except(shown.To.Select(party => party.Address), StringComparer.OrdinalIgnoreCase).ToList();
        Judge(mime, missing.Count == 0 || shown.To.Count >= 100, $"to without {string.Join(' ', missing)}, baseline {to}");
        Judge(mime, mime.BaselineOf("messageId") is not { Length: > 0 } messageId || row.InternetMessageId == messageId, $"id {row.InternetMessageId}, baseline {mime.BaselineOf("messageId")}");
        if (DateTimeOffset.TryParse(mime.BaselineOf("date"), CultureInfo.InvariantCulture, out var date) && date.Year is >= 1970 and < 2200)
        {
            Judge(mime, row.SentAt is { } sentAt && sentAt == DateTimeOffset.FromUnixTimeMilliseconds(date.ToUnixTimeMilliseconds()), $"date {row.SentAt:O}, baseline {date:O}");
        }

        Judge(mime, $"{subject}{from}".Contains('\uFFFD') || !$"{row.Subject}{shown.FromName}{shown.FromAddress}".Contains('\uFFFD'), "U+FFFD in the header");
    }

    private async Task JudgeAttachmentsAsync(WebVisitor visitor, MimeCase mime, long id, MimeMessage reference, IReadOnlyList<Enneo.Core.Messages.MessagePart> parts)
    {
        List<string> ours = [];
        foreach (var part in parts)
        {
            var (status, bytes) = await AnswerOfAsync(visitor, $"message/{id}/part/{part.Index}");
            Judge(mime, status is HttpStatusCode.OK && part.Name.Length > 0, $"part {part.Index} {part.Name} answers {status}");
            ours.Add(Hash(bytes));
        }

        foreach (var attachment in reference.Attachments)
        {
            using MemoryStream bytes = new();
            switch (attachment)
            {
                case MimePart { Content: { } content }:
                    await content.DecodeToAsync(bytes, Cancel);
                    break;
                case MimeKit.MessagePart { Message: { } nested }:
                    await nested.WriteToAsync(bytes, Cancel);
                    break;
            }

            Count("attachments", 1);
            Judge(mime, ours.Remove(Hash(bytes.ToArray())), $"attachment {attachment.ContentDisposition?.FileName ?? attachment.ContentType.Name} ({attachment.ContentType.MimeType}) is missing or differs");
        }
    }

    private static async Task<(HttpStatusCode Status, byte[] Bytes)> AnswerOfAsync(WebVisitor visitor, string path)
    {
        using var answer = await visitor.GetAsync(path);
        return (answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(Cancel));
    }

    private static async Task<T> ReadAsync<T>(EnneoApp app, Func<EnneoDbContext, Task<T>> read)
    {
        await using var db = await app.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        return await read(db);
    }

    /// <summary>But for white space and what is cut from a very long one.</summary>
    private static bool Same(string baseline, string shown)
    {
        var (one, other) = (Blank.Replace(baseline, ""), Blank.Replace(shown, ""));
        return one == other || (shown.Length >= 900 && one.StartsWith(other.TrimEnd('…'), StringComparison.Ordinal));
    }

    private static List<string> AddressesIn(string list) =>
        InternetAddressList.TryParse(list, out var addresses)
            ? [.. addresses.Mailboxes.Select(mailbox => mailbox.Address).Where(address => address.Contains('@', StringComparison.Ordinal)).Distinct()]
            : [];

    private void Judge(MimeCase mime, bool passes, string fault)
    {
        if (!passes)
        {
            _faults.Add($"{mime.File}: {fault}");
        }
    }

    private void Count(string what, int more) => _counts[what] = _counts.GetValueOrDefault(what) + more;

    private static string Hash(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes));

    [GeneratedRegex(@"[\p{Z}\p{C}]+")]
    private static partial Regex Blank { get; }

    private sealed record Kept(uint Uid, LedgerOutcome Outcome, long? MessageId, string Sha256, string? Failure);

    private sealed record Listed(TicketSummary Ticket, ThreadMessage Message);
}
