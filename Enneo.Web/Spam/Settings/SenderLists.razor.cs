using Enneo.Core.Identity;
using Enneo.Core.Spam;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Enneo.Web.Spam.Settings;

/// <summary>Senders who are trusted or blocked, in one mailbox or in all.</summary>
public sealed partial class SenderLists(SpamSenders senders, MailboxSpamEditing mailboxes, AuthenticationStateProvider authentication) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<SpamSender> _entries = [];
    private Dictionary<long, string> _mailboxes = [];
    private string _sender = "";
    private string? _problem;
    private long _mailboxId;
    private bool _isTrusted = true;

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        _mailboxes = (await mailboxes.ListAsync(_closed.Token)).ToDictionary(mailbox => mailbox.Id, mailbox => mailbox.Name);
        await LoadAsync();
    }

    private async Task LoadAsync() => _entries = await senders.ListAsync(Reach.All, _closed.Token);

    private async Task AddAsync()
    {
        var isSet = await senders.SetAsync(_sender, _mailboxId > 0 ? _mailboxId : null, _isTrusted, await Admin.GetAsync(authentication), Admin.Origin, _closed.Token);
        (_problem, _sender) = isSet ? (null, "") : (SpamWords.Of(await senders.FindProblemAsync(_sender, _isTrusted, _closed.Token), _sender.Trim()), _sender);
        await LoadAsync();
    }

    private async Task RemoveAsync(long id)
    {
        await senders.RemoveAsync(id, await Admin.GetAsync(authentication), Admin.Origin, _closed.Token);
        await LoadAsync();
    }
}
