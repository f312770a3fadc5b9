using Enneo.Web.Inbox;

namespace Enneo.Tests.Inbox;

public sealed class TicketSelectionTests
{
    private static readonly long[] s_shown = [9, 7, 5, 3, 1];

    private readonly TicketSelection _selection = new();

    [Fact]
    public void PickingTwiceLetsGoAgain()
    {
        _selection.Toggle(7, extend: false, s_shown);
        _selection.Toggle(3, extend: false, s_shown);
        _selection.Toggle(7, extend: false, s_shown);

        Assert.Equal([3], Picked());
    }

    [Theory]
    [InlineData(7, 3)]
    [InlineData(3, 7)]
    public void ShiftPicksAllBetween(long from, long to)
    {
        _selection.Toggle(from, extend: false, s_shown);
        _selection.Toggle(to, extend: true, s_shown);

        Assert.Equal([7, 5, 3], Picked());
    }

    [Fact]
    public void AllArePickedAndLetGo()
    {
        _selection.Toggle(7, extend: false, s_shown);
        _selection.ToggleAll(s_shown);
        Assert.Equal(s_shown, Picked());

        _selection.ToggleAll(s_shown);
        Assert.Empty(Picked());
    }

    [Fact]
    public void WhatLeavesTheListIsLetGo()
    {
        _selection.ToggleAll(s_shown);
        _selection.Keep([5, 1], left: []);

        Assert.Equal([5, 1], Picked());
    }

    [Fact]
    public void TheWholeListStaysPickedBeyondWhatIsShownButForWhatLeavesIt()
    {
        _selection.PickWhole([.. s_shown, 100, 101]);
        Assert.True(_selection.IsWhole);

        _selection.Keep(s_shown, left: [100, 5]);
        Assert.Equal(5, _selection.Count);
        Assert.Equal([9, 7, 3, 1], Picked());

        _selection.Clear();
        Assert.False(_selection.IsWhole);
    }

    private IEnumerable<long> Picked() => s_shown.Where(_selection.Contains);
}
