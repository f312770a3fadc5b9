using Enneo.Core.Identity;
using Enneo.Core.Spam;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Enneo.Web.Spam.Settings;

/// <summary>The ways over which wanted mail comes although DMARC fails. They are made beside such a mail, and taken back here.</summary>
public sealed partial class DmarcExceptionList(DmarcExceptions exceptions, MailboxSpamEditing mailboxes, AuthenticationStateProvider authentication) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<DmarcException> _exceptions = [];
    private Dictionary<long, string> _mailboxes = [];

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

    private async Task LoadAsync() => _exceptions = await exceptions.ListAsync(Reach.All, _closed.Token);

    private async Task RemoveAsync(long id)
    {
        await exceptions.RemoveAsync(id, await Admin.GetAsync(authentication), Admin.Origin, _closed.Token);
        await LoadAsync();
    }
}
