using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Sync;

/// <summary>
/// Bounds how many mailboxes transfer at once, in all and per server. A slot is taken only once
/// connected, so servers that accept and then say nothing hold up nobody.
/// </summary>
public sealed class TransferSlots(IOptions<SyncOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _all = new(options.Value.ConcurrentTransfers);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _perHost = new(StringComparer.OrdinalIgnoreCase);

    public async Task<IDisposable> EnterAsync(string host, CancellationToken cancellationToken)
    {
        var ofHost = _perHost.GetOrAdd(host, _ => new SemaphoreSlim(options.Value.ConcurrentTransfersPerHost));
        await ofHost.WaitAsync(cancellationToken);
        try
        {
            await _all.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            ofHost.Release();
            throw;
        }

        return new Slot(ofHost, _all);
    }

    public void Dispose()
    {
        _all.Dispose();
        foreach (var ofHost in _perHost.Values)
        {
            ofHost.Dispose();
        }
    }

    private sealed class Slot(SemaphoreSlim ofHost, SemaphoreSlim all) : IDisposable
    {
        public void Dispose()
        {
            all.Release();
            ofHost.Release();
        }
    }
}
