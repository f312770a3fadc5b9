using System.Globalization;
using System.Security.Claims;
using Enneo.Core.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace Enneo.Web.Identity;

/// <summary>A browser in which the password was right and the second step is still to come. A cookie of ten minutes binds the one to the other.</summary>
public sealed class HalfSignedIn(UserManager<User> users)
{
    public const string Scheme = "Enneo.HalfSignedIn";

    /// <summary>Long enough to find the phone.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public async Task StartAsync(HttpContext context, long userId)
    {
        if (await FindUserAsync(userId) is { SecurityStamp: { } stamp })
        {
            Claim[] claims = [new(ClaimTypes.NameIdentifier, userId.ToString(CultureInfo.InvariantCulture)), new(ClaimTypes.Hash, stamp)];
            await context.SignInAsync(Scheme, new ClaimsPrincipal(new ClaimsIdentity(claims, Scheme)));
        }
    }

    /// <returns>Whose password was right; null when nobody's was, it is too long ago, or it was changed since.</returns>
    public async Task<long?> FindAsync(HttpContext context)
    {
        var ticket = await context.AuthenticateAsync(Scheme);
        return ticket.Principal is { } principal
            && long.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), CultureInfo.InvariantCulture, out var userId)
            && await FindUserAsync(userId) is { SecurityStamp: { } stamp }
            && stamp == principal.FindFirstValue(ClaimTypes.Hash)
                ? userId
                : null;
    }

    public Task EndAsync(HttpContext context) => context.SignOutAsync(Scheme);

    private Task<User?> FindUserAsync(long userId) => users.FindByIdAsync(userId.ToString(CultureInfo.InvariantCulture));
}
