using System.Security.Claims;
using Enneo.Core.Identity;
using Enneo.Web.Identity;

namespace Enneo.Web.Inbox;

/// <summary>Who is reading.</summary>
public sealed record InboxPerson(long Id, bool IsAdmin)
{
    /// <returns>Null when nobody is signed in.</returns>
    public static InboxPerson? From(ClaimsPrincipal user) =>
        user.Identity?.IsAuthenticated is true ? new InboxPerson(SessionClaims.UserIdOf(user), user.IsInRole(Roles.Admin)) : null;
}
