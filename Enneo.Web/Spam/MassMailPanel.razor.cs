using System.Data.Common;
using Enneo.Core.Spam;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Spam;

/// <summary>Above the list of spam: the mass mail in it by whom it is from, since newsletters are sorted sender by sender.</summary>
public sealed partial class MassMailPanel(MassMail massMail, CurrentReach reach, InboxActions actions) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<MassMailSender> _senders = [];
    private (long? MailboxId, IReadOnlyList<long> Shown)? _loaded;
    private int _count;
    private bool _open;

    /// <summary>Null for all mailboxes.</summary>
    [Parameter]
    public long? MailboxId { get; set; }

    /// <summary>The conversations in the list below: when they are others, so may these be.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<long> Shown { get; set; }

    private string CountWords => SpamWords.Words(_count == 1 ? SpamText.OneSender : SpamText.SenderCount, _count);

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_loaded is not { } loaded || loaded.MailboxId != MailboxId || !loaded.Shown.SequenceEqual(Shown))
        {
            _loaded = (MailboxId, Shown);
            await LoadAsync();
        }
    }

    private async Task ToggleAsync()
    {
        _open = !_open;
        await LoadAsync();
    }

    private async Task KeepAsync(MassMailSender sender)
    {
        await actions.SetSenderAsync(sender.TicketId, sender.MailboxId, sender.Address, isTrusted: true);
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        try
        {
            var seen = await reach.NowAsync(_closed.Token);
            _count = await massMail.CountSendersAsync(seen, MailboxId, _closed.Token);
            _senders = _open && _count > 0 ? await massMail.SendersAsync(seen, MailboxId, _closed.Token) : [];
        }
        catch (DbException)
        {
            (_count, _senders) = (0, []); // the list below says what is wrong
        }
    }
}
