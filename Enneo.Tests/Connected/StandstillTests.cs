using Enneo.Core.Integrations.Connected;
using Enneo.Tests.Sending;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Connected;

/// <summary>Another system that takes nothing any more is told of by mail, over SMTP.</summary>
public sealed class StandstillTests : IAsyncLifetime
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
        await _office.ChangeAsync(async db =>
        {
            db.Add(new Integration
            {
                Name = "Helpdesk",
                Kind = OtherKind.Zammad,
                Url = "https://help.example/",
                MayBePrivate = false,
                ProtectedCredential = "",
                MailboxId = _office.MailboxId,
                TheirMailbox = "",
                KeyId = null,
                WebhookId = null,
                HookId = null,
                Owner = SendingOwner.Here,
                MailsPublicComments = false,
                Rules = "{}",
                Mark = "abc",
                IsActive = true,
                CreatedAt = _office.Clock.GetUtcNow(),
            });
            await db.SaveChangesAsync(Cancel);
            db.Add(new TicketNews { IntegrationId = 1, ExternalTicketId = "18", Stamp = 1, NotedAt = _office.Clock.GetUtcNow(), DueAt = _office.Clock.GetUtcNow(), Problem = "It answered 500." });
            await db.SaveChangesAsync(Cancel);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _office.DisposeAsync();
        await _sink.DisposeAsync();
    }

    [Fact]
    public async Task Admins_are_told_once_that_nothing_got_through_for_a_day()
    {
        await LookAfterAsync(TimeSpan.FromHours(23.9));
        Assert.Empty(_sink.Received);

        await LookAfterAsync(TimeSpan.FromHours(0.2));
        await LookAfterAsync(TimeSpan.FromHours(1));

        using var mail = Assert.Single(_sink.Received).Parse();
        Assert.Equal(Admin, Assert.Single(mail.To.Mailboxes).Address);
        Assert.Contains("Helpdesk", mail.Subject, StringComparison.Ordinal);
        Assert.Contains("It answered 500.", mail.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_others_get_through_it_is_one_tickets_own_trouble()
    {
        await ThroughAsync(TimeSpan.FromHours(1));

        await LookAfterAsync(TimeSpan.FromDays(2));

        Assert.Empty(_sink.Received);
    }

    [Fact]
    public async Task After_something_got_through_the_next_standstill_is_told_again()
    {
        await LookAfterAsync(TimeSpan.FromDays(2));
        await ThroughAsync(TimeSpan.Zero);
        await LookAfterAsync(TimeSpan.FromHours(1));
        Assert.Single(_sink.Received);

        var again = _office.Clock.GetUtcNow();
        await _office.ChangeAsync(db => db.Set<TicketNews>().ExecuteUpdateAsync(set => set.SetProperty(n => n.NotedAt, again), Cancel));
        await LookAfterAsync(TimeSpan.FromDays(1));

        Assert.Equal(2, _sink.Received.Count);
    }

    private Task ThroughAsync(TimeSpan later)
    {
        var at = _office.Clock.GetUtcNow() + later;
        return _office.ChangeAsync(db => db.Set<Integration>().ExecuteUpdateAsync(set => set.SetProperty(i => i.LastOutAt, at), Cancel));
    }

    private async Task LookAfterAsync(TimeSpan later)
    {
        _office.Clock.Advance(later);
        await _office.Get<StandstillAlarm>().RunAsync(Cancel);
    }
}
