using Bunit;
using Enneo.Core.Activity;
using Enneo.Core.Hours;
using Enneo.Core.Identity;
using Enneo.Core.Tickets;
using Enneo.Tests.Inbox;
using Enneo.Tests.Tags;
using Enneo.Web.Hours;

namespace Enneo.Tests.Hours;

/// <summary>An admin says when mail is worked on; what a tag promises from then on is counted by it.</summary>
public sealed class BusinessHoursEditingTests : IAsyncLifetime
{
    private const string Origin = "test";

    private static readonly BusinessHours s_morning = new() { IsAlwaysOpen = false, TimeZone = "Europe/Berlin", Week = Daily(new TimeOnly(9, 0), new TimeOnly(11, 0)) };

    private readonly TagStore _tags = new();

    private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    private BusinessHoursEditing Editing => _tags.Get<BusinessHoursEditing>();

    public ValueTask InitializeAsync() => _tags.InitializeAsync();

    public ValueTask DisposeAsync() => _tags.DisposeAsync();

    [Fact]
    public async Task WhatATagPromisesIsCountedByThem_WhatIsDueAlreadyStays()
    {
        var tag = await _tags.AddAsync("Soon", input => input with { SlaHours = 3 });
        var (_, before) = await _tags.ReceiveAsync("Before");
        await _tags.Tagging.GiveAsync([before], tag, _tags.Anna, Origin, Cancel);
        var due = await TicketAsync(before);
        Assert.Equal(due.LastMessageAt.AddHours(3), due.DueBy);

        Assert.Empty(await Editing.SaveAsync(s_morning, _tags.Anna, Origin, Cancel));
        var (_, after) = await _tags.ReceiveAsync("After");
        await _tags.Tagging.GiveAsync([after], tag, _tags.Anna, Origin, Cancel);

        Assert.Equal(due.DueBy, (await TicketAsync(before)).DueBy);
        var later = await TicketAsync(after);
        Assert.Equal(new DateTimeOffset(2026, 3, 5, 9, 0, 0, TimeSpan.Zero), later.DueBy); // came before it opened: two hours of that day, one of the next, in Berlin
    }

    [Fact]
    public async Task EachChangeIsInTheAuditLog_AndNoneIsNone()
    {
        await Editing.SaveAsync(s_morning, _tags.Anna, Origin, Cancel);
        await Editing.SaveAsync(s_morning with { Holidays = [new DateOnly(2026, 12, 25), new DateOnly(2026, 12, 25)] }, _tags.Anna, Origin, Cancel);
        await Editing.SaveAsync(s_morning with { Holidays = [new DateOnly(2026, 12, 25)] }, _tags.Anna, Origin, Cancel);

        var entries = await _tags.Get<AuditQueries>().PageAsync(new AuditFilter(), 0, 10, Cancel);
        var told = entries.Where(entry => entry.Kind is ActivityKind.BusinessHoursChanged).ToList();
        Assert.Equal(2, told.Count);
        Assert.Contains("2026-12-25", told[0].Changes, StringComparison.Ordinal);
        Assert.Contains("Europe/Berlin", told[1].Changes, StringComparison.Ordinal);
        Assert.Equal(_tags.Store.AgentId, told[0].ActorUserId);
    }

    [Theory]
    [InlineData("Nowhere/Land", "09:00", "11:00", "timeZone")]
    [InlineData("", "09:00", "11:00", "timeZone")]
    [InlineData("Europe/Berlin", "11:00", "09:00", "week")]
    [InlineData("Europe/Berlin", "09:00", "09:00", "week")]
    [InlineData("Europe/Berlin", "09:00", "09:05", "week")] // 35 minutes a week
    public async Task WhatWouldNeverBeDueIsRefused(string zone, string opens, string closes, string field)
    {
        var wanted = s_morning with { TimeZone = zone, Week = Daily(TimeOnly.Parse(opens, null), TimeOnly.Parse(closes, null)) };

        Assert.Equal([field], (await Editing.SaveAsync(wanted, _tags.Anna, Origin, Cancel)).Keys);
        Assert.True((await Editing.FindAsync(Cancel)).IsAlwaysOpen);
    }

    [Fact]
    public async Task ThePageProposesAnOfficesWeek_SavesIt_AndSaysWhatItMeans()
    {
        await using InboxScreen screen = new(_tags.Store, isAdmin: true);
        var page = screen.Render<BusinessHoursPage>();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("[data-always]")));
        Assert.Empty(page.FindAll("[data-day]"));

        await page.InvokeAsync(() => page.Find("[data-always]").Change(false));
        Assert.Equal("Europe/Berlin", page.Find("#hours-zone").GetAttribute("value"));
        Assert.Equal(7, page.FindAll("[data-day]").Count);
        await page.InvokeAsync(() => page.Find("[data-day=Monday] [data-closes]").Change("08:00:00"));
        await page.InvokeAsync(() => page.Find("form").Submit());
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".field-error")));
        await page.InvokeAsync(() => page.Find("[data-day=Monday] [data-closes]").Change("18:30:00"));
        await page.InvokeAsync(() => page.Find("[data-holiday]").Change("2026-12-25"));
        await page.InvokeAsync(() => page.Find("[data-add-holiday]").Click());
        await page.InvokeAsync(() => page.Find("form").Submit());

        page.WaitForAssertion(() => Assert.Contains("within 8 hours is due", page.Find("[data-said]").TextContent, StringComparison.Ordinal));
        var saved = await Editing.FindAsync(Cancel);
        Assert.Equal(("Europe/Berlin", 5, new TimeOnly(18, 30)), (saved.TimeZone, saved.Week.Count, saved.Week[DayOfWeek.Monday].Closes));
        Assert.Equal([new DateOnly(2026, 12, 25)], saved.Holidays);
    }

    private static Dictionary<DayOfWeek, OpenSpan> Daily(TimeOnly opens, TimeOnly closes) => Enum.GetValues<DayOfWeek>().ToDictionary(day => day, _ => new OpenSpan(opens, closes));

    private async Task<TicketSummary> TicketAsync(long ticketId) => Assert.Single(await _tags.Get<TicketQueries>().FindAsync(Reach.All, [ticketId], Cancel));
}
