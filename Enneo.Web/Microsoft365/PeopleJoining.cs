using System.Security.Cryptography;
using System.Text.Json;
using Enneo.Core.Identity;
using Enneo.Core.Identity.Invitations;
using Enneo.Core.Microsoft365;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.DataProtection;

namespace Enneo.Web.Microsoft365;

/// <summary>
/// Somebody who was invited and came back from Microsoft: kept in their browser, encrypted, until they say that this is who
/// joins. A browser may be signed in there as another person, so nobody is bound before.
/// </summary>
public sealed class PeopleJoining(PeopleSignIn people, InvitationQueries invitations, IDataProtectionProvider protection)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(30);

    private readonly EnneoCookie _cookie = new("-Joining");
    private readonly ITimeLimitedDataProtector _joining = protection.CreateProtector("Enneo.Microsoft365.Joining").ToTimeLimitedDataProtector();
    private readonly IDataProtector _shown = protection.CreateProtector("Enneo.Microsoft365.Joining.Shown");

    /// <param name="invitation">What the link ends with.</param>
    public async Task KeepAsync(HttpContext context, string invitation, MicrosoftPerson person)
    {
        var adminRole = (await people.SettingsForAsync(person, context.RequestAborted)).AdminRole;
        var brief = person with { Roles = [.. person.Roles.Where(role => string.Equals(role, adminRole, StringComparison.OrdinalIgnoreCase))] }; // a cookie is small
        _cookie.AppendResponseCookie(context, "", _joining.Protect(JsonSerializer.Serialize(new Joining(invitation, brief)), s_patience), Options(context));
    }

    /// <returns>Null for whoever did not come back with this invitation, or too long ago.</returns>
    public MicrosoftPerson? Find(HttpContext context, string invitation)
    {
        try
        {
            return _cookie.GetRequestCookie(context, "") is { } kept && JsonSerializer.Deserialize<Joining>(_joining.Unprotect(kept)) is { } joining && joining.Invitation == invitation ? joining.Person : null;
        }
        catch (CryptographicException)
        {
            return null; // too old, or made up
        }
    }

    public void Forget(HttpContext context) => _cookie.DeleteCookie(context, "", Options(context));

    /// <summary>Whom a page shows, and as what, for its form: another tab may have put somebody else into the cookie by the time it is sent.</summary>
    public string Seal(string invitation, MicrosoftPerson person, InvitationRights rights) => _shown.Protect(JsonSerializer.Serialize(new Shown(invitation, person.TenantId, person.ObjectId, rights.Role)));

    /// <returns>Whether the page that was sent showed this person, and as this.</returns>
    public bool IsShown(string? seal, string invitation, MicrosoftPerson person, InvitationRights rights)
    {
        try
        {
            return !string.IsNullOrEmpty(seal) && JsonSerializer.Deserialize<Shown>(_shown.Unprotect(seal)) == new Shown(invitation, person.TenantId, person.ObjectId, rights.Role);
        }
        catch (CryptographicException)
        {
            return false; // made up
        }
    }

    /// <returns>What the person may do here: as they were invited, unless Microsoft says who is an admin; null where the invitation is not open any more, or nobody joins by Microsoft, or by that tenant.</returns>
    public async Task<InvitationRights?> RightsAsync(string invitation, MicrosoftPerson person, CancellationToken cancellationToken)
    {
        if (!await people.TakesAsync(person, cancellationToken))
        {
            return null;
        }

        var rights = await invitations.RightsAsync(invitation, cancellationToken);
        var adminRole = (await people.SettingsForAsync(person, cancellationToken)).AdminRole;
        return rights is null || adminRole.Length == 0 ? rights
            : rights with { Role = person.Roles.Contains(adminRole, StringComparer.OrdinalIgnoreCase) ? Roles.Admin : Roles.Agent };
    }

    private static CookieOptions Options(HttpContext context) => new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, Path = "/", MaxAge = s_patience };

    private sealed record Shown(string Invitation, string TenantId, string ObjectId, string Role);

    private sealed record Joining(string Invitation, MicrosoftPerson Person);
}
