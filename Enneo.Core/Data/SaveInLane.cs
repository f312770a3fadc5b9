using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Enneo.Core.Data;

/// <summary>Lets one context's saves wait their turn among the writers. One instance per context.</summary>
internal sealed class SaveInLane(WriterLane lane) : SaveChangesInterceptor
{
    private IDisposable? _pause;

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        _pause = await lane.PauseAsync(cancellationToken);
        return result;
    }

    public override ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        Release();
        return ValueTask.FromResult(result);
    }

    public override Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Release();
        return Task.CompletedTask;
    }

    public override Task SaveChangesCanceledAsync(DbContextEventData eventData, CancellationToken cancellationToken = default)
    {
        Release();
        return Task.CompletedTask;
    }

    private void Release()
    {
        _pause?.Dispose();
        _pause = null;
    }
}
