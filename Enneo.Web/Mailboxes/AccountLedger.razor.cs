using Enneo.Core.Sync;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Mailboxes;

/// <summary>The ledger of a mailbox in two lines; opened, what became of every message.</summary>
public sealed partial class AccountLedger : ComponentBase
{
    [Parameter, EditorRequired]
    public required MailboxReport Report { get; set; }

    /// <summary>Where its failed mails are listed.</summary>
    [Parameter, EditorRequired]
    public required string FailedLink { get; set; }
}
