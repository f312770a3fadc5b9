using Bunit;
using Enneo.Core.Activity;
using Enneo.Core.Contacts;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Spam;
using Enneo.Core.Tickets;
using Enneo.Tests.Inbox;
using Enneo.Web.Spam;
using Enneo.Web.Spam.Settings;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Spam;

/// <summary>Thresholds are tried on what came in, history too, before they are switched.</summary>
public sealed class ThresholdPanelTests : IAsyncLifetime
{
    private const string Offer = "Viagra casino winner! Click http://203.0.113.7/claim to claim your lottery prize money now, free pills, cheap viagra.";

    private readonly InboxStore _store = new();
    private Mailbox _mailbox = null!;

    private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        await _store.MakeAdminAsync();
        _mailbox = await _store.AddMailboxAsync();
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    /// <summary>No mail has a probability: the mailbox was just connected.</summary>
    [Fact]
    public async Task HistoryIsReadForTheTrialAndNothingIsWritten()
    {
        var offer = await _store.ReceiveAsync(_mailbox, "You won the lottery", "Eve <eve@prizes.example>", text: Offer);
        var wanted = await _store.ReceiveAsync(_mailbox, "Invoice");
        await _store.ReceiveAsync(_mailbox, "From somebody we wrote to", "Ben <ben@partner.example>");
        await WriteToAsync("ben@partner.example");
        await _store.Get<SpamDecisions>().MarkAsync([offer.TicketId], isSpam: true, Actor.User(_store.AgentId), "web", Cancel);
        await _store.Get<SpamDecisions>().MarkAsync([wanted.TicketId], isSpam: false, Actor.User(_store.AgentId), "web", Cancel);
        await using InboxScreen screen = new(_store, isAdmin: true);
        var panel = screen.Render<ThresholdPanel>();

        await panel.WaitForElement("[data-spam-from]").ChangeAsync("1");
        Assert.Equal(SpamText.TryThenSave, panel.Find("[data-save-thresholds]").TextContent);
        await panel.Find("[data-save-thresholds]").ClickAsync();

        var result = panel.Find("[data-dry-run-result]").TextContent;
        Assert.Contains("From 1 % on: of 2 mails that the model reads", result, StringComparison.Ordinal);
        Assert.Contains("3 mails looked at. 2 of them the model had not read before and read now; of 1 it is not asked", result, StringComparison.Ordinal);
        Assert.Contains("People said of 1 that they are spam: it would have caught 1. Of 1 that they are wanted", result, StringComparison.Ordinal);
        Assert.Equal(["50", "80", "90", "95", "99"], panel.FindAll("[data-level]").Select(level => level.GetAttribute("data-level")).Intersect(["50", "80", "90", "95", "99"]));
        await using var db = await _store.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        Assert.False(await db.SpamVerdicts.AnyAsync(Cancel));
        Assert.Equal([null, SpamStatus.ManualClean, SpamStatus.ManualSpam], (await db.Tickets.ToListAsync(Cancel)).Select(t => t.SpamStatus).Order());
        Assert.Null((await _store.Get<SpamSettingsEditing>().FindAsync(Cancel)).SpamThreshold);
    }

    [Fact]
    public async Task AThresholdIsSavedOnceItsTrialWasSeen()
    {
        await _store.ReceiveAsync(_mailbox, "You won the lottery", "Eve <eve@prizes.example>", text: Offer);
        await using InboxScreen screen = new(_store, isAdmin: true);
        var panel = screen.Render<ThresholdPanel>();
        await panel.WaitForElement("[data-spam-from]").ChangeAsync("60");
        await panel.Find("[data-save-thresholds]").ClickAsync();
        Assert.Null((await _store.Get<SpamSettingsEditing>().FindAsync(Cancel)).SpamThreshold);

        await panel.Find("[data-spam-from]").ChangeAsync("70"); // the trial of the new value is there at once
        Assert.Contains("From 70 % on", panel.Find("[data-dry-run-result]").TextContent, StringComparison.Ordinal);
        Assert.Equal(SpamText.Save, panel.Find("[data-save-thresholds]").TextContent);
        await panel.Find("[data-save-thresholds]").ClickAsync();

        Assert.Equal(.7, (await _store.Get<SpamSettingsEditing>().FindAsync(Cancel)).SpamThreshold);
        await panel.Find("[data-own-thresholds]").ClickAsync();
        await panel.Find("[data-save-thresholds]").ClickAsync();
        Assert.Null((await _store.Get<SpamSettingsEditing>().FindAsync(Cancel)).SpamThreshold);
    }

    [Fact]
    public async Task TheRuleAboutMassMailHidesMoreOnlyOnceItWasSeenWhoseMail()
    {
        await _store.ReceiveAsync(_mailbox, "News", "Shop <news@shop.example>", headers: "Feedback-ID: c42:platform\r\n");
        await _store.Get<MailboxSpamEditing>().SetAsync(_mailbox.Id, new SpamWishes { Rules = new() { Bulk = false } }, Actor.Operator, "test", Cancel);
        await using InboxScreen screen = new(_store, isAdmin: true);
        var panel = screen.Render<MassMailTrialPanel>(parameters => parameters.Add(p => p.MailboxId, _mailbox.Id).Add(p => p.IsPart, true));

        await panel.WaitForElement("[data-bulk-rule]").ChangeAsync("hide");

        Assert.Contains("news@shop.example", panel.Find("[data-trial-result]").TextContent, StringComparison.Ordinal);
        Assert.False(await IsOnAsync());
        await panel.Find("[data-trial-save]").ClickAsync();
        Assert.True(await IsOnAsync());
    }

    private async Task<bool> IsOnAsync() => (await _store.Get<MailboxSpamEditing>().ListAsync(Cancel)).Single().Spam.BulkRule;

    private Task WriteToAsync(string address) => _store.Get<WriterLane>().RunAsync(
        async (db, token) =>
        {
            if (await db.Contacts.SingleOrDefaultAsync(c => c.MailboxId == _mailbox.Id && c.Address == address, token) is { } contact)
            {
                contact.Sent = 1;
            }
            else
            {
                db.Contacts.Add(new Contact { MailboxId = _mailbox.Id, Address = address, Name = "Ben", Sent = 1, FirstAt = _store.Clock.GetUtcNow(), LastAt = _store.Clock.GetUtcNow() });
            }

            await db.SaveChangesAsync(token);
        },
        Cancel);
}
