using System.Globalization;
using System.Security.Claims;
using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;

namespace Enneo.Web.Api;

/// <summary>What is known of who calls: by a key what it says, by a session what the person's role says.</summary>
internal static class ApiClaims
{
    private const string Key = "enneo:key";
    private const string Scopes = "enneo:scopes";
    private const string Limited = "enneo:limited";
    private const ApiScopes OfAgents = ApiScopes.Read | ApiScopes.Write | ApiScopes.Send;

    public static IEnumerable<Claim> Of(ApiCaller caller) =>
    [
        new(ClaimTypes.NameIdentifier, caller.UserId.ToString(CultureInfo.InvariantCulture)),
        new(ClaimTypes.Name, caller.Name),
        new(Key, caller.KeyId.ToString(CultureInfo.InvariantCulture)),
        new(Scopes, ((int)caller.Scopes).ToString(CultureInfo.InvariantCulture)),
        .. caller.IsLimited ? (Claim[])[new(Limited, "")] : [],
    ];

    public static bool IsLimited(ClaimsPrincipal user) => user.HasClaim(claim => claim.Type == Limited);

    /// <returns>Null for a person who is signed in.</returns>
    public static long? FindKeyId(ClaimsPrincipal user) =>
        long.TryParse(user.FindFirstValue(Key), CultureInfo.InvariantCulture, out var id) ? id : null;

    public static ApiScopes ScopesOf(ClaimsPrincipal user) => user switch
    {
        { Identity.IsAuthenticated: not true } => ApiScopes.None,
        _ when FindKeyId(user) is not null => int.TryParse(user.FindFirstValue(Scopes), CultureInfo.InvariantCulture, out var scopes) ? (ApiScopes)scopes : ApiScopes.None,
        _ => user.IsInRole(Roles.Admin) ? OfAgents | ApiScopes.Admin : OfAgents,
    };

    /// <summary>As programs write it.</summary>
    public static string Word(ApiScopes scope) => scope.ToString().ToLowerInvariant();

    /// <returns>Null if one of the words, with commas between, is none.</returns>
    public static ApiScopes? Parse(string words)
    {
        var scopes = ApiScopes.None;
        foreach (var word in words.Split([',', ' ', '|'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (Array.Find(Enum.GetValues<ApiScopes>(), scope => scope is not ApiScopes.None && Word(scope).Equals(word, StringComparison.OrdinalIgnoreCase)) is not (not ApiScopes.None and var scope))
            {
                return null;
            }

            scopes |= scope;
        }

        return scopes;
    }
}
