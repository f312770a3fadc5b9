using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Jobs;
using Enneo.Core.Mailboxes;
using Microsoft.Extensions.Hosting;

namespace Enneo.Core.Sync;

/// <summary>Runs a watcher for every mailbox that is to be synced, and a new one whenever its settings change.</summary>
public sealed class IdleWatchers(MailboxSync mailboxes, MailboxQueries queries, IdleWatcher watcher, SteadyWork steady, LiveFeed feed) : BackgroundService
{
    private readonly Dictionary<long, (CancellationTokenSource Stop, Task Watching)> _watches = [];
    private readonly FeedQueue _queue = new();

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _queue.Subscribe(feed, entry => entry.Kind is ActivityKind.MailboxAdded or ActivityKind.MailboxChanged or ActivityKind.MailboxRemoved);
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _queue.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await steady.RunAsync(BeginAsync, stoppingToken);
            await foreach (var entry in _queue.ReadAllAsync(stoppingToken))
            {
                await steady.RunAsync(token => RestartAsync(entry.MailboxId!.Value, token), stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: the watches end below.
        }
        finally
        {
            await Task.WhenAll(_watches.Keys.ToList().ConvertAll(StopAsync));
        }
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        foreach (var mailbox in await queries.ListAsync(Reach.All, cancellationToken))
        {
            await RestartAsync(mailbox.Id, cancellationToken);
        }
    }

    private async Task RestartAsync(long mailboxId, CancellationToken cancellationToken)
    {
        await StopAsync(mailboxId);
        if (await mailboxes.FindAsync(mailboxId, cancellationToken) is { ReceivesByGraph: false } mailbox) // Graph is asked every minute: it would tell of news at a public address only
        {
            var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _watches[mailboxId] = (stop, Task.Run(() => watcher.RunAsync(mailbox, stop.Token), CancellationToken.None));
        }
    }

    private async Task StopAsync(long mailboxId)
    {
        if (!_watches.Remove(mailboxId, out var watch))
        {
            return;
        }

        await watch.Stop.CancelAsync();
        try
        {
            await watch.Watching;
        }
        catch (OperationCanceledException)
        {
            // It was told to stop.
        }

        watch.Stop.Dispose();
    }
}
