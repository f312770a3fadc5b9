using Enneo.Core.Tickets;
using Enneo.Web.Inbox;

namespace Enneo.Tests.Inbox;

public sealed class TicketWindowTests
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly TicketWindow _window = new(new TicketFilter(null));

    [Fact]
    public void AChangedRowStaysInItsPlace()
    {
        _window.Show([At(3), At(2), At(1)], hasNewer: false, hasOlder: false);

        _window.Apply([2], [At(2) with { UnreadCount = 0, Subject = "Read" }], mayMove: true);

        Assert.Equal([3, 2, 1], Ids());
        Assert.Equal("Read", _window.Rows[1].Subject);
    }

    [Fact]
    public void ATicketWithANewMessageComesToTheTop()
    {
        _window.Show([At(3), At(2), At(1)], hasNewer: false, hasOlder: false);

        _window.Apply([1], [At(1) with { ListedAt = s_start.AddHours(1) }], mayMove: true);

        Assert.Equal([1, 3, 2], Ids());
    }

    [Fact]
    public void NothingMovesUnderThePointer()
    {
        _window.Show([At(3), At(2), At(1)], hasNewer: false, hasOlder: false);

        _window.Apply([1, 2, 9], [At(1) with { ListedAt = s_start.AddHours(1) }, At(9)], mayMove: false);

        Assert.Equal([3, 2, 1], Ids());
        Assert.Equal(2, _window.NewCount);
        Assert.Equal(s_start.AddMinutes(1), _window.Rows[2].ListedAt);

        _window.Release();

        Assert.Equal([1, 9, 3], Ids());
        Assert.False(_window.HasWaiting);
    }

    [Fact]
    public void ATicketThatLeavesTheListGoesAtOnceWhenItMay()
    {
        _window.Show([At(3), At(2)], hasNewer: false, hasOlder: false);

        _window.Apply([2, 3], [], mayMove: true);

        Assert.Empty(_window.Rows);
    }

    [Fact]
    public void ATicketBelowTheWindowWaitsForItsPage()
    {
        _window.Show([At(3), At(2)], hasNewer: false, hasOlder: true);

        _window.Apply([1], [At(1)], mayMove: true);

        Assert.Equal([3, 2], Ids());
        Assert.False(_window.HasWaiting);
    }

    [Fact]
    public void TheListNeverHoldsMoreThanItsLimit()
    {
        var all = Enumerable.Range(1, 1000).Reverse().Select(At).ToList();
        _window.Show(all[..TicketWindow.PageSize], hasNewer: false, hasOlder: true);

        for (var page = 1; page < 20; page++)
        {
            _window.AddOlder(all.GetRange(page * TicketWindow.PageSize, TicketWindow.PageSize));
        }

        Assert.Equal(TicketWindow.MaxRows, _window.Rows.Count);
        Assert.True(_window.HasNewer);
        Assert.Equal(600, _window.Rows[0].Id);

        _window.AddNewer(all.GetRange(350, 50));

        Assert.Equal(TicketWindow.MaxRows, _window.Rows.Count);
        Assert.Equal(650, _window.Rows[0].Id);
        Assert.True(_window.HasOlder);
    }

    [Fact]
    public void APageThatOverlapsAddsOnlyWhatIsMissing()
    {
        _window.Show([At(3), At(2)], hasNewer: false, hasOlder: true);

        _window.AddOlder([At(2), At(1)]);

        Assert.Equal([3, 2, 1], Ids());
        Assert.False(_window.HasOlder);
    }

    private static TicketSummary At(int id) =>
        new(id, 1, $"Ticket {id}", TicketStatus.Open, "Marta", "", 1, 1, false, s_start.AddMinutes(id));

    private IEnumerable<long> Ids() => _window.Rows.Select(row => row.Id);
}
