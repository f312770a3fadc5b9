using Enneo.Core.Identity;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace Enneo.Web.Identity;

/// <summary>
/// A circuit sees neither cookies expire nor sign-outs in other tabs. This asks again every half
/// minute: whether the password was reset, the account is gone, or the session was ended.
/// </summary>
internal sealed class SessionRevalidation(ILoggerFactory loggerFactory, Sessions sessions, LastSeen lastSeen)
    : RevalidatingServerAuthenticationStateProvider(loggerFactory)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        if (!await SessionClaims.AreAliveAsync(authenticationState.User, sessions, cancellationToken))
        {
            return false;
        }

        await lastSeen.NoteAsync(SessionClaims.UserIdOf(authenticationState.User), cancellationToken);
        return true;
    }
}
