using System.Globalization;
using Enneo.Core.Identity;
using Enneo.Core.Identity.Invitations;
using Enneo.Core.Mailboxes;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Identity;

/// <summary>Who can sign in, and who is invited: role, mailboxes, and when they were here last.</summary>
public sealed partial class PeopleTable : ComponentBase
{
    private const int MostNamed = 3;

    [Parameter, EditorRequired]
    public required IReadOnlyList<Person> People { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<InvitedPerson> Invited { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<MailboxListing> Mailboxes { get; set; }

    [Parameter, EditorRequired]
    public required BrowserTime Time { get; set; }

    /// <summary>The row whose person is open.</summary>
    [Parameter]
    public string? Opened { get; set; }

    private static string RoleWords(string role) => role == Roles.Admin ? IdentityText.RoleAdmin : IdentityText.RoleAgent;

    /// <summary>Such as "Support, Sales", "All mailboxes" or "2 of 7".</summary>
    private string SeesWords(string role, IReadOnlyList<long> mailboxIds)
    {
        var seen = Mailboxes.Where(mailbox => mailboxIds.Contains(mailbox.Id)).Select(mailbox => mailbox.Name).ToList();
        return role == Roles.Admin || (seen.Count == Mailboxes.Count && seen.Count > 0) ? IdentityText.AllMailboxes
            : seen.Count == 0 ? IdentityText.NoMailboxes
            : seen.Count <= MostNamed ? string.Join(", ", seen)
            : string.Format(CultureInfo.CurrentCulture, IdentityText.SomeMailboxes, seen.Count, Mailboxes.Count);
    }
}
