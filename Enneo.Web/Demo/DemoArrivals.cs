using Enneo.Core.Sync;
using Enneo.Web.Demo.Composing;

namespace Enneo.Web.Demo;

/// <summary>Brings a few more mails in while somebody looks, through the same intake as all others. Begins with the first visit.</summary>
internal sealed class DemoArrivals(MailImport import, TimeProvider clock) : BackgroundService
{
    public const string Origin = "demo";

    private readonly TaskCompletionSource _visited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Somebody opened a page.</summary>
    public void Visited() => _visited.TrySetResult();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _visited.Task.WaitAsync(stoppingToken);
        foreach (var (after, conversation) in DemoMails.Arrivals())
        {
            await Task.Delay(after, clock, stoppingToken);
            var mail = new ConversationComposer(conversation, clock).Compose()[^1];
            await import.ReceiveAsync(
                DemoMailboxes.Get(mail.Mailbox).Address, new ImportedMail(mail.Folder, mail.Raw, clock.GetUtcNow(), mail.Seen), stoppingToken);
        }
    }
}
