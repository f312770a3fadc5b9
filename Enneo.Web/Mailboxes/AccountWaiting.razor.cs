using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Tickets;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Mailboxes;

/// <summary>What waits in a mailbox: collected in shadow mode, or refused by its server; and the way out of shadow mode.</summary>
public sealed partial class AccountWaiting(WaitingChanges waiting) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private ElementReference _title;
    private WaitingInMailbox _waiting = new(new Dictionary<ServerChangeKind, int>(), []);
    private bool _asking;
    private bool _focused;
    private bool _apply;
    private bool _busy;

    [Parameter, EditorRequired]
    public long MailboxId { get; set; }

    [Parameter]
    public bool IsShadow { get; set; }

    /// <summary>Mails that wait to leave.</summary>
    [Parameter]
    public int Answers { get; set; }

    /// <summary>Given whether what was collected goes to the server.</summary>
    [Parameter]
    public EventCallback<bool> OnLive { get; set; }

    [Parameter]
    public EventCallback<IReadOnlyCollection<long>> OnTryAgain { get; set; }

    [Parameter]
    public EventCallback<IReadOnlyCollection<long>> OnUndo { get; set; }

    private List<string> Collected =>
    [
        .. WaitingWords.Would(_waiting),
        .. Answers switch
        {
            0 => [],
            1 => [AccountsText.WouldSendOne],
            var count => new[] { AccountWords.Text(AccountsText.WouldSend, AccountWords.Count(count)) },
        },
    ];

    private List<WaitingChange> Refused => [.. _waiting.First.Where(change => change.Refusal is not null)];

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override Task OnParametersSetAsync() => LoadAsync();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_asking && !_focused)
        {
            _focused = true;
            await _title.FocusAsync();
        }

        _focused &= _asking;
    }

    private static string Subject(WaitingChange change) => change.Subject.Length > 0 ? change.Subject : AccountsText.NoSubject;

    private static string Conversation(WaitingChange change) => Urls.Inbox(null, null, change.TicketId);

    private async Task LoadAsync() => _waiting = await waiting.OfMailboxAsync(Reach.All, MailboxId, _closed.Token);

    private async Task GoLiveAsync()
    {
        _busy = true;
        try
        {
            await OnLive.InvokeAsync(_apply);
            _asking = false;
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task DecideAsync(EventCallback<IReadOnlyCollection<long>> decide, WaitingChange change)
    {
        _busy = true;
        try
        {
            await decide.InvokeAsync([change.Id]);
            await LoadAsync();
        }
        finally
        {
            _busy = false;
        }
    }
}
