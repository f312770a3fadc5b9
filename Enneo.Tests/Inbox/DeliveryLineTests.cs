using Bunit;
using Enneo.Core.Sending;
using Enneo.Web.Inbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Enneo.Tests.Inbox;

public sealed class DeliveryLineTests : BunitContext
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 4, 14, 0, 0, TimeSpan.Zero));
    private string? _pressed;

    public DeliveryLineTests() => Services.AddSingleton<TimeProvider>(_clock).AddScoped<BrowserTime>();

    [Fact]
    public async Task CountsDownWhileItCanBeUndone()
    {
        var line = Show(Status(DeliveryState.Queued) with { UndoUntil = _clock.GetUtcNow().AddSeconds(10) });
        Assert.Contains("Sending in 10 s", line.Markup, StringComparison.Ordinal);

        _clock.Advance(TimeSpan.FromSeconds(3));

        await line.WaitForAssertionAsync(() => Assert.Contains("Sending in 7 s", line.Markup, StringComparison.Ordinal));
        await line.Find("[data-undo]").ClickAsync();
        Assert.Equal("undo", _pressed);
    }

    [Fact]
    public async Task AfterTheUndoTimeThereIsNoUndo()
    {
        var line = Show(Status(DeliveryState.Queued) with { UndoUntil = _clock.GetUtcNow().AddSeconds(2) });

        _clock.Advance(TimeSpan.FromSeconds(3));

        await line.WaitForAssertionAsync(() => Assert.Contains(InboxText.WaitingToBeSent, line.Markup, StringComparison.Ordinal));
        Assert.Empty(line.FindAll("button"));
    }

    [Fact]
    public void SaysWhenItTriesAgainAndWhatTheServerSaid()
    {
        var line = Show(Status(DeliveryState.Queued) with { NextAttemptAt = _clock.GetUtcNow().AddMinutes(5), ServerText = "451 greylisted" });

        Assert.Contains("14:05", line.Markup, StringComparison.Ordinal);
        Assert.Contains("451 greylisted", line.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysWhenItWasSent() =>
        Assert.Contains("Sent 13:59", Show(Status(DeliveryState.Sent) with { SentAt = _clock.GetUtcNow().AddMinutes(-1) }).Markup, StringComparison.Ordinal);

    [Fact]
    public async Task ARefusalIsInTheServersWordsAndCanBeCorrected()
    {
        var line = Show(Status(DeliveryState.Rejected) with { ServerText = "550 5.1.1 <nobody> unknown" });

        Assert.Contains("550 5.1.1 &lt;nobody&gt; unknown", line.Markup, StringComparison.Ordinal);
        await line.Find("button").ClickAsync();
        Assert.Equal("edit", _pressed);
    }

    [Fact]
    public async Task AnUnknownEndIsExplainedAndLeftToAPerson()
    {
        var line = Show(Status(DeliveryState.Uncertain));
        Assert.Contains(InboxText.Uncertain, line.Find("span").TextContent, StringComparison.Ordinal);

        await line.FindAll("button")[0].ClickAsync();
        Assert.Equal("confirm", _pressed);

        await line.FindAll("button")[1].ClickAsync();
        Assert.Equal("again", _pressed);
    }

    private static OutgoingStatus Status(DeliveryState state) => new(1, 2, 3, state, null, null, null, null);

    [Fact]
    public async Task ACopyThatTheServerDoesNotTakeIsSaidAndCanBeTriedAgainOrLeft()
    {
        var line = Show(Status(DeliveryState.Sent) with { SentAt = _clock.GetUtcNow(), CopyRefusal = "Quota exceeded" });
        Assert.Contains("Quota exceeded", line.Markup, StringComparison.Ordinal);

        await line.Find("[data-file-again]").ClickAsync();
        Assert.Equal("file", _pressed);
        await line.Find("[data-without-copy]").ClickAsync();
        Assert.Equal("leave", _pressed);
    }

    private IRenderedComponent<DeliveryLine> Show(OutgoingStatus outgoing) => Render<DeliveryLine>(parameters => parameters
        .Add(l => l.Outgoing, outgoing)
        .Add(l => l.Undone, () => _pressed = "undo")
        .Add(l => l.Edited, () => _pressed = "edit")
        .Add(l => l.SentAgain, () => _pressed = "again")
        .Add(l => l.Confirmed, () => _pressed = "confirm")
        .Add(l => l.FiledAgain, () => _pressed = "file")
        .Add(l => l.LeftUnfiled, () => _pressed = "leave"));
}
