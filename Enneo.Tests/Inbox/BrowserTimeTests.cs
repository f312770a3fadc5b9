using System.Globalization;
using Enneo.Web.Inbox;
using Microsoft.Extensions.Time.Testing;

namespace Enneo.Tests.Inbox;

public sealed class BrowserTimeTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 4, 23, 30, 0, TimeSpan.Zero); // a Wednesday, already Thursday in Berlin

    private readonly BrowserTime _time = new(new FakeTimeProvider(s_now));

    public BrowserTimeTests() => CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

    [Fact]
    public void TellsTheTimeOfTheBrowser()
    {
        Assert.Equal("23:30", _time.ForList(s_now));

        _time.UseZone("Europe/Berlin");

        Assert.Equal("00:30", _time.ForList(s_now));
        Assert.Equal(new DateOnly(2026, 3, 5), _time.Today);
        Assert.Equal("Thursday, 5 March 2026, 00:30", _time.Full(s_now));
    }

    [Theory]
    [InlineData("Nowhere/Nothing")]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    [InlineData(null)]
    public void AnUnknownZoneChangesNothing(string? zone)
    {
        _time.UseZone(zone);

        Assert.Equal("23:30", _time.ForList(s_now));
    }

    [Fact]
    public void IsAsShortAsItCanBe()
    {
        Assert.Equal("23:30", _time.ForList(s_now.AddDays(-1)));
        Assert.Equal("Mon", _time.ForList(s_now.AddDays(-2)));
        Assert.Equal("Tue 23:30", _time.ForThread(s_now.AddDays(-1)));
        Assert.Equal("2 Feb", _time.ForList(s_now.AddDays(-30)));
        Assert.Equal("4 Mar 2025", _time.ForList(s_now.AddDays(-365)));
    }

    [Fact]
    public void HeadsTheDays()
    {
        Assert.Equal(InboxText.Today, _time.Heading(_time.Today));
        Assert.Equal(InboxText.Yesterday, _time.Heading(_time.Today.AddDays(-1)));
        Assert.Equal("Monday", _time.Heading(_time.Today.AddDays(-2)));
        Assert.Equal("22 February", _time.Heading(new DateOnly(2026, 2, 22)));
        Assert.Equal("31 December 2025", _time.Heading(new DateOnly(2025, 12, 31)));
    }
}
