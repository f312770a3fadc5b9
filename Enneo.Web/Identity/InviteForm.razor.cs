using Enneo.Core.Identity;
using Enneo.Core.Identity.Invitations;
using Enneo.Core.Mailboxes;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Identity;

/// <summary>Somebody is to be invited: who, as what, and to which mailboxes; all of them unless said otherwise.</summary>
public sealed partial class InviteForm : ComponentBase
{
    private string _email = "";
    private string _name = "";
    private string _role = Roles.Agent;
    private IReadOnlyCollection<long> _chosen = [];

    [Parameter, EditorRequired]
    public required IReadOnlyList<MailboxListing> Mailboxes { get; set; }

    /// <summary>Why nobody was invited.</summary>
    [Parameter]
    public AccountResult? Problem { get; set; }

    [Parameter]
    public bool Busy { get; set; }

    [Parameter]
    public EventCallback<NewInvitation> OnInvite { get; set; }

    protected override void OnInitialized() => _chosen = [.. Mailboxes.Select(mailbox => mailbox.Id)];

    private Task SubmitAsync() => OnInvite.InvokeAsync(new NewInvitation(_email, _name, _role, _role == Roles.Agent ? _chosen : null));
}
