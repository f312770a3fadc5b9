using Enneo.Core.Mailboxes;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Mailboxes;

/// <summary>What ailed one mailbox, the newest first.</summary>
public sealed partial class AccountHistory(MailboxOutages outages, BrowserTime time) : ComponentBase, IDisposable
{
    private const int Most = 20;

    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<MailboxFailure> _failures = [];

    [Parameter, EditorRequired]
    public required long MailboxId { get; set; }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync() => _failures = await outages.HistoryAsync(MailboxId, Most, _closed.Token);

    private string When(MailboxFailure failure) => failure.EndedAt is { } end
        ? AccountWords.Text(AccountsText.HistoryPast, time.ForThread(failure.Since), time.ForThread(end), AccountWords.Count(failure.Times))
        : AccountWords.Text(AccountsText.HistoryNow, time.ForThread(failure.Since), AccountWords.Count(failure.Times));
}
