using Enneo.Web.Inbox;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace Enneo.Tests.Inbox;

/// <summary>An action on very many conversations goes step by step and is one for whoever ordered it.</summary>
public sealed class ActionRunTests : IDisposable
{
    private static readonly long[] s_ids = [.. Enumerable.Range(1, 450).Select(id => (long)id)];

    private readonly Toast _toast = new(new FakeTimeProvider());
    private readonly List<string> _said = [];
    private readonly List<int> _undone = [];
    private readonly List<ActionDone> _told = [];

    public ActionRunTests() => _toast.Changed += () => _said.Add(_toast.Words!);

    public void Dispose() => _toast.Dispose();

    [Fact]
    public async Task ItSaysHowFarItIsAndOneUndoTakesAllOfItBack()
    {
        await RunAsync(batch => Outcome.Undoable(batch, () => UndoneAsync(batch)));

        Assert.Equal(["Closed · 200 of 450 so far …", "Closed · 400 of 450 so far …", "Closed · 450 conversations"], _said);
        Assert.Equal(s_ids, Assert.Single(_told).TicketIds);

        await _toast.UndoAsync();

        Assert.Equal([50, 200, 200], _undone); // last things first
        Assert.Equal(["Undone · 50 of 450 so far …", "Undone · 250 of 450 so far …", InboxText.Undone], _said[3..]);
        Assert.Equal(450, _told[1].TicketIds.Count);
    }

    [Fact]
    public async Task WhatCannotBeSavedIsCountedAndTheRestIsDone()
    {
        await RunAsync(batch => batch.Contains(201) ? throw new SqliteException("locked", 5) : Outcome.Undoable(batch, () => UndoneAsync(batch)));

        Assert.Equal("Closed · 250 conversations. 200 could not be changed.", _said[^1]);
        await _toast.UndoAsync();
        Assert.Equal([50, 200], _undone);
    }

    [Fact]
    public async Task WhereNothingCouldBeDoneItSaysWhyAndOffersNoUndo()
    {
        await RunAsync(_ => Outcome.Failed(InboxText.NoSuchFolder));

        Assert.Equal(InboxText.NoSuchFolder, _said[^1]);
        Assert.False(_toast.CanUndo);
        Assert.Empty(_told);
    }

    private Task RunAsync(Func<IReadOnlyCollection<long>, Outcome> act) => new ActionRun(
        _toast,
        "Closed",
        done =>
        {
            _told.Add(done);
            return Task.CompletedTask;
        }).RunAsync(s_ids, batch => Task.FromResult(act(batch)));

    private Task UndoneAsync(IReadOnlyCollection<long> batch)
    {
        _undone.Add(batch.Count);
        return Task.CompletedTask;
    }
}
