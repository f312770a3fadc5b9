using Bunit;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Integrations.Connected;
using Enneo.Tests.Inbox;
using Enneo.Web.Integrations;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Tests.Connected;

/// <summary>Settings → Integrations: how one is doing is shown as it changes.</summary>
public sealed class IntegrationPageTests : IAsyncLifetime
{
    private readonly InboxStore _store = new();

    private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task WhatHappensMeanwhileIsShownByItself_AndWhatSomebodyWritesStays()
    {
        await _store.MakeAdminAsync();
        var mailbox = await _store.AddMailboxAsync();
        var integration = (await _store.Get<IntegrationEditing>().AddAsync(
            new IntegrationInput { Name = "Zammad", Kind = OtherKind.Zammad, Url = "https://zammad.example.com", Credential = "token", MailboxId = mailbox.Id, Owner = SendingOwner.Here, Rules = IntegrationPresets.RulesOf(OtherKind.Zammad) },
            Actor.Operator, "test", Cancel)).IntegrationId!.Value;
        await using InboxScreen screen = new(_store, isAdmin: true);
        screen.Services.GetRequiredService<NavigationManager>().NavigateTo(Urls.Integration(integration));
        var page = screen.Render<IntegrationsPage>();
        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("#integration-name")));
        await page.Find("#integration-name").ChangeAsync(new ChangeEventArgs { Value = "Our desk" });
        Assert.Empty(page.FindAll(".conflicts"));

        await _store.Get<WriterLane>().RunAsync(
            (db, token) =>
            {
                db.Add(new TicketNews { IntegrationId = integration, ExternalTicketId = "77", Stamp = 1, NotedAt = _store.Clock.GetUtcNow(), DueAt = _store.Clock.GetUtcNow().AddHours(1), Attempts = 1, Problem = "It answers in riddles." });
                return db.SaveChangesAsync(token);
            },
            Cancel);
        _store.Clock.Advance(TimeSpan.FromSeconds(5));

        await page.WaitForAssertionAsync(() => Assert.Contains("It answers in riddles.", page.Find(".conflicts").TextContent, StringComparison.Ordinal));
        Assert.Equal("Our desk", page.Find("#integration-name").GetAttribute("value"));
    }
}
