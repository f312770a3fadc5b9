using System.Security.Claims;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.OAuth;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Enneo.Web.Microsoft365;

/// <summary>Takes back who was sent to a provider's login for a mailbox.</summary>
public sealed class AccountReturn(AccountConnecting connecting, MailboxEditing editing, DoneWords words)
{
    /// <returns>To the page that says how it ended.</returns>
    public async Task<RedirectHttpResult> FinishAsync(Callback callback, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var session = user.IsInRole(Roles.Admin) ? SessionClaims.FindSessionId(user) : null;
        var result = await connecting.FinishAsync(callback, session ?? "", cancellationToken);
        var problem = result is { MailboxId: { } mailboxId, Account: { IsUsable: true } account }
            ? await editing.ReconnectAsync(mailboxId, account.Id, SessionClaims.ActorOf(user), Admin.Origin, cancellationToken)
            : null;
        return TypedResults.LocalRedirect(DonePage.AddressOf(result, problem is null ? null : words.Protect(problem)));
    }
}
