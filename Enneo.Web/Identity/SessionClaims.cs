using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using Enneo.Core.Identity;

namespace Enneo.Web.Identity;

/// <summary>What a session knows besides who it is: its own id, and the person's name.</summary>
public static class SessionClaims
{
    private const string SessionId = "enneo:session";
    private const string DisplayName = "enneo:name";
    private const string SecurityStamp = "AspNet.Identity.SecurityStamp"; // as ClaimsIdentityOptions has it

    public static string NameOf(ClaimsPrincipal user) => user.FindFirstValue(DisplayName) ?? user.Identity?.Name ?? "";

    /// <exception cref="InvalidOperationException">Nobody is signed in.</exception>
    public static long UserIdOf(ClaimsPrincipal user) =>
        FindUserId(user) ?? throw new InvalidOperationException("Nobody is signed in.");

    internal static string? SessionIdOf(ClaimsPrincipal user) => user.FindFirstValue(SessionId);

    internal static IEnumerable<Claim> NewFor(User user) =>
    [
        new(SessionId, Convert.ToHexString(RandomNumberGenerator.GetBytes(16))),
        new(DisplayName, user.DisplayName),
    ];

    internal static async Task<bool> AreAliveAsync(ClaimsPrincipal? user, Sessions sessions, CancellationToken cancellationToken) =>
        user is not null
        && FindUserId(user) is { } userId
        && user.FindFirstValue(SecurityStamp) is { } stamp
        && SessionIdOf(user) is { } session
        && await sessions.IsAliveAsync(userId, stamp, session, cancellationToken);

    internal static long? FindUserId(ClaimsPrincipal user) =>
        long.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), CultureInfo.InvariantCulture, out var id) ? id : null;
}
