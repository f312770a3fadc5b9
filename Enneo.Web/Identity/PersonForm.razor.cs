using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Identity;

/// <summary>What somebody who is here already may do and see.</summary>
public sealed partial class PersonForm : ComponentBase
{
    private string _role = Roles.Agent;
    private IReadOnlyCollection<long> _chosen = [];

    [Parameter, EditorRequired]
    public required Person Person { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<MailboxListing> Mailboxes { get; set; }

    /// <summary>Why nothing was changed.</summary>
    [Parameter]
    public AccountResult? Problem { get; set; }

    [Parameter]
    public bool Busy { get; set; }

    [Parameter]
    public EventCallback<Change> OnSave { get; set; }

    /// <summary>True to let them sign in again, false to keep them out.</summary>
    [Parameter]
    public EventCallback<bool> OnEnable { get; set; }

    protected override void OnInitialized()
    {
        _role = Person.Role;
        _chosen = [.. Mailboxes.Select(mailbox => mailbox.Id).Where(Person.MailboxIds.Contains)];
    }

    private Task SubmitAsync() => OnSave.InvokeAsync(new Change(_role, _chosen));

    public sealed record Change(string Role, IReadOnlyCollection<long> MailboxIds);
}
