using System.Globalization;
using System.Net;
using System.Security.Claims;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Web.Api;

namespace Enneo.Web.Identity;

/// <summary>What a session knows besides who it is: its own id, the person's name, and from where the present request came.</summary>
public static class SessionClaims
{
    private const string SessionId = "enneo:session";
    private const string DisplayName = "enneo:name";
    private const string Address = "enneo:address";
    private const string SecurityStamp = "AspNet.Identity.SecurityStamp"; // as ClaimsIdentityOptions has it

    public static string NameOf(ClaimsPrincipal user) => user.FindFirstValue(DisplayName) ?? user.Identity?.Name ?? "";

    /// <exception cref="InvalidOperationException">Nobody is signed in.</exception>
    public static long UserIdOf(ClaimsPrincipal user) =>
        FindUserId(user) ?? throw new InvalidOperationException("Nobody is signed in.");

    /// <summary>The person as the log names them, with the address of their browser.</summary>
    /// <exception cref="InvalidOperationException">Nobody is signed in.</exception>
    public static Actor ActorOf(ClaimsPrincipal user) => Actor.User(UserIdOf(user), user.FindFirstValue(Address)) with { ApiKeyId = ApiClaims.FindKeyId(user) };

    /// <exception cref="InvalidOperationException">Nobody is signed in.</exception>
    internal static string SessionIdOf(ClaimsPrincipal user) =>
        FindSessionId(user) ?? throw new InvalidOperationException("Nobody is signed in.");

    internal static string? FindSessionId(ClaimsPrincipal user) => user.FindFirstValue(SessionId);

    internal static IEnumerable<Claim> For(User user, string sessionId) =>
    [
        new(SessionId, sessionId),
        new(DisplayName, user.DisplayName),
    ];

    /// <summary>A circuit keeps the principal of the request that began it, and so knows from where it is used.</summary>
    internal static void SetAddress(ClaimsPrincipal user, IPAddress? address)
    {
        var identity = (ClaimsIdentity)user.Identity!;
        identity.TryRemoveClaim(identity.FindFirst(Address));
        if (address is not null)
        {
            identity.AddClaim(new Claim(Address, address.ToString()));
        }
    }

    /// <param name="check">Is given the person's id, the security stamp and the session's id.</param>
    internal static async Task<SessionState> CheckAsync(ClaimsPrincipal? user, Func<long, string, string, Task<SessionState>> check) =>
        user is not null
        && FindUserId(user) is { } userId
        && user.FindFirstValue(SecurityStamp) is { } stamp
        && FindSessionId(user) is { } session
            ? await check(userId, stamp, session)
            : SessionState.Ended;

    internal static long? FindUserId(ClaimsPrincipal user) =>
        long.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), CultureInfo.InvariantCulture, out var id) ? id : null;
}
