using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Spam;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Tickets;
using Enneo.Tests.Sending;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Spam;

/// <summary>What admins are told by mail, sent over SMTP.</summary>
public sealed class SpamReportsTests : IAsyncLifetime
{
    private const string Admin = "ada@workshop.example";

    private readonly SmtpSink _sink = new() { User = Office.Address };
    private Office _office = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _sink.InitializeAsync();
        _office = await Office.OpenAsync(_sink);
        await _office.AddAdminAsync(Admin, "Ada");
    }

    public async ValueTask DisposeAsync()
    {
        await _office.DisposeAsync();
        await _sink.DisposeAsync();
    }

    [Fact]
    public async Task What_was_hidden_is_told_once_a_day_to_admins_alone()
    {
        await HideAsync(3, rule: null);

        await ReportAsync();
        await ReportAsync();

        using var mail = Assert.Single(_sink.Received).Parse();
        Assert.Equal(Admin, Assert.Single(mail.To.Mailboxes).Address);
        Assert.Contains("3", mail.Subject, StringComparison.Ordinal);
        Assert.Contains("Offer 2", mail.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_one_begins_where_the_last_one_ended_however_late_it_is()
    {
        await HideAsync(1, rule: null);
        _office.Clock.Advance(TimeSpan.FromMinutes(10));
        await ReportAsync();
        _office.Clock.Advance(TimeSpan.FromMinutes(10));
        await HideAsync(2, rule: null);
        _office.Clock.Advance(TimeSpan.FromHours(49));
        await ReportAsync();

        using var mail = _sink.Received[^1].Parse();
        Assert.Equal(2, _sink.Received.Count);
        Assert.Contains("2", mail.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_hidden_is_nothing_told()
    {
        await ReportAsync();

        Assert.Empty(_sink.Received);
    }

    [Theory]
    [InlineData(SpamDigest.FirstDays, 13, 1)]
    [InlineData(SpamDigest.FirstDays, 15, 0)]
    [InlineData(SpamDigest.Always, 15, 1)]
    [InlineData(SpamDigest.Never, 0, 0)]
    [InlineData(SpamDigest.Never, 15, 0)]
    public async Task A_mailbox_is_reported_in_its_first_days_or_always_or_never(SpamDigest digest, int days, int mails)
    {
        await WriteAsync(async db =>
        {
            var mailbox = await db.Mailboxes.SingleAsync(m => m.Id == _office.MailboxId, Cancel);
            (mailbox.ConnectedAt, mailbox.Spam.Digest) = (_office.Clock.GetUtcNow().AddDays(-days), digest);
        });
        await HideAsync(1, rule: null);

        await ReportAsync();

        Assert.Equal(mails, _sink.Received.Count);
    }

    [Fact]
    public async Task A_rule_that_hides_too_much_is_told_at_once_and_once()
    {
        await HideAsync(25, HeaderRule.Bulk);

        await ReportAsync();
        await ReportAsync();

        Assert.Single(_sink.Received.Select(received => received.Parse().Subject ?? ""), subject => subject.Contains("much new mail", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_could_not_be_sent_is_told_later()
    {
        await HideAsync(1, rule: null);
        var password = _sink.Password;
        _sink.Password = "another one";
        await ReportAsync();
        Assert.Empty(_sink.Received);

        _sink.Password = password;
        await ReportAsync();
        Assert.Single(_sink.Received);
    }

    private async Task ReportAsync()
    {
        await _office.Get<SpamAlarm>().RunAsync(Cancel);
        await _office.Get<SpamReports>().RunAsync(Cancel);
    }

    /// <param name="rule">Null for the model.</param>
    private Task HideAsync(int count, HeaderRule? rule) => WriteAsync(async db =>
    {
        var now = _office.Clock.GetUtcNow();
        for (var i = 0; i < count; i++)
        {
            Ticket ticket = new()
            {
                MailboxId = _office.MailboxId,
                Subject = $"Offer {i}",
                Status = TicketStatus.Open,
                SpamStatus = SpamStatus.AutoSpam,
                Place = TicketPlace.Junk,
                CreatedAt = now,
                LastMessageAt = now,
                People = "Eve",
                Snippet = "",
            };
            db.Tickets.Add(ticket);
            await db.SaveChangesAsync(Cancel);
            Message message = new() { MailboxId = _office.MailboxId, TicketId = ticket.Id, Direction = MessageDirection.In, Subject = ticket.Subject, ReceivedAt = now };
            db.Messages.Add(message);
            await db.SaveChangesAsync(Cancel);
            db.SpamVerdicts.Add(new SpamVerdict
            {
                MessageId = message.Id,
                MailboxId = _office.MailboxId,
                Stage = rule is null ? SpamStage.Model : SpamStage.Header,
                Rule = rule,
                IsSpam = true,
                JudgedAt = now,
            });
        }
    });

    private Task WriteAsync(Func<EnneoDbContext, Task> write) => _office.Get<WriterLane>().RunAsync(
        async (db, token) =>
        {
            await write(db);
            await db.SaveChangesAsync(token);
        },
        Cancel);
}
